"""The bodies that the API gives. Numbers, names and ids; never text of a chat."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)


class HealthAnswer(Answer):
    """That the helper is there."""

    status: Literal["ok"] = "ok"


class VersionAnswer(Answer):
    """Who is there."""

    name: Literal["nightlight"] = "nightlight"
    version: str


class PairAnswer(Answer):
    """What the extension keeps of a pairing; see `nightlight.storage.pairing.Credentials`."""

    pairing: str
    token: str
    proof_key: str


class ProveAnswer(Answer):
    """HMAC-SHA256 over the nonce, base64url without padding; see `PairingStore.prove`."""

    proof: str


class TacticAnswer(Answer):
    """A tactic, how sure the model is of it (0 to 1), and the ids of the messages that show it."""

    tactic: str
    score: float
    messages: list[str]


class AssessAnswer(Answer):
    """The judgement of a chat after its last message.

    `risk` is a calibrated probability; `nudge`: show a hint now, after cooldown and "I know this person".
    """

    risk: float
    level: str
    nudge: bool
    tactics: list[TacticAnswer]
    known: bool


class KnownAnswer(Answer):
    """What is remembered now."""

    known: bool


class StoredAnswer(Answer):
    """The report was counted."""

    stored: Literal[True] = True


class BundleAnswer(Answer):
    """The model that judges."""

    name: str
    version: str


class StatusAnswer(Answer):
    """What an extension may know of the helper it is paired with."""

    version: str
    bundle: BundleAnswer
    sensitivity: str
    country: str | None
    language: str | None


class UnpairAnswer(Answer):
    """The pairing and its token are forgotten."""

    unpaired: Literal[True] = True
