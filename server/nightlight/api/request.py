"""The bodies that the API takes, checked strictly. What is wrong is told by place and kind, never by repeating it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from nightlight.api.problem import ProblemError, ProblemType

#: As many messages as the extension sends and the scorer looks at.
MOST_MESSAGES: Final = 50


def _aware(moment: datetime) -> datetime:
    # A page that tells a time without a zone should not cost the child the judgement; gaps stay right in any zone.
    if not 1970 <= moment.year <= 2200:  # beyond it, arithmetic with time zones overflows at either end
        raise ValueError("no time of a chat")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


Name = Annotated[str, Field(min_length=1, max_length=128)]
#: A host, with its port where it has one: the name of a place on the web, and no room for a sentence.
Site = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:\[\]-]{1,64}$")]
Base64Url32 = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Request(BaseModel):
    """A request's body: JSON of exactly these fields, types taken literally."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class PairRequest(Request):
    """The code that a person read from the helper."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class ProveRequest(Request):
    """A fresh random nonce that the helper shall answer for, 32 bytes as base64url without padding."""

    pairing: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    nonce: Base64Url32


class SentMessage(Request):
    """One message as the extension saw it."""

    id: Name
    speaker: Annotated[Literal["contact", "child", "unknown"], Field(alias="from")]
    text: str
    at: Annotated[datetime, AfterValidator(_aware)] | None = None


class AssessRequest(Request):
    """The last messages of a chat, oldest first. `conversation` is the extension's salted hash of who it is with."""

    conversation: Name
    site: Site
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] | None = None
    messages: Annotated[list[SentMessage], Field(min_length=1, max_length=MOST_MESSAGES)]


class KnownRequest(Request):
    """The child says that it knows this person, or takes it back."""

    conversation: Name
    known: bool


class AdapterRequest(Request):
    """How well the extension can read a site."""

    site: Site
    state: Literal["loading", "signed_out", "no_chat", "ok", "degraded", "broken"]


class EmptyRequest(Request):
    """An empty object."""


_Body = TypeVar("_Body", bound=Request)


def read(model: type[_Body], body: bytes) -> _Body:
    """Read a body, or raise a problem that names the first place that is wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        repaired = _without_lone_surrogates(body) if _is_syntax(error) else None
        if repaired is None:
            raise _problem(model, error) from None
    try:
        return model.model_validate_json(repaired)
    except ValidationError as error:
        raise _problem(model, error) from None


def _is_syntax(error: ValidationError) -> bool:
    return error.errors(include_input=False, include_url=False, include_context=False)[0]["type"] == "json_invalid"


def _without_lone_surrogates(body: bytes) -> bytes | None:
    r"""The body with half emoji (`\ud83d` alone, as sites cut them) made into question marks; None if it is no JSON.

    Pages hold such text, and a whole chat must not go unjudged for it.
    """
    try:
        return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return None


def _problem(model: type[Request], error: ValidationError) -> ProblemError:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    known = _field_names(model)
    place = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" if part in known else ".?" for part in first["loc"]
    ).lstrip(".")
    # The kind is one of pydantic's own words, and a field's name one of ours; an unknown field's name is the caller's.
    return ProblemError(ProblemType.BODY, f"{place or 'The body'}: {first['type']}")


def _field_names(model: type[BaseModel]) -> set[str]:
    own = {field.alias or name for name, field in model.model_fields.items()}
    return own | {field.alias or name for name, field in SentMessage.model_fields.items()}
