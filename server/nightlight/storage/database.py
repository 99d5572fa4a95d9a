"""The SQLite file itself: opening it, its pragmas, transactions and schema version. It knows no row's meaning."""

from __future__ import annotations

import hmac
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, event, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from nightlight.storage import folder as folders
from nightlight.storage.table import InstallSecret, SchemaVersion, Table

SCHEMA_VERSION: Final = 1

#: How a transaction begins. Writers take the lock at once, so that two processes never deadlock half-way.
READ: Final = "DEFERRED"
WRITE: Final = "IMMEDIATE"

#: How long another process may take to make the file.
_SWITCH_SECONDS: Final = 5.0


class StorageError(Exception):
    """The data folder cannot be used; the message tells a person why and what to do."""


class Database:
    """An open data folder. Sessions may be used from any thread, each from one thread at a time."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        """Open the database in `folder`, making both where `create` says so.

        Raises StorageError where the folder cannot be written, the file is damaged, or a newer Nightlight wrote it.
        """
        self.folder = folder
        try:
            if create:
                self.file = folders.prepare(folder)
            else:
                self.file = folders.database_file(folder)
                if not self.file.is_file():
                    raise StorageError(f"There is no data in {folder} yet. Start the helper once: nightlight serve")
        except OSError as error:
            raise StorageError(f"The data folder {folder} cannot be used: {error.strerror or error}.") from error
        # hide_parameters: an error of SQLAlchemy's would otherwise repeat the values of the statement.
        self._engine = create_engine(f"sqlite:///{self.file}", hide_parameters=True, pool_size=4)
        event.listen(self._engine, "connect", _on_connect)
        event.listen(self._engine, "begin", _on_begin)
        self._write_engine = self._engine.execution_options(transaction=WRITE)
        self._durable_engine = self._engine.execution_options(transaction=WRITE, synchronous="FULL")
        try:
            self._check_schema()
            with self.reading() as session:
                self._secret = session.scalars(select(InstallSecret.secret)).one()
        except DatabaseError as error:
            self.close()
            raise StorageError(
                f"{self.file} cannot be read as Nightlight's data ({error.orig}). "
                "Move it away, start again, and pair the browser anew."
            ) from error
        except StorageError:
            self.close()
            raise

    def derive_key(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, from this computer's secret; the same each time (HMAC-SHA256 as a PRF)."""
        return hmac.digest(self._secret, purpose.encode(), "sha256")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads one consistent state and never waits for a writer."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Session]:
        """A session that is committed at the end, or undone on an error. `durable` outlives a power cut."""
        engine = self._durable_engine if durable else self._write_engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give all connections back; SQLite then folds its write-ahead log into the file."""
        self._engine.dispose()

    def _check_schema(self) -> None:
        with self._engine.connect() as connection:
            fresh = not _has_schema(connection)
        if fresh:
            with self.writing(durable=True) as session:
                # Asked again under the lock: another process may have been faster.
                if not _has_schema(session.connection()):
                    Table.metadata.create_all(session.connection())
                    session.add(SchemaVersion(id=1, version=SCHEMA_VERSION))
                    session.add(InstallSecret(id=1, secret=secrets.token_bytes(32)))
        with self.reading() as session:
            version = session.scalars(select(SchemaVersion.version)).one()
        if version > SCHEMA_VERSION:
            raise StorageError(
                f"{self.file} was written by a newer Nightlight (data version {version}; this one knows "
                f"{SCHEMA_VERSION}). Update Nightlight, or choose another folder with --data."
            )


def _has_schema(connection: Connection) -> bool:
    found = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'"))
    return found.first() is not None


def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # Python's sqlite3 would begin transactions by itself, later than they should begin; `_on_begin` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 5000")
    _switch_to_wal(cursor)  # only here, outside any transaction, does it have an effect
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what is forgotten leaves no bytes behind
    cursor.execute("PRAGMA temp_store = MEMORY")  # no temporary file outside the private folder
    cursor.close()


def _switch_to_wal(cursor: DBAPICursor) -> None:
    """Write-ahead logging. The switch does not wait for another process that makes the same file, so it is tried again."""
    until = time.monotonic() + _SWITCH_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    transaction = options.get("transaction", READ)
    if transaction == WRITE:
        # NORMAL cannot damage the file, but a power cut may take the last moment; alerts are written with FULL.
        connection.exec_driver_sql(f"PRAGMA synchronous = {options.get('synchronous', 'NORMAL')}")
    connection.exec_driver_sql(f"BEGIN {transaction}")
