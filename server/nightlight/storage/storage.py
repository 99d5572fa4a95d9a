"""The whole storage, opened once: one store for each thing that is kept, and the rule of how long it is kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from sqlalchemy import delete, select

from nightlight.storage.adapter import AdapterStore
from nightlight.storage.alert import AlertStore
from nightlight.storage.contact import ContactStore
from nightlight.storage.database import Database
from nightlight.storage.pairing import PairingStore
from nightlight.storage.setting import SettingStore
from nightlight.storage.table import AdapterRow, AlertRow, ContactRow, HelperRow, LedgerRow

RETENTION: Final = timedelta(days=90)


@dataclass(frozen=True)
class RunningHelper:
    """The helper that serves this folder, or served it and was cut off without a word."""

    port: int
    pid: int


class Storage:
    """An open data folder. Close it, or use it in a `with`."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        """Open `folder`; see `Database` for what can go wrong."""
        self._database = Database(folder, create=create)
        self.folder = folder
        self.settings = SettingStore(self._database)
        self.pairings = PairingStore(self._database)
        self.contacts = ContactStore(self._database)
        self.alerts = AlertStore(self._database)
        self.adapters = AdapterStore(self._database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    @property
    def cursor_key(self) -> bytes:
        """The key for the hash of a contact's last counted message, so that cursors last over restarts."""
        return self._database.derive_key("cursor")

    def forget_old(self, now: datetime) -> None:
        """Delete what is older than 90 days: ledger days, contacts not seen since, alerts, adapter counts."""
        first_at = now - RETENTION
        first_day = first_at.date()
        with self._database.writing() as session:
            session.execute(delete(LedgerRow).where(LedgerRow.day < first_day))
            session.execute(delete(ContactRow).where(ContactRow.seen_on < first_day))
            session.execute(delete(AlertRow).where(AlertRow.at < first_at))
            session.execute(delete(AdapterRow).where(AdapterRow.day < first_day))

    def helper_started(self, port: int, now: datetime) -> None:
        """Note that this process serves the folder on `port`."""
        with self._database.writing() as session:
            session.execute(delete(HelperRow))
            session.add(HelperRow(id=1, port=port, pid=os.getpid(), started_at=now))

    def helper_stopped(self) -> None:
        """Take the note of this process away."""
        with self._database.writing() as session:
            session.execute(delete(HelperRow).where(HelperRow.pid == os.getpid()))

    def helper(self) -> RunningHelper | None:
        """The helper that was noted last and has not said that it stopped."""
        with self._database.reading() as session:
            row = session.scalars(select(HelperRow)).first()
            return None if row is None else RunningHelper(port=row.port, pid=row.pid)
