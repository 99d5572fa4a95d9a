"""The ledger: what is remembered of a contact over weeks. Counts of tactics per day, dates, and no text.

A contact's name comes from the extension as a hash already; it is keyed once more with this computer's secret, so that
nobody can tell from the file whether a name they guess is in it.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from nightlight.storage.database import Database
from nightlight.storage.table import ContactRow, LedgerRow
from nightlight.tactic import TACTICS, Tactic

if TYPE_CHECKING:
    from nightlight.warning import ContactState


class ContactStore:
    """Loads and keeps the state that the warning policy has of each contact."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key = database.derive_key("contact")

    def key(self, conversation: str) -> str:
        """The contact key of a conversation: HMAC-SHA256 under a key of this computer, in hexadecimal."""
        return hmac.digest(self._key, conversation.encode(), "sha256").hex()

    def load(self, key: str) -> ContactState:
        """What is known of a contact; an empty state for a new one. `counts` are those of all days that are kept."""
        # Imported late: it brings the model's libraries, which `nightlight pair` and `doctor` have no use for.
        from nightlight.warning import ContactState  # noqa: PLC0415

        with self._database.reading() as session:
            row = session.get(ContactRow, key)
            if row is None:
                return ContactState()
            total = func.sum(LedgerRow.count)
            counts = session.execute(select(LedgerRow.tactic, total).where(LedgerRow.contact == key).group_by(LedgerRow.tactic))
            return ContactState(
                counts={Tactic(tactic): int(count) for tactic, count in counts if tactic in TACTICS},
                cursor=row.cursor,
                known=row.known,
                warned_at=row.warned_at,
                warned_level=row.warned_level,
            )

    def save(self, key: str, before: ContactState, after: ContactState, now: datetime) -> None:
        """Keep a contact's new state; what its counts grew by since `before` is counted for today.

        Nothing is written where nothing changed. `known` is the child's word and is changed by `set_known` alone.
        """
        if before == after:
            return
        grown = {tactic: count - before.counts.get(tactic, 0) for tactic, count in after.counts.items()}
        with self._database.writing() as session:
            _upsert(
                session,
                key,
                now,
                cursor=after.cursor,
                warned_at=after.warned_at,
                warned_level=None if after.warned_level is None else str(after.warned_level),
            )
            for tactic, count in grown.items():
                if count > 0:
                    row = insert(LedgerRow).values(contact=key, day=now.date(), tactic=str(tactic), count=count)
                    session.execute(
                        row.on_conflict_do_update(
                            index_elements=["contact", "day", "tactic"], set_={"count": LedgerRow.count + count}
                        )
                    )

    def set_known(self, key: str, known: bool, now: datetime) -> None:
        """Remember that the child knows this person, or take it back."""
        with self._database.writing(durable=True) as session:
            _upsert(session, key, now, known=known)


def _upsert(session: Session, key: str, now: datetime, **values: object) -> None:
    """Change the given columns of a contact, making its row where there is none yet."""
    fresh = {"cursor": None, "known": False, "warned_at": None, "warned_level": None}
    changed = {**values, "seen_on": now.date()}
    row = insert(ContactRow).values(key=key, **{**fresh, **changed})
    session.execute(row.on_conflict_do_update(index_elements=["key"], set_=changed))
