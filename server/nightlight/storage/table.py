"""The tables, as SQLAlchemy classes. Columns and their meaning only; how they are read and written is told elsewhere.

No column here may hold text of a chat. `tests/server/test_storage.py` fails when a table or column is added unseen.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """A moment: aware in Python, kept as UTC without a zone, since SQLite has no type for moments."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into naive UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn naive UTC back into an aware moment."""
        return None if value is None else value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map = {datetime: Utc}  # noqa: RUF012  SQLAlchemy reads it as a plain class attribute


class SchemaVersion(Table):
    """One row: the version of these tables that the file was written with."""

    __tablename__ = "schema_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]


class InstallSecret(Table):
    """One row: 32 random bytes from which this computer's keys are derived. They never leave the file."""

    __tablename__ = "install_secret"
    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[bytes]


class SettingRow(Table):
    """A setting that was changed from its default."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class PairingRow(Table):
    """A paired extension. Of its token only the SHA-256 is kept; the proof key is needed as it is."""

    __tablename__ = "pairing"
    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes]
    proof_key: Mapped[bytes]
    origin: Mapped[str]
    created_at: Mapped[datetime]
    contacted_at: Mapped[datetime]


class PairingWindowRow(Table):
    """At most one row: the last window in which an extension could pair. The code is kept salted and hashed."""

    __tablename__ = "pairing_window"
    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    salt: Mapped[bytes]
    code_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    tries: Mapped[int]


class ContactRow(Table):
    """What is remembered of a contact. `cursor` is a keyed hash too: it marks the last message already counted."""

    __tablename__ = "contact"
    key: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str | None]
    known: Mapped[bool]
    warned_at: Mapped[datetime | None]
    warned_level: Mapped[str | None]
    seen_on: Mapped[date] = mapped_column(index=True)


class LedgerRow(Table):
    """How often a contact showed a tactic on a day."""

    __tablename__ = "ledger"
    contact: Mapped[str] = mapped_column(ForeignKey("contact.key", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    tactic: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class AlertRow(Table):
    """A hint that was shown: when, where, how serious, the tactics with scores as JSON. Never what was said."""

    __tablename__ = "alert"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    site: Mapped[str]
    level: Mapped[str]
    tactics: Mapped[str]
    contact: Mapped[str] = mapped_column(index=True)


class AdapterRow(Table):
    """How often on a day the extension told that it could, or could not, read a site."""

    __tablename__ = "adapter"
    site: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    count: Mapped[int]
    last_at: Mapped[datetime]


class HelperRow(Table):
    """At most one row: the helper that serves this folder now, so that other commands find its port."""

    __tablename__ = "helper"
    id: Mapped[int] = mapped_column(primary_key=True)
    port: Mapped[int]
    pid: Mapped[int]
    started_at: Mapped[datetime]
