"""Pairing with a running helper: the code, its window, the proof, and how it all ends."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.server.running import (
    CHROME,
    FIREFOX,
    NIGHTLIGHT,
    OTHER_CHROME,
    Extension,
    Helper,
    environment,
    nightlight,
    problem_of,
)


def nonce() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_pairing_gives_secrets_that_work(helper: Helper) -> None:
    paired = helper.pair()
    assert len(unpadded(paired.credentials.token)) == len(unpadded(paired.credentials.proof_key)) == 32
    status = paired.post("status").json()
    assert set(status) == {"version", "bundle", "sensitivity", "country", "language"}
    assert set(status["bundle"]) == {"name", "version"}
    assert status["sensitivity"] == "medium"
    paired.post("unpair")


def test_the_token_itself_is_not_kept(helper: Helper, extension: Extension) -> None:
    token = extension.credentials.token.encode()
    kept = b"".join(path.read_bytes() for path in helper.data.iterdir())
    assert token not in kept
    assert hashlib.sha256(token).digest() in kept


def test_without_a_window_nobody_pairs(helper: Helper) -> None:
    answer = helper.send_code("123456")
    assert answer.status_code == 403
    assert problem_of(answer) == "window-closed"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "chrome-extension://short", "moz-extension://evil.example"])
def test_only_extensions_pair(helper: Helper, origin: str) -> None:
    window = helper.open_window("123456")
    answer = helper.send_code("123456", origin)
    assert answer.status_code == 403
    assert problem_of(answer) == "origin"
    without = helper.client.post("/v1/pair", json={"code": "123456"})
    assert problem_of(without) == "origin"
    with helper.storage() as storage:
        storage.pairings.close_window(window)


def test_an_open_window_lets_no_stranger_do_anything_else(helper: Helper) -> None:
    window = helper.open_window("123456")
    stranger = "chrome-extension://" + "ponmlkji" * 4
    for path in ("/v1/status", "/v1/prove", "/v1/pair/"):
        assert problem_of(helper.client.post(path, json={}, headers={"origin": stranger})) == "origin"
    with helper.storage() as storage:
        storage.pairings.close_window(window)


def test_a_used_code_is_dead(helper: Helper) -> None:
    helper.open_window("246810")
    first = helper.send_code("246810")
    assert first.status_code == 200
    replayed = helper.send_code("246810")
    assert replayed.status_code == 403
    assert problem_of(replayed) == "window-closed"
    helper.open_window("135790")
    assert problem_of(helper.send_code("246810")) == "code"
    assert helper.send_code("135790").status_code == 200


def test_five_wrong_codes_close_the_window(helper: Helper) -> None:
    window = helper.open_window("555555")
    for _ in range(5):
        answer = helper.send_code("444444")
        assert answer.status_code == 403
        assert problem_of(answer) == "code"
    assert problem_of(helper.send_code("555555")) == "window-closed"
    with helper.storage() as storage:
        assert storage.pairings.window_state(window, datetime.now(UTC)) == "closed"


def test_four_wrong_codes_do_not(helper: Helper) -> None:
    helper.open_window("555555")
    for _ in range(4):
        assert problem_of(helper.send_code("444444")) == "code"
    assert helper.send_code("555555").status_code == 200


def test_a_malformed_code_is_no_try(helper: Helper) -> None:
    helper.open_window("555555")
    for code in ("55555", "5555555", "abcdef", "٥٥٥٥٥٥", " 55555"):
        assert problem_of(helper.send_code(code)) == "body"
    assert helper.send_code("555555").status_code == 200


def test_an_expired_window_is_closed(helper: Helper) -> None:
    helper.open_window("555555", at=datetime.now(UTC) - timedelta(seconds=121))
    assert problem_of(helper.send_code("555555")) == "window-closed"
    helper.open_window("555555", at=datetime.now(UTC) - timedelta(seconds=60))
    assert helper.send_code("555555").status_code == 200


def test_the_code_is_not_kept_as_it_is(helper: Helper) -> None:
    window = helper.open_window("918273")
    kept = b"".join(path.read_bytes() for path in helper.data.iterdir())
    assert b"918273" not in kept
    with helper.storage() as storage:
        storage.pairings.close_window(window)


# The helper's proof


def test_the_helper_proves_itself(helper: Helper, extension: Extension) -> None:
    asked = nonce()
    for origin in (extension.origin, None):
        answer = helper.patiently("prove", {"pairing": extension.credentials.pairing, "nonce": asked}, origin)
        assert answer.status_code == 200
        key = unpadded(extension.credentials.proof_key)
        wanted = hmac.digest(key, b"nightlight-proof-v1:" + asked.encode(), "sha256")
        assert unpadded(answer.json()["proof"]) == wanted
        assert set(answer.json()) == {"proof"}


def test_each_nonce_has_its_own_proof(helper: Helper, extension: Extension) -> None:
    body = {"pairing": extension.credentials.pairing}
    proofs = {helper.patiently("prove", {**body, "nonce": nonce()}).json()["proof"] for _ in range(3)}
    assert len(proofs) == 3


def test_nothing_is_proven_to_another_extension(helper: Helper, extension: Extension) -> None:
    other = helper.pair(OTHER_CHROME)
    body = {"pairing": extension.credentials.pairing, "nonce": nonce()}
    answer = helper.patiently("prove", body, other.origin)
    assert problem_of(answer) == "not-found"
    other.post("unpair")


@pytest.mark.parametrize(
    "bad",
    ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "+", "é" * 43],
    ids=["empty", "short", "long", "padded", "base64", "letters"],
)
def test_a_nonce_is_32_bytes(helper: Helper, extension: Extension, bad: str) -> None:
    answer = helper.patiently("prove", {"pairing": extension.credentials.pairing, "nonce": bad})
    assert problem_of(answer) == "body"


# State: pairing twice, forgetting, starting again


def test_an_extension_may_pair_twice(helper: Helper) -> None:
    # Two profiles of one browser have the same extension id, and each keeps its own token.
    first, second = helper.pair(FIREFOX), helper.pair(FIREFOX)
    assert first.credentials.token != second.credentials.token
    assert first.post("status").status_code == second.post("status").status_code == 200
    assert first.post("unpair").json() == {"unpaired": True}
    assert problem_of(first.post("status")) == "token"
    assert second.post("status").status_code == 200
    second.post("unpair")
    assert problem_of(second.post("status")) == "origin"


def test_pairings_last_over_a_restart(start: Callable[..., Helper]) -> None:
    before = start()
    paired = before.pair()
    assert before.stop() == 0
    after = start()
    again = Extension(after, paired.origin, paired.credentials)
    assert again.post("status").status_code == 200
    assert nightlight("unpair", "--data", after.data).returncode == 0
    assert problem_of(again.post("status")) == "origin"
    assert after.stop() == 0
    assert problem_of(Extension(start(), paired.origin, paired.credentials).post("status")) == "origin"


def test_unpair_names_one_or_all(helper: Helper, start: Callable[..., Helper]) -> None:
    own = start()
    one, two, three = own.pair(CHROME), own.pair(CHROME), own.pair(FIREFOX)
    assert b"Forgotten: 1" in nightlight("unpair", one.credentials.pairing, "--data", own.data).stdout
    assert nightlight("unpair", one.credentials.pairing, "--data", own.data).returncode == 1
    assert problem_of(one.post("status")) == "token"
    assert two.post("status").status_code == three.post("status").status_code == 200
    assert b"Forgotten: 2" in nightlight("unpair", "--data", own.data).stdout
    assert b"No browser was paired" in nightlight("unpair", "--data", own.data).stdout


# The command


def pair_command(helper: Helper, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*NIGHTLIGHT, "pair", "--data", str(helper.data), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def shown_code(command: subprocess.Popen[str]) -> str:
    assert command.stdout is not None
    match = re.fullmatch(r"Code: ([0-9]{6})\n", command.stdout.readline())
    assert match
    return match[1]


def test_pair_waits_until_the_extension_came(helper: Helper) -> None:
    command = pair_command(helper)
    assert helper.send_code(shown_code(command)).status_code == 200
    out, _ = command.communicate(timeout=20)
    assert command.returncode == 0
    assert f"Paired with {CHROME}." in out


def test_pair_tells_that_the_window_closed(helper: Helper) -> None:
    command = pair_command(helper)
    code = shown_code(command)
    for _ in range(5):
        helper.send_code(f"{(int(code) + 1) % 10**6:06d}")
    _, err = command.communicate(timeout=20)
    assert command.returncode == 1
    assert "five wrong codes" in err


def test_pair_tells_that_the_time_is_over(helper: Helper) -> None:
    command = pair_command(helper)
    shown_code(command)
    with closing(sqlite3.connect(helper.data / "nightlight.sqlite3", timeout=20)) as database, database:
        database.execute("UPDATE pairing_window SET expires_at = '2026-01-01 00:00:00.000000'")
    _, err = command.communicate(timeout=20)
    assert command.returncode == 1
    assert "the two minutes are over" in err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_stopping_pair_closes_its_window(helper: Helper) -> None:
    command = pair_command(helper)
    code = shown_code(command)
    command.send_signal(signal.SIGINT)
    _, err = command.communicate(timeout=20)
    assert command.returncode == 1
    assert "Traceback" not in err
    assert problem_of(helper.send_code(code)) == "window-closed"


def test_a_second_pair_replaces_the_first(helper: Helper) -> None:
    first = pair_command(helper)
    old = shown_code(first)
    second = pair_command(helper)
    new = shown_code(second)
    _, err = first.communicate(timeout=20)
    assert first.returncode == 1
    assert "another code" in err
    if old != new:
        assert problem_of(helper.send_code(old)) == "code"
    assert helper.send_code(new).status_code == 200
    second.communicate(timeout=20)
    assert second.returncode == 0


def test_pair_says_that_the_helper_is_not_running(start: Callable[..., Helper]) -> None:
    stopped = start()
    stopped.stop()
    done = nightlight("pair", "--data", stopped.data, "--port", str(stopped.port))
    assert done.returncode == 1
    assert b"The helper is not running" in done.stderr
    assert b"nightlight serve" in done.stderr


def test_pair_says_that_the_helper_keeps_its_data_elsewhere(helper: Helper, start: Callable[..., Helper]) -> None:
    other = start()
    other.stop()
    done = nightlight("pair", "--data", other.data, "--port", str(helper.port))
    assert done.returncode == 1
    assert b"in another folder" in done.stderr
