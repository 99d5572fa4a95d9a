"""`nightlight score`: reads what the format allows, reports what it does not, and judges as the helper would."""

from __future__ import annotations

import io
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlight.cli.score import score_lines, text_lines
from nightlight.conversation import Conversation, ConversationError, read_conversations
from nightlight.tactic import TACTICS
from nightlight.warning import Assessor
from tests.server.running import NIGHTLIGHT, Helper, chat, environment, nightlight

MARK = "ZQXMARK"


def conversation(*texts: str, id: str = "c", **more: object) -> dict[str, Any]:
    return {"id": id, "messages": [{"from": "contact", "text": text} for text in texts], **more}


def as_lines(*conversations: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in conversations)


def scored(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode().splitlines()]


def test_a_line_for_every_message(tmp_path: Path) -> None:
    file = tmp_path / "chats.jsonl"
    labelled = conversation("καλημέρα", "τι κάνεις;", id="b", label="benign", onset=1, source="tests", language="el")
    file.write_bytes(as_lines(conversation("hello", "how old are you?", id="a"), labelled))
    done = nightlight("score", file)
    assert done.returncode == 0
    assert done.stderr == b""
    found = scored(done.stdout)
    assert [(line["conversation"], line["message"]) for line in found] == [("a", 0), ("a", 1), ("b", 0), ("b", 1)]
    for line in found:
        assert list(line) == ["conversation", "message", "risk", "level", "tactics"]
        assert list(line["tactics"]) == list(TACTICS)
        assert all(0 <= score <= 1 for score in [line["risk"], *line["tactics"].values()])
        assert line["level"] in ("none", "nudge", "urgent")
    assert nightlight("score", "-", stdin=file.read_bytes()).stdout == done.stdout
    assert nightlight("score", stdin=file.read_bytes()).stdout == done.stdout


