"""A conversation as every part of Nightlight exchanges it: JSON Lines, one conversation a line. No judgement, no storage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from nightlight.tactic import Tactic


class Speaker(StrEnum):
    """Who wrote a message, seen from the child's computer; some sites do not tell."""

    CONTACT = "contact"
    CHILD = "child"
    UNKNOWN = "unknown"


def _with_zone(at: datetime) -> datetime:
    """A time without a zone is taken as UTC, so that any two times of a chat can be compared."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Message(BaseModel):
    """One message of a chat.

    `at` is the time of sending, with a time zone where the site tells one. `tactics` are labels for training and are
    never read by the helper.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    speaker: Annotated[Speaker, Field(alias="from")] = Speaker.UNKNOWN
    text: str
    at: Annotated[datetime, AfterValidator(_with_zone)] | None = None
    tactics: tuple[Tactic, ...] = ()


class Conversation(BaseModel):
    """A whole chat. `onset` is the index of the first message at which a gentle warning would be justified."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    messages: tuple[Message, ...]
    language: str | None = None
    label: str | None = Field(default=None, pattern="^(grooming|benign)$")
    onset: int | None = Field(default=None, ge=0)
    source: str | None = None


class ConversationError(ValueError):
    """A line that is not a conversation. The message tells what is wrong and never repeats the line's text."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def read_conversations(lines: Iterable[str]) -> Iterator[tuple[int, Conversation | ConversationError]]:
    """Yield (line number from 1, conversation or error) for each line that is not blank; a bad line does not end it."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, Conversation.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            yield number, ConversationError(number, f"{where}: {first['msg']}")
