"""No text of a chat reaches a log, a traceback or the disk: a word that nobody else would write is sent everywhere."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from nightlight.api.log import TextFreeFormatter, describe
from tests.server.running import Extension, Helper, chat, problem_of

CANARY = "Zwitscherkanarie7381"


def every_byte(helper: Helper) -> Iterator[tuple[Path, bytes]]:
    yield helper.log, helper.log.read_bytes()
    for path in helper.data.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def assert_silent(helper: Helper) -> None:
    word = CANARY.lower()
    for path, content in every_byte(helper):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert word.encode(encoding) not in content.lower(), path
    for answer in (word[:10], word[-10:]):  # not a part of it either
        assert answer.encode() not in helper.log.read_bytes().lower()


def send_everywhere(helper: Helper, extension: Extension) -> list[httpx.Response]:
    """Put the word wherever something of a request could be kept or logged. Each answer is checked to be silent too."""
    json_headers = {**extension.headers, "content-type": "application/json"}
    good = chat(f"hello {CANARY}", f"keep it secret, {CANARY}, do not tell your mum", f"are you home alone {CANARY}?")
    broken = json.dumps(good)
    unknown_key = {**good, CANARY: 1}
    in_message = {**good, "messages": [{**good["messages"][0], CANARY: CANARY}]}
    wrong_speaker = {**good, "messages": [{**good["messages"][0], "from": CANARY}]}
    wrong_time = {**good, "messages": [{**good["messages"][0], "at": CANARY}]}
    client = helper.client
    answers = [
        extension.post("assess", good),
        extension.post("assess", {**good, "conversation": CANARY}),
        extension.post("known", {"conversation": CANARY, "known": True}),
        extension.post("adapter", {"site": f"{CANARY} said so", "state": "ok"}),
        extension.post("adapter", {"site": "chat.example", "state": CANARY}),
        *(extension.post("assess", body) for body in (unknown_key, in_message, wrong_speaker, wrong_time)),
        extension.post("assess", {**good, "site": CANARY + "?"}),
        extension.post("assess", {**good, "language": CANARY}),
        client.post("/v1/assess", content=broken[:-2].encode(), headers=json_headers),
        client.post("/v1/assess", content=CANARY.encode(), headers=json_headers),
        client.post("/v1/assess", content=(CANARY * 5000).encode(), headers=json_headers),
        client.post("/v1/assess", content=broken.encode(), headers={**extension.headers, "content-type": CANARY}),
        client.post(f"/v1/assess?text={CANARY}", json=good, headers=extension.headers),
        client.post(f"/v1/{CANARY}", json=good, headers=extension.headers),
        client.get(f"/{CANARY}?{CANARY}"),
        client.get("/health", headers={"user-agent": CANARY, "referer": f"http://{CANARY}/"}),
        client.get("/health", headers={"host": CANARY}),
        client.get("/health", headers={"origin": CANARY}),
        client.request(CANARY, "/health"),
        extension.post("status", authorization=f"Bearer {CANARY}"),
        client.post("/v1/prove", json={"pairing": CANARY, "nonce": CANARY}),
        client.post("/v1/pair", json={"code": CANARY}, headers={"origin": extension.origin}),
    ]
    for answer in answers:
        assert CANARY.lower() not in answer.text.lower()
        assert CANARY.lower() not in str(answer.headers).lower()
    return answers


def test_no_text_reaches_log_or_disk(start: Callable[..., Helper]) -> None:
    helper = start()
    extension = helper.pair()
    statuses = {answer.status_code for answer in send_everywhere(helper, extension)}
    assert {200, 400, 401, 403, 404, 405, 413, 415} <= statuses
    assert not [status for status in statuses if status >= 500]
    assert_silent(helper)  # while it runs, with the write-ahead log
    assert "POST /v1/assess 200" in helper.log.read_text()
    assert helper.stop() == 0
    assert_silent(helper)


def test_no_text_reaches_log_or_disk_when_something_breaks(start: Callable[..., Helper]) -> None:
    helper = start()
    extension = helper.pair()
    with sqlite3.connect(helper.data / "nightlight.sqlite3") as database:
        database.execute("DROP TABLE ledger")
        database.execute("DROP TABLE contact")
        database.execute("DROP TABLE adapter")
    database.close()
    answers = send_everywhere(helper, extension)
    broken = [answer for answer in answers if answer.status_code == 500]
    assert broken
    assert {problem_of(answer) for answer in broken} == {"internal"}
    site = extension.post("adapter", {"site": f"{CANARY}.example", "state": "ok"})
    assert problem_of(site) == "internal"
    log = helper.log.read_text()
    assert "internal error: OperationalError at" in log
    assert "Traceback" not in log
    assert_silent(helper)
    assert helper.client.get("/health").status_code == 200
    assert helper.stop() == 0
    assert_silent(helper)


def test_an_exception_is_told_without_its_words() -> None:
    def fail(text: str) -> None:
        raise ValueError(f"could not judge {text}")

    try:
        fail(CANARY)
    except ValueError as error:
        told = describe(error)
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "here", 1, "Exception in app", (), sys.exc_info())
    assert told.startswith("ValueError at test_privacy.py:")
    line = TextFreeFormatter().format(record)
    assert "Exception in app (ValueError at test_privacy.py:" in line
    assert CANARY not in told + line
    assert "\n" not in line


@pytest.mark.parametrize("path", ["/v1/assess", "/health"])
def test_the_log_names_routes_and_no_other_path(helper: Helper, path: str) -> None:
    def line_after(asked: str) -> str:
        before = len(helper.log.read_text().splitlines())
        helper.client.get(asked)
        while len(log := helper.log.read_text().splitlines()) == before:
            time.sleep(0.01)  # the line is written when the answer is out
        return log[-1]

    line_after(path)
    assert f" GET {path} " in line_after(path)
    assert " GET (no route) " in line_after(path + "/" + CANARY)