def test_unreadable_lines_are_reported_and_the_rest_is_scored() -> None:
    lines = [
        b"\xef\xbb\xbf" + as_lines(conversation("one", id="1")).strip(),
        b"not json " + MARK.encode(),
        b"",
        b'{"id": "x"}',
        b'{"id": "x", "messages": [{"from": "stranger", "text": "' + MARK.encode() + b'"}]}',
        b"\xff\xfe\xff",
        b"[1, 2]",
        as_lines(conversation("two", id="2")).strip(),
    ]
    done = nightlight("score", stdin=b"\n".join(lines))
    assert done.returncode == 2
    assert [line["conversation"] for line in scored(done.stdout)] == ["1", "2"]
    reported = done.stderr.decode().splitlines()
    assert [line.split(":")[0] for line in reported] == ["line 2", "line 4", "line 5", "line 6", "line 7"]
    assert MARK not in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_nothing_in_nothing_out() -> None:
    done = nightlight("score", stdin=b"\n\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = nightlight("score", tmp_path / "missing.jsonl")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_it_streams() -> None:
    """What comes in is judged and printed before the next line is there."""
    command = subprocess.Popen([*NIGHTLIGHT, "score"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
    assert command.stdin is not None
    assert command.stdout is not None
    for number in range(3):
        command.stdin.write(as_lines(conversation("hello", id=str(number))))
        command.stdin.flush()
        assert json.loads(command.stdout.readline())["conversation"] == str(number)
    command.stdin.close()
    assert command.wait(timeout=20) == 0
    command.stdout.close()


def test_whoever_reads_may_stop() -> None:
    long = conversation(*(f"message {number}" for number in range(3000)))
    command = subprocess.Popen(
        [*NIGHTLIGHT, "score"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert command.stdin is not None
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdin.write(as_lines(long))
    command.stdin.close()
    command.stdout.readline()
    command.stdout.close()
    assert b"Traceback" not in command.stderr.read()
    assert command.wait(timeout=60) == 1
    command.stderr.close()


def test_times_of_all_kinds_are_taken(tmp_path: Path) -> None:
    times = [
        "2026-05-01T18:02:11Z",
        "2026-05-01T18:02:11",
        None,
        "2026-05-01T20:02:11+02:00",
        "0001-01-01T00:00:00+14:00",
    ]
    story = {
        "id": "times",
        "messages": [
            {"from": "contact", "text": "send me a picture, it is our secret, do not tell your mum", "at": at} for at in times * 4
        ],
    }
    done = nightlight("score", stdin=as_lines(story))
    assert done.returncode == 0, done.stderr
    assert len(scored(done.stdout)) == 20


def test_it_judges_as_the_helper_does(helper: Helper) -> None:
    texts = [
        "how old are you?",
        "you are so mature",
        "don't tell your mum, it's our secret",
        "are you alone at home?",
        "send me a picture",
        "let's meet tomorrow",
    ]
    extension = helper.pair()
    live = [extension.post("assess", chat(*texts[: end + 1], conversation="as-score")).json() for end in range(len(texts))]
    extension.post("unpair")
    found = scored(nightlight("score", stdin=as_lines(conversation(*texts))).stdout)
    # Not to the last digit: an int8 graph scales over the batch, and `score` reads messages in groups.
    assert [line["risk"] for line in found] == pytest.approx([answer["risk"] for answer in live], abs=0.02)
    assert [line["level"] for line in found] == [answer["level"] for answer in live]


def test_thousands_of_messages_are_quick() -> None:
    """A chat of 2,000 different messages: the time a message must not grow with the chat."""
    short = as_lines(conversation(*(f"see you at {number} o'clock" for number in range(200))))
    long = as_lines(conversation(*(f"see you at {number} o'clock" for number in range(2000))))
    times = []
    for content in (short, long):
        before = os.times().children_user
        done = nightlight("score", stdin=content, timeout=120)
        times.append(os.times().children_user - before)
        assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2000
    assert times[1] < 20
    assert times[1] < 12 * times[0]


# The reader, with whatever comes


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    folder = os.environ.get("NIGHTLIGHT_BUNDLE")
    return Assessor.load(Path(folder) if folder else None)


good_lines = st.builds(
    lambda id, texts: as_lines(conversation(*texts, id=id)).strip(), st.text(), st.lists(st.text(), max_size=3)
)
bad_lines = st.one_of(
    st.binary(max_size=60).map(lambda content: b'{"' + MARK.encode() + content.replace(b"\n", b"")),
    st.just(b'{"id": 5, "messages": []}'),
    st.just(b'{"id": "x", "messages": [{"text": "\xff"}]}'),
    st.text(max_size=20).map(lambda text: json.dumps({"id": "x", "messages": [{"text": "", "from": MARK + text}]}).encode()),
)
blank_lines = st.sampled_from([b"", b"  ", b"\t", b"\r"])


drawn_lines = st.one_of(
    good_lines.map(lambda line: ("good", line)),
    bad_lines.map(lambda line: ("bad", line)),
    blank_lines.map(lambda line: ("blank", line)),
)


@given(st.lists(drawn_lines, max_size=8))
def test_each_line_is_a_conversation_an_error_or_blank(drawn: list[tuple[str, bytes]]) -> None:
    file = io.BytesIO(b"".join(line + b"\n" for _, line in drawn))
    found = dict(read_conversations(text_lines(file)))
    kinds = {number: kind for number, (kind, _) in enumerate(drawn, start=1) if kind != "blank"}
    assert set(found) == set(kinds)
    for number, each in found.items():
        assert isinstance(each, Conversation) == (kinds[number] == "good")
        if isinstance(each, ConversationError):
            assert MARK not in each.reason


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_are_read_without_failing(lines: list[bytes]) -> None:
    for _, each in read_conversations(text_lines(lines)):
        assert isinstance(each, Conversation | ConversationError)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.lists(st.tuples(st.sampled_from(["contact", "child", "unknown"]), st.text(max_size=400)), max_size=8))
def test_any_text_is_scored(assessor: Assessor, id: str, messages: list[tuple[str, str]]) -> None:
    raw = {"id": id, "messages": [{"from": speaker, "text": text} for speaker, text in messages]}
    output = list(score_lines(assessor, Conversation.model_validate_json(json.dumps(raw))))
    assert len(output) == len(messages)
    for number, line in enumerate(output):
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        record = json.loads(line)
        assert record["conversation"] == id
        assert record["message"] == number
        assert 0 <= record["risk"] <= 1
