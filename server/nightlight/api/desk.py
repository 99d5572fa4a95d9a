"""The desk: does what a request asks, one after the other in one thread beside the event loop.

Judging is work for the processor and writing waits for the disk; in their own thread neither keeps the door from
answering. One thread, since a contact's state is read, judged and written, and must not change in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import nightlight
from nightlight.api import answer, request
from nightlight.api.guard import Visitor, now_utc
from nightlight.api.problem import ProblemError, ProblemType
from nightlight.conversation import Message, Speaker
from nightlight.storage import Storage
from nightlight.storage.alert import Alert
from nightlight.storage.pairing import WindowClosedError, WrongCodeError
from nightlight.warning import Assessor, WarningPolicy

_Result = TypeVar("_Result")


class Desk:
    """Answers requests that the guard let through. Its methods run in its thread; ask them through `do`."""

    def __init__(self, storage: Storage, assessor: Assessor, clock: Callable[[], datetime] = now_utc) -> None:
        self._storage = storage
        self._assessor = assessor
        self._policy = assessor.policy
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    async def do(self, work: Callable[[], _Result]) -> _Result:
        """Run `work` in the desk's thread and wait for it without keeping the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Finish what was begun, and take nothing more."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def forget_old(self) -> None:
        """Delete what was kept long enough."""
        self._storage.forget_old(self._clock())

    def pair(self, visitor: Visitor) -> answer.PairAnswer:
        """Try a pairing code."""
        wanted = request.read(request.PairRequest, visitor.body)
        assert visitor.origin is not None  # the guard lets nobody pair without one
        try:
            got = self._storage.pairings.pair(wanted.code, visitor.origin, self._clock())
        except WindowClosedError:
            raise ProblemError(ProblemType.WINDOW_CLOSED, "Ask for a code first: nightlight pair") from None
        except WrongCodeError:
            raise ProblemError(ProblemType.CODE, "Look again; after five wrong codes ask for a new one.") from None
        return answer.PairAnswer(pairing=got.pairing, token=got.token, proof_key=got.proof_key)

    def prove(self, visitor: Visitor) -> answer.ProveAnswer:
        """Prove that this is the helper that was paired with."""
        wanted = request.read(request.ProveRequest, visitor.body)
        proof = self._storage.pairings.prove(wanted.pairing, wanted.nonce, visitor.origin)
        if proof is None:
            raise ProblemError(ProblemType.NOT_FOUND, "There is no such pairing.")
        return answer.ProveAnswer(proof=proof)

    def assess(self, visitor: Visitor) -> answer.AssessAnswer:
        """Judge a chat after its last message, remember what must outlive it, and say whether to show a hint."""
        wanted = request.read(request.AssessRequest, visitor.body)
        now = self._met(visitor)
        settings = self._storage.settings.read()
        key = self._storage.contacts.key(wanted.conversation)
        contact = self._storage.contacts.load(key)
        messages = [Message(speaker=Speaker(message.speaker), text=message.text, at=message.at) for message in wanted.messages]
        self._assessor.policy = self._policy_with(settings.cooldown)
        found = self._assessor.assess(messages, contact=contact, sensitivity=settings.sensitivity, now=now)
        self._storage.contacts.save(key, contact, found.contact, now)
        if found.nudge:
            scores = {str(evidence.tactic): evidence.score for evidence in found.tactics}
            self._storage.alerts.add(Alert(at=now, site=wanted.site, level=str(found.level), tactics=scores, contact=key))
        return answer.AssessAnswer(
            risk=found.risk,
            level=str(found.level),
            nudge=found.nudge,
            tactics=[
                answer.TacticAnswer(
                    tactic=str(evidence.tactic),
                    score=evidence.score,
                    messages=[wanted.messages[index].id for index in evidence.messages],
                )
                for evidence in found.tactics
            ],
            known=contact.known,
        )

    def known(self, visitor: Visitor) -> answer.KnownAnswer:
        """Remember that the child knows a contact, or take it back."""
        wanted = request.read(request.KnownRequest, visitor.body)
        now = self._met(visitor)
        self._storage.contacts.set_known(self._storage.contacts.key(wanted.conversation), wanted.known, now)
        return answer.KnownAnswer(known=wanted.known)

    def adapter(self, visitor: Visitor) -> answer.StoredAnswer:
        """Count how well a site could be read."""
        wanted = request.read(request.AdapterRequest, visitor.body)
        self._storage.adapters.count(wanted.site.lower(), wanted.state, self._met(visitor))
        return answer.StoredAnswer()

    def status(self, visitor: Visitor) -> answer.StatusAnswer:
        """Tell a paired extension what it works with."""
        request.read(request.EmptyRequest, visitor.body)
        self._met(visitor)
        settings = self._storage.settings.read()
        bundle = self._assessor.bundle.manifest
        return answer.StatusAnswer(
            version=nightlight.__version__,
            bundle=answer.BundleAnswer(name=bundle.name, version=bundle.version),
            sensitivity=settings.sensitivity,
            country=settings.country,
            language=settings.language,
        )

    def unpair(self, visitor: Visitor) -> answer.UnpairAnswer:
        """Forget the pairing that asks."""
        request.read(request.EmptyRequest, visitor.body)
        assert visitor.pairing is not None
        self._storage.pairings.forget(visitor.pairing.id)
        return answer.UnpairAnswer()

    def _policy_with(self, cooldown: timedelta | None) -> WarningPolicy:
        if cooldown is None:
            return self._policy
        # A shorter cooldown holds for urgent hints too; a longer one never delays them.
        urgent = min(self._policy.urgent_cooldown, cooldown)
        return replace(self._policy, cooldown=cooldown, urgent_cooldown=urgent)

    def _met(self, visitor: Visitor) -> datetime:
        """Remember when the visitor's extension was heard of; give that moment."""
        now = self._clock()
        assert visitor.pairing is not None  # the guard lets nobody to these routes without one
        self._storage.pairings.touch(visitor.pairing, now)
        return now
