"""Pairings: which extensions may ask, the window with the six-digit code through which they come, and their proofs.

The protocol, all of it: a person opens a window and reads its code; the extension sends the code and gets a token (it
authorises every request) and a proof key (with it the helper proves itself, so that a program that took the port in the
helper's place gets neither token nor text). HTTP itself is told in `nightlight.api`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, delete, select, update
from sqlalchemy.orm import Session

from nightlight.storage.database import Database
from nightlight.storage.table import PairingRow, PairingWindowRow

WINDOW_SECONDS: Final = 120
MOST_TRIES: Final = 5
PROOF_PREFIX: Final = "nightlight-proof-v1:"

#: Contact is written at most this often, so that a busy chat does not write to disk with every message.
_CONTACT_EVERY: Final = timedelta(seconds=30)


class WindowClosedError(Exception):
    """No window is open: none was opened, it ran out, its code was used, or too many codes were wrong."""


class WrongCodeError(Exception):
    """The window is open, or was until this try, and the code is another."""


class WindowState(StrEnum):
    """What became of a window."""

    OPEN = "open"
    PAIRED = "paired"
    EXPIRED = "expired"
    CLOSED = "closed"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Pairing:
    """A paired extension, without its secrets."""

    id: str
    origin: str
    created_at: datetime
    contacted_at: datetime


@dataclass(frozen=True)
class Credentials:
    """What an extension gets when it pairs, once: base64url without padding, 32 random bytes each for the last two."""

    pairing: str
    token: str
    proof_key: str


def new_code() -> str:
    """A random six-digit code."""
    return f"{secrets.randbelow(1_000_000):06d}"


class PairingStore:
    """Windows, pairings, tokens and proofs. Moments are given by the caller, so that time can be tested."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Windows

    def open_window(self, code: str, now: datetime) -> str:
        """Open a window for `code`, closing any other; give its id."""
        salt = secrets.token_bytes(16)
        row = PairingWindowRow(
            id=secrets.token_hex(8),
            state=WindowState.OPEN,
            salt=salt,
            code_hash=_hash_code(code, salt),
            expires_at=now + timedelta(seconds=WINDOW_SECONDS),
            tries=0,
        )
        with self._database.writing() as session:
            session.execute(delete(PairingWindowRow))
            session.add(row)
        return row.id

    def close_window(self, window: str) -> None:
        """Close the window if it is still the one that is open."""
        with self._database.writing() as session:
            open_one = (PairingWindowRow.id == window, PairingWindowRow.state == WindowState.OPEN)
            session.execute(delete(PairingWindowRow).where(*open_one))

    def window_state(self, window: str, now: datetime) -> WindowState:
        """What became of the window with this id."""
        with self._database.reading() as session:
            row = session.get(PairingWindowRow, window)
            if row is None:
                return WindowState.REPLACED
            if row.state == WindowState.OPEN and now >= row.expires_at:
                return WindowState.EXPIRED
            return WindowState(row.state)

    def has_open_window(self, now: datetime) -> bool:
        """Whether an extension may try a code now."""
        with self._database.reading() as session:
            return _open_window(session, now) is not None

    def pair(self, code: str, origin: str, now: datetime) -> Credentials:
        """Try a code for an extension's origin. The right one closes the window and makes the pairing.

        Raises WindowClosedError where no window is open, and WrongCodeError for another code; the fifth wrong one
        closes the window. An origin may pair more than once: two profiles of one browser have the same extension id.
        """
        with self._database.writing(durable=True) as session:
            window = _open_window(session, now)
            if window is None:
                raise WindowClosedError
            right = hmac.compare_digest(_hash_code(code, window.salt), window.code_hash)
            if right:
                # The code is dead from here on, and so is its hash.
                window.state, window.code_hash, window.salt = WindowState.PAIRED, b"", b""
                return _new_pairing(session, origin, now)
            window.tries += 1
            if window.tries >= MOST_TRIES:
                window.state, window.code_hash, window.salt = WindowState.CLOSED, b"", b""
        # Raised outside the transaction, which an exception would undo together with the count of tries.
        raise WrongCodeError

    # Pairings

    def list(self) -> Sequence[Pairing]:
        """All pairings, the oldest first."""
        with self._database.reading() as session:
            rows = session.scalars(select(PairingRow).order_by(PairingRow.created_at, PairingRow.id))
            return [_pairing(row) for row in rows]

    def is_paired(self, origin: str) -> bool:
        """Whether any pairing belongs to exactly this origin."""
        with self._database.reading() as session:
            found = session.scalars(select(PairingRow.id).where(PairingRow.origin == origin).limit(1))
            return found.first() is not None

    def authenticate(self, token: str, origin: str) -> Pairing | None:
        """The pairing that this token belongs to, if it was made with this origin.

        Every kept hash is compared, each in constant time, so the answer's time tells nothing about them.
        """
        token_hash = _hash_token(token)
        found: Pairing | None = None
        with self._database.reading() as session:
            for row in session.scalars(select(PairingRow)):
                same_token = hmac.compare_digest(token_hash, row.token_hash)
                same_origin = hmac.compare_digest(origin.encode(), row.origin.encode())
                if same_token and same_origin:
                    found = _pairing(row)
        return found

    def touch(self, pairing: Pairing, now: datetime) -> None:
        """Remember that this extension was heard of, to within half a minute."""
        stale = now - _CONTACT_EVERY
        if stale < pairing.contacted_at <= now:
            return
        with self._database.writing() as session:
            session.execute(update(PairingRow).where(PairingRow.id == pairing.id).values(contacted_at=now))

    def prove(self, pairing: str, nonce: str, origin: str | None) -> str | None:
        """The helper's proof for a nonce, base64url without padding; None where there is no such pairing.

        HMAC-SHA256 (RFC 2104) under the pairing's proof key over `nightlight-proof-v1:` and the nonce as it came.
        """
        with self._database.reading() as session:
            row = session.get(PairingRow, pairing)
            if row is None or (origin is not None and row.origin != origin):
                return None
            return _base64url(hmac.digest(row.proof_key, (PROOF_PREFIX + nonce).encode(), "sha256"))

    def forget(self, pairing: str) -> bool:
        """Forget one pairing; whether there was one."""
        with self._database.writing(durable=True) as session:
            return _delete(session, PairingRow.id == pairing) > 0

    def forget_all(self) -> int:
        """Forget all pairings; how many there were."""
        with self._database.writing(durable=True) as session:
            return _delete(session)


