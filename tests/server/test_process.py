"""The helper as a process: how it starts, where it listens, what it says of a taken port, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

import nightlight as package
from nightlight.model.bundle import SHIPPED
from nightlight.storage.alert import Alert
from tests.server.running import NIGHTLIGHT, Helper, chat, environment, nightlight


def test_starts_and_says_where(helper: Helper) -> None:
    assert helper.first_line.startswith(f"Nightlight {package.__version__} answers on http://127.0.0.1:{helper.port}.")


def test_listens_on_loopback_only(helper: Helper) -> None:
    listening = [each for each in psutil.Process(helper.process.pid).net_connections("all") if each.status == "LISTEN"]
    assert [(each.laddr.ip, each.laddr.port) for each in listening] == [("127.0.0.1", helper.port)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(start: Callable[..., Helper], number: signal.Signals) -> None:
    running = start()
    assert running.client.get("/health").status_code == 200
    assert running.stop(number) == 0
    assert "Traceback" not in running.log.read_text()
    # The write-ahead log is folded into the file, and nothing of it stays.
    assert [path.name for path in running.data.iterdir()] == ["nightlight.sqlite3"]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", running.port)) != 0


@pytest.mark.parametrize("after", [0.15, 0.3, 0.45, 0.6, 0.75])
def test_a_signal_during_the_start_ends_it_too(after: float, tmp_path: Path) -> None:
    starting = subprocess.Popen(
        [*NIGHTLIGHT, "serve", "--port", "0", "--data", str(tmp_path / "data")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    time.sleep(after)
    starting.send_signal(signal.SIGTERM)
    _, err = starting.communicate(timeout=20)
    assert b"Traceback" not in err
    # Before Python got as far as our first line, the signal itself ends it.
    assert starting.returncode in (0, -signal.SIGTERM)


def test_starts_again_on_the_same_port_at_once(start: Callable[..., Helper]) -> None:
    first = start()
    first.client.get("/health")
    first.stop()
    assert start(port=first.port).client.get("/health").status_code == 200


def test_port_taken_by_nightlight(helper: Helper, tmp_path: Path) -> None:
    done = nightlight("serve", "--port", str(helper.port), "--data", tmp_path / "data")
    assert done.returncode == 1
    said = done.stderr.decode()
    assert f"Port {helper.port} is taken: Nightlight {package.__version__} is running there already" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()


@contextmanager
def other_program(answer: bytes) -> Iterator[int]:
    """A program on a free port that is not Nightlight and answers everything with `answer`, or with silence."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    if answer:
                        connection.sendall(answer)
                    else:
                        time.sleep(4)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"220 mail\r\n",
        b"",
    ],
    ids=["html", "json", "mail", "silence"],
)
def test_port_taken_by_something_else(answer: bytes, tmp_path: Path) -> None:
    with other_program(answer) as port:
        done = nightlight("serve", "--port", str(port), "--data", tmp_path / "data")
    assert done.returncode == 1
    said = done.stderr.decode()
    assert f"Port {port} is taken by another program, which is not Nightlight" in said
    assert "Traceback" not in said


def test_a_folder_of_a_newer_version_is_refused(start: Callable[..., Helper]) -> None:
    old = start()
    old.stop()
    with closing(sqlite3.connect(old.data / "nightlight.sqlite3")) as database, database:
        database.execute("UPDATE schema_version SET version = 99")
    done = nightlight("serve", "--port", "0", "--data", old.data)
    assert done.returncode == 1
    assert b"written by a newer Nightlight" in done.stderr
    assert b"Traceback" not in done.stderr


def test_what_is_old_is_forgotten_at_the_start(start: Callable[..., Helper]) -> None:
    first = start()
    first.stop()
    now = datetime.now(UTC)
    with first.storage() as storage:
        for age in (1, 89, 92):
            storage.alerts.add(Alert(now - timedelta(days=age), "a.example", "nudge", {}, f"{age} days"))
    running = start()
    with running.storage() as storage:
        assert [alert.contact for alert in storage.alerts.list()] == ["1 days", "89 days"]


def test_what_was_begun_is_finished_before_the_end(start: Callable[..., Helper]) -> None:
    running = start()
    extension = running.pair()
    body = chat(*(f"{number} " + "what did you do after school today " * 25 for number in range(50)))
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(extension.post("assess", body).status_code))
    thread.start()
    time.sleep(0.05)
    running.process.send_signal(signal.SIGTERM)
    thread.join(timeout=20)
    assert running.stop() == 0
    assert answers == [200]


def test_a_changed_bundle_is_refused_by_name(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(os.environ.get("NIGHTLIGHT_BUNDLE", SHIPPED), bundle)
    with (bundle / "encoder.onnx").open("ab") as file:
        file.write(b"more")
    done = nightlight("serve", "--port", "0", "--data", tmp_path / "data", "--bundle", bundle)
    assert done.returncode == 1
    assert b"encoder.onnx" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="mode bits")
def test_what_it_keeps_is_private(helper: Helper) -> None:
    helper.pair().post("unpair")
    assert stat.S_IMODE(helper.data.stat().st_mode) == 0o700
    files = list(helper.data.iterdir())
    assert {path.name for path in files} == {"nightlight.sqlite3", "nightlight.sqlite3-wal", "nightlight.sqlite3-shm"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="limits can be asked for on Linux")
def test_a_crash_would_write_no_memory_to_disk(helper: Helper) -> None:
    assert psutil.Process(helper.process.pid).rlimit(psutil.RLIMIT_CORE)[0] == 0


def test_health_answers_while_the_helper_judges(helper: Helper) -> None:
    extension = helper.pair()
    body = chat(*(f"{number} " + "where are you going tomorrow after school " * 20 for number in range(50)))
    judged = threading.Event()

    def judge() -> None:
        assert extension.post("assess", body).status_code == 200
        judged.set()

    thread = threading.Thread(target=judge)
    thread.start()
    slowest = 0.0
    while not judged.is_set():
        started = time.perf_counter()
        assert helper.client.get("/health").status_code == 200
        slowest = max(slowest, time.perf_counter() - started)
    thread.join()
    extension.post("unpair")
    assert slowest < 0.5


def test_starts_within_a_second(start: Callable[..., Helper]) -> None:
    """Measured as processor time, which other work on the machine does not stretch; `make bench` measures the clock."""
    running = start()
    times = psutil.Process(running.process.pid).cpu_times()
    assert times.user + times.system < 1.5
