"""`nightlight score`: judges conversations from a file as if they arrived live, with the helper's own Assessor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from nightlight.cli.option import PlainError, bundle_option

if TYPE_CHECKING:
    from nightlight.conversation import Conversation, Message
    from nightlight.warning import Assessment, Assessor

#: Exit code where some line could not be read and the rest was scored.
SOME_UNREADABLE = 2


@click.command(short_help="Judge conversations in a file, message by message.")
@click.argument("file", type=click.File("rb"), default="-")
@bundle_option
def score(file: IO[bytes], bundle: Path | None) -> None:
    """Judge the conversations in FILE (JSON Lines; `-` or nothing: standard input), message by message.

    Prints a JSON line for every message: conversation, message, risk, level and the scores of all tactics. A line that
    cannot be read is reported on stderr and skipped; the exit code is then 2.
    """
    from nightlight.conversation import ConversationError, read_conversations  # noqa: PLC0415  slow to import

    assessor = _load(bundle)
    out = sys.stdout.buffer
    unreadable = 0
    for number, found in read_conversations(text_lines(file)):
        if isinstance(found, ConversationError):
            unreadable += 1
            click.echo(f"line {number}: {found.reason}", err=True)
            continue
        for line in score_lines(assessor, found):
            out.write(line)
            out.flush()
    if unreadable:
        raise SystemExit(SOME_UNREADABLE)


def text_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """The lines as text. Bytes that are no UTF-8 become lone surrogates, so that their line alone is unreadable."""
    for number, line in enumerate(lines):
        yield line.decode("utf-8-sig" if number == 0 else "utf-8", "surrogateescape")


def score_lines(assessor: Assessor, conversation: Conversation) -> Iterator[bytes]:
    """A JSON line for each message of a conversation, each ready when its message was judged."""
    for index, found in enumerate(assessor.stream(_with_zones(conversation.messages))):
        yield _line(conversation.id, index, found)


def _line(conversation: str, index: int, found: Assessment) -> bytes:
    record = {
        "conversation": conversation,
        "message": index,
        "risk": round(found.risk, 6),
        "level": str(found.level),
        "tactics": {str(tactic): round(value, 6) for tactic, value in found.scores.items()},
    }
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _with_zones(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages with all times aware. One without a zone counts as UTC, to be comparable."""
    from datetime import UTC  # noqa: PLC0415

    for message in messages:
        if message.at is not None and message.at.tzinfo is None:
            yield message.model_copy(update={"at": message.at.replace(tzinfo=UTC)})
        else:
            yield message


def _load(folder: Path | None) -> Assessor:
    from nightlight.model import BundleError  # noqa: PLC0415  slow to import
    from nightlight.warning import Assessor  # noqa: PLC0415

    try:
        return Assessor.load(folder)
    except BundleError as error:
        raise PlainError(f"The model bundle cannot be used: {error}") from None
