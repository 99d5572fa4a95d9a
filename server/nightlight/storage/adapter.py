"""The health of site adapters: how often the extension could read a site, and how often not. Counts per day only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from nightlight.storage.database import Database
from nightlight.storage.table import AdapterRow


@dataclass(frozen=True)
class AdapterCount:
    """How often `state` (loading, signed_out, no_chat, ok, degraded, broken) was reported for `site` on `day`.

    The last report came at `last_at`.
    """

    site: str
    state: str
    day: date
    count: int
    last_at: datetime


class AdapterStore:
    """Counts reports of the extension about the sites it reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, site: str, state: str, now: datetime) -> None:
        """Count one report."""
        row = insert(AdapterRow).values(site=site, state=state, day=now.date(), count=1, last_at=now)
        with self._database.writing() as session:
            session.execute(
                row.on_conflict_do_update(
                    index_elements=["site", "state", "day"], set_={"count": AdapterRow.count + 1, "last_at": now}
                )
            )

    def list(self) -> Sequence[AdapterCount]:
        """All counts, the newest report first."""
        with self._database.reading() as session:
            return [
                AdapterCount(site=row.site, state=row.state, day=row.day, count=row.count, last_at=row.last_at)
                for row in session.scalars(select(AdapterRow).order_by(AdapterRow.last_at.desc()))
            ]
