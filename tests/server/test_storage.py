"""The storage by itself: what is kept, for how long, how privately, and what happens to a file that is not ours."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import inspect

from nightlight.storage import Storage, StorageError, data_folder
from nightlight.storage.alert import Alert
from nightlight.storage.database import SCHEMA_VERSION
from nightlight.storage.pairing import WindowClosedError, WindowState, WrongCodeError
from nightlight.storage.setting import Settings
from nightlight.storage.table import Table
from nightlight.tactic import Tactic
from nightlight.warning import ContactState
from tests.server.running import CHROME, FIREFOX

NOW = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_columns_are_these_and_no_more() -> None:
    """Whoever adds a column comes by here and says why it can hold no text of a chat."""
    columns = {name: set(table.columns.keys()) for name, table in Table.metadata.tables.items()}
    assert columns == {
        "schema_version": {"id", "version"},
        "install_secret": {"id", "secret"},
        "setting": {"name", "value"},
        "pairing": {"id", "token_hash", "proof_key", "origin", "created_at", "contacted_at"},
        "pairing_window": {"id", "state", "salt", "code_hash", "expires_at", "tries"},
        "contact": {"key", "cursor", "known", "warned_at", "warned_level", "seen_on"},
        "ledger": {"contact", "day", "tactic", "count"},
        "alert": {"id", "at", "site", "level", "tactics", "contact"},
        "adapter": {"site", "state", "day", "count", "last_at"},
        "helper": {"id", "port", "pid", "started_at"},
    }


# The file


@pytest.mark.skipif(os.name == "nt", reason="mode bits")
def test_folder_and_file_are_private(folder: Path) -> None:
    before = os.umask(0)
    try:
        with Storage(folder) as storage:
            storage.settings.write(Settings())
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="mode bits")
def test_a_folder_that_others_opened_is_closed_again_and_a_shared_one_is_left(tmp_path: Path) -> None:
    own, shared = tmp_path / "own", tmp_path / "shared"
    Storage(own).close()
    own.chmod(0o755)
    (own / "nightlight.sqlite3").chmod(0o644)
    shared.mkdir(mode=0o755)
    (shared / "letter.txt").write_text("of somebody")
    shared.chmod(0o755)
    Storage(own).close()
    Storage(shared).close()
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    assert stat.S_IMODE((own / "nightlight.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / "nightlight.sqlite3").stat().st_mode) == 0o600


def test_write_ahead_and_full_for_alerts(folder: Path) -> None:
    with Storage(folder) as storage:
        database = storage._database
        with database.writing() as session:
            assert session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 1
            assert session.connection().exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        with database.writing(durable=True) as session:
            assert session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_newer_file_is_refused_and_left_alone(folder: Path) -> None:
    Storage(folder).close()
    with closing(sqlite3.connect(folder / "nightlight.sqlite3")) as database, database:
        database.execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION + 1,))
    with pytest.raises(StorageError, match="newer Nightlight"):
        Storage(folder)
    with closing(sqlite3.connect(folder / "nightlight.sqlite3")) as database:
        assert database.execute("SELECT version FROM schema_version").fetchall() == [(SCHEMA_VERSION + 1,)]


@pytest.mark.parametrize("content", [b"this is a letter, not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_told(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "nightlight.sqlite3").write_bytes(content)
    with pytest.raises(StorageError, match="cannot be read as Nightlight's data"):
        Storage(folder)
    assert (folder / "nightlight.sqlite3").read_bytes() == content


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        Storage(tmp_path / "file" / "data")


def test_nothing_is_made_where_nothing_should_be(folder: Path) -> None:
    with pytest.raises(StorageError, match="nightlight serve"):
        Storage(folder, create=False)
    assert not folder.exists()


def test_the_tables_in_the_file_are_the_tables_here(folder: Path) -> None:
    with Storage(folder) as storage:
        assert set(inspect(storage._database._engine).get_table_names()) == set(Table.metadata.tables)


def _open(folder: Path) -> str:
    with Storage(folder) as storage:
        return storage.contacts.key("same")


def test_processes_that_start_together_share_one_secret(folder: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert len(set(pool.map(_open, [folder] * 6))) == 1


def test_where_the_data_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NIGHTLIGHT_DATA", str(tmp_path / "env"))
    assert data_folder() == tmp_path / "env"
    assert data_folder(tmp_path / "option") == tmp_path / "option"
    monkeypatch.delenv("NIGHTLIGHT_DATA")
    assert data_folder().name == "nightlight"


# Pairings


def test_windows_end_in_each_way(folder: Path) -> None:
    with Storage(folder) as storage:
        pairings = storage.pairings
        assert not pairings.has_open_window(NOW)
        with pytest.raises(WindowClosedError):
            pairings.pair("123456", CHROME, NOW)
        first = pairings.open_window("123456", NOW)
        assert pairings.has_open_window(NOW + timedelta(seconds=119))
        assert not pairings.has_open_window(NOW + timedelta(seconds=120))
        assert pairings.window_state(first, NOW + timedelta(seconds=120)) is WindowState.EXPIRED
        second = pairings.open_window("654321", NOW)
        assert pairings.window_state(first, NOW) is WindowState.REPLACED
        for _ in range(5):
            assert pairings.window_state(second, NOW) is WindowState.OPEN
            with pytest.raises(WrongCodeError):
                pairings.pair("123456", CHROME, NOW)
        assert pairings.window_state(second, NOW) is WindowState.CLOSED
        third = pairings.open_window("111111", NOW)
        pairings.pair("111111", CHROME, NOW)
        assert pairings.window_state(third, NOW) is WindowState.PAIRED
        pairings.close_window(third)
        assert pairings.window_state(third, NOW) is WindowState.PAIRED


def test_tokens_belong_to_their_origin(folder: Path) -> None:
    with Storage(folder) as storage:
        made = {}
        for origin in (CHROME, FIREFOX):
            storage.pairings.open_window("123456", NOW)
            made[origin] = storage.pairings.pair("123456", origin, NOW)
        for origin, credentials in made.items():
            other = next(each for each in made if each != origin)
            found = storage.pairings.authenticate(credentials.token, origin)
            assert found is not None
            assert (found.id, found.origin) == (credentials.pairing, origin)
            assert storage.pairings.authenticate(credentials.token, other) is None
            assert storage.pairings.authenticate(credentials.token + "x", origin) is None
        assert storage.pairings.forget_all() == 2
        assert storage.pairings.authenticate(made[CHROME].token, CHROME) is None


def test_contact_is_noted_now_and_then(folder: Path) -> None:
    with Storage(folder) as storage:
        storage.pairings.open_window("123456", NOW)
        storage.pairings.pair("123456", CHROME, NOW)

        def touched(after: timedelta) -> timedelta:
            storage.pairings.touch(storage.pairings.list()[0], NOW + after)
            return storage.pairings.list()[0].contacted_at - NOW

        assert touched(timedelta(seconds=5)) == timedelta(0)
        assert touched(timedelta(seconds=31)) == timedelta(seconds=31)
        # A clock that was set back is believed, else the extension would seem to come from the future for long.
        assert touched(timedelta(days=-1)) == timedelta(days=-1)


# Contacts


def state(**counts: int) -> ContactState:
    return ContactState(counts={Tactic(name): count for name, count in counts.items()}, cursor="abc")


def test_a_contact_comes_back_as_it_was(folder: Path) -> None:
    kept = ContactState(counts={Tactic.SECRECY: 2, Tactic.GIFTS: 1}, cursor="abc", warned_at=NOW, warned_level="nudge")
    with Storage(folder) as storage:
        key = storage.contacts.key("c")
        assert storage.contacts.load(key) == ContactState()
        storage.contacts.save(key, ContactState(), kept, NOW)
    with Storage(folder) as storage:
        assert storage.contacts.load(key) == kept
        storage.contacts.set_known(key, True, NOW)
        # The child's word is not undone by a judgement that began before it.
        storage.contacts.save(key, kept, ContactState(counts=kept.counts, cursor="abd"), NOW)
        assert storage.contacts.load(key).known is True


def test_counts_are_kept_by_day(folder: Path) -> None:
    with Storage(folder) as storage:
        key = storage.contacts.key("c")
        states = [ContactState(), state(secrecy=1), state(secrecy=3, gifts=1), state(secrecy=3, gifts=2)]
        for day, (before, after) in enumerate(pairwise(states)):
            storage.contacts.save(key, before, after, NOW + DAY * day)
        assert storage.contacts.load(key).counts == {Tactic.SECRECY: 3, Tactic.GIFTS: 2}
    with closing(sqlite3.connect(folder / "nightlight.sqlite3")) as database:
        rows = database.execute("SELECT day, tactic, count FROM ledger ORDER BY day, tactic").fetchall()
    assert rows == [
        ("2026-05-01", "secrecy", 1),
        ("2026-05-02", "gifts", 1),
        ("2026-05-02", "secrecy", 2),
        ("2026-05-03", "gifts", 1),
    ]


def test_names_are_keyed(folder: Path, tmp_path: Path) -> None:
    with Storage(folder) as here, Storage(tmp_path / "other") as there:
        assert here.contacts.key("c") == here.contacts.key("c") != there.contacts.key("c")
        assert here.contacts.key("c") != here.contacts.key("d")
        assert len(here.contacts.key("c")) == 64
        assert here.cursor_key != there.cursor_key


# What is forgotten


def test_nothing_is_kept_longer_than_90_days(folder: Path) -> None:
    with Storage(folder) as storage:
        old, recent = storage.contacts.key("old"), storage.contacts.key("recent")
        long = storage.contacts.key("long")
        storage.contacts.save(old, ContactState(), state(gifts=1), NOW)
        storage.contacts.save(long, ContactState(), state(gifts=4), NOW)
        storage.contacts.save(long, state(gifts=4), state(gifts=5), NOW + DAY * 60)
        storage.contacts.save(recent, ContactState(), state(gifts=1), NOW + DAY * 80)
        for day, key in ((0, old), (80, recent)):
            storage.alerts.add(Alert(NOW + DAY * day, "a.example", "nudge", {"gifts": 0.9}, key))
            storage.adapters.count("a.example", "ok", NOW + DAY * day)
        storage.forget_old(NOW + DAY * 90)
        assert storage.contacts.load(old).counts == {Tactic.GIFTS: 1}
        storage.forget_old(NOW + DAY * 91)
        assert storage.contacts.load(old) == ContactState()
        assert storage.contacts.load(long).counts == {Tactic.GIFTS: 1}
        assert storage.contacts.load(recent).counts == {Tactic.GIFTS: 1}
        assert [alert.contact for alert in storage.alerts.list()] == [recent]
        assert [count.day for count in storage.adapters.list()] == [(NOW + DAY * 80).date()]


def test_what_is_forgotten_leaves_no_bytes(folder: Path) -> None:
    with Storage(folder) as storage:
        storage.alerts.add(Alert(NOW, "remember.example", "nudge", {}, "k"))
    assert b"remember.example" in (folder / "nightlight.sqlite3").read_bytes()
    with Storage(folder) as storage:
        storage.forget_old(NOW + DAY * 91)
    assert b"remember.example" not in (folder / "nightlight.sqlite3").read_bytes()


# Settings


def test_settings_come_back(folder: Path) -> None:
    with Storage(folder) as storage:
        assert storage.settings.read() == Settings(sensitivity="medium", country=None, language=None, cooldown=None)
        chosen = Settings(sensitivity="low", country="BE", language="nl", cooldown=timedelta(hours=3))
        storage.settings.write(chosen)
        assert storage.settings.read() == chosen
        storage.settings.write(Settings())
        assert storage.settings.read() == Settings()


def test_a_setting_of_another_version_is_left_out(folder: Path) -> None:
    Storage(folder).close()
    with closing(sqlite3.connect(folder / "nightlight.sqlite3")) as database, database:
        rows = [("sensitivity", "extreme"), ("cooldown", "soon"), ("country", "LT"), ("colour", "blue")]
        database.executemany("INSERT INTO setting VALUES (?, ?)", rows)
    with Storage(folder) as storage:
        assert storage.settings.read() == Settings(country="LT")


def test_alerts_hold_numbers(folder: Path) -> None:
    with Storage(folder) as storage:
        storage.alerts.add(Alert(NOW, "a.example", "urgent", {"meeting": 0.987654321}, "key"))
        assert storage.alerts.list() == [Alert(NOW, "a.example", "urgent", {"meeting": 0.9877}, "key")]