def _delete(session: Session, *conditions: ColumnElement[bool]) -> int:
    """Delete the pairings that meet all conditions; how many there were."""
    result = session.execute(delete(PairingRow).where(*conditions))
    assert isinstance(result, CursorResult)
    return result.rowcount


def _open_window(session: Session, now: datetime) -> PairingWindowRow | None:
    return session.scalars(
        select(PairingWindowRow).where(PairingWindowRow.state == WindowState.OPEN, PairingWindowRow.expires_at > now)
    ).one_or_none()


def _new_pairing(session: Session, origin: str, now: datetime) -> Credentials:
    token, proof_key = secrets.token_urlsafe(32), secrets.token_bytes(32)
    row = PairingRow(
        id=secrets.token_hex(8),
        token_hash=_hash_token(token),
        proof_key=proof_key,
        origin=origin,
        created_at=now,
        contacted_at=now,
    )
    session.add(row)
    return Credentials(pairing=row.id, token=token, proof_key=_base64url(proof_key))


def _pairing(row: PairingRow) -> Pairing:
    return Pairing(id=row.id, origin=row.origin, created_at=row.created_at, contacted_at=row.contacted_at)


def _hash_token(token: str) -> bytes:
    # A plain hash is enough for 32 random bytes: there is nothing to guess.
    return hashlib.sha256(token.encode()).digest()


def _hash_code(code: str, salt: bytes) -> bytes:
    # Six digits can be guessed, so the hash is slow: all of them take far longer than the window lasts.
    return hashlib.scrypt(code.encode(), salt=salt, n=2**12, r=8, p=1, dklen=32)


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
