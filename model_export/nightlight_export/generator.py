"""The generator: whole conversations composed from the corpus, seeded, with who spoke, time gaps, tactics and onset.

A grooming story is an arc: everyday talk, then tactics in an order that its persona prefers, each answered by the child in
a mood that shifts. A benign chat is made of the same stuff without the arc: scenes, the tactics' harmless twins, now and
then a single real tactic, because a single tactic is not grooming.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from nightlight.conversation import Conversation, Message, Speaker
from nightlight.tactic import Tactic
from nightlight_export.corpus import LanguageCorpus, Scene, Utterance
from nightlight_export.noise import add_noise

T = Tactic

#: How much each tactic, when first shown, adds to the case for a gentle warning; onset is where the sum reaches ONSET.
WEIGHTS: Final[Mapping[Tactic, float]] = {
    T.AGE_PROBING: 0.35, T.PERSONAL_PROBING: 0.4, T.FLATTERY: 0.45, T.GIFTS: 0.6, T.RISK_ASSESSMENT: 0.7, T.SECRECY: 0.9,
    T.ISOLATION: 0.8, T.PLATFORM_MOVE: 0.55, T.SEXUAL_APPROACH: 0.9, T.IMAGE_REQUEST: 0.8, T.MEETING: 0.75,
    T.RUNNING_AWAY: 1.0, T.PRESSURE: 0.7, T.THREAT: 1.2,
}  # fmt: skip
ONSET: Final = 1.25
REPEATED: Final = 0.25

#: Personas: the order in which they tend to use tactics. Each story draws a part of it and shuffles neighbours.
PERSONAS: Final[Mapping[str, tuple[Tactic, ...]]] = {
    "gamer": (T.AGE_PROBING, T.GIFTS, T.FLATTERY, T.PLATFORM_MOVE, T.PERSONAL_PROBING, T.SECRECY, T.GIFTS, T.IMAGE_REQUEST),
    "confidant": (T.FLATTERY, T.ISOLATION, T.PERSONAL_PROBING, T.SECRECY, T.ISOLATION, T.FLATTERY, T.PLATFORM_MOVE, T.MEETING),
    "romancer": (T.AGE_PROBING, T.FLATTERY, T.SEXUAL_APPROACH, T.IMAGE_REQUEST, T.SECRECY, T.SEXUAL_APPROACH, T.MEETING),
    "scout": (T.FLATTERY, T.AGE_PROBING, T.GIFTS, T.IMAGE_REQUEST, T.PERSONAL_PROBING, T.SECRECY, T.IMAGE_REQUEST, T.MEETING),
    "rescuer": (T.ISOLATION, T.FLATTERY, T.SECRECY, T.ISOLATION, T.RUNNING_AWAY, T.GIFTS, T.RUNNING_AWAY, T.MEETING),
    "fast": (T.AGE_PROBING, T.PERSONAL_PROBING, T.RISK_ASSESSMENT, T.IMAGE_REQUEST, T.PLATFORM_MOVE, T.MEETING),
    "neighbour": (T.PERSONAL_PROBING, T.GIFTS, T.FLATTERY, T.RISK_ASSESSMENT, T.SECRECY, T.MEETING, T.GIFTS, T.MEETING),
    "blackmailer": (T.FLATTERY, T.PLATFORM_MOVE, T.IMAGE_REQUEST, T.SECRECY, T.PRESSURE, T.THREAT, T.PRESSURE, T.THREAT),
    "patient": (T.FLATTERY, T.SECRECY, T.FLATTERY, T.RISK_ASSESSMENT, T.SECRECY),
    "hider": (T.RISK_ASSESSMENT, T.SECRECY, T.PLATFORM_MOVE, T.RISK_ASSESSMENT, T.SECRECY, T.IMAGE_REQUEST),
}  # fmt: skip

#: Tactics of which one real line may stand in a benign chat.
MILD: Final = (
    T.AGE_PROBING,
    T.PERSONAL_PROBING,
    T.FLATTERY,
    T.GIFTS,
    T.PLATFORM_MOVE,
    T.RISK_ASSESSMENT,
    T.MEETING,
    T.IMAGE_REQUEST,
)
_MOODS: Final[Mapping[str, tuple[str, ...]]] = {
    "flattered": ("neutral", "flattered", "flattered", "curious"),
    "wary": ("neutral", "wary", "wary", "refusing"),
    "joking": ("joking", "joking", "neutral", "curious"),
    "refusing": ("wary", "refusing", "refusing", "scared"),
    "plain": ("neutral", "neutral", "curious", "flattered", "wary"),
}


@dataclass
class _Line:
    child: bool
    text: str
    tactic: Tactic | None = None
    new_day: bool = False


class Generator:
    """Composes conversations of one language; the same seed gives the same conversations."""

    def __init__(self, corpus: LanguageCorpus, seed: int, noise: float = 1.0) -> None:
        self.corpus = corpus
        self.random = random.Random(f"{seed}-{corpus.language}")
        self.noise = noise
        self._by_tactic = {(tactic, twin): corpus.of(tactic, twin) for tactic in Tactic for twin in (False, True)}

    def conversations(self, count: int, grooming_share: float = 0.45) -> Iterator[Conversation]:
        """`count` conversations, grooming and benign mixed."""
        for number in range(count):
            grooming = self.random.random() < grooming_share
            lines = self._grooming() if grooming else self._benign()
            yield self._finish(lines, grooming, f"{self.corpus.language}-{number:05d}")

    # --- lines -------------------------------------------------------------------------------------------------------

    def _pick(self, name: str) -> str:
        return self.random.choice(self.corpus.talk[name])

    def _utterance(self, tactic: Tactic, twin: bool = False) -> Utterance | None:
        choices = self._by_tactic[tactic, twin]
        return self.random.choice(choices) if choices else None

    def _small_talk(self, count: int) -> list[_Line]:
        return [
            _Line(self.random.random() < 0.5, self._pick(self.random.choice(("small_talk", "small_talk", "neutral"))))
            for _ in range(count)
        ]

    def _scene(self, kinds: tuple[str, ...]) -> list[_Line]:
        scene: Scene = self.random.choice([s for s in self.corpus.scenes if s.kind in kinds] or list(self.corpus.scenes))
        lines = [_Line(child, text) for child, text in scene.lines]
        if self.random.random() < 0.3 and len(lines) > 5:
            start = self.random.randrange(len(lines) - 4)
            lines = lines[start : start + self.random.randint(4, len(lines))]
        return lines

    def _answer(self, mood: str) -> list[_Line]:
        chance = self.random.random()
        if chance < 0.15:
            return []
        lines = [_Line(True, self._pick(self.random.choice(_MOODS[mood])))]
        if chance > 0.85:
            lines.append(_Line(True, self._pick("neutral")))
        return lines

    def _everyday(self, messages: int, kinds: tuple[str, ...]) -> list[_Line]:
        lines: list[_Line] = []
        while len(lines) < messages:
            if self.random.random() < 0.6:
                lines += self._scene(kinds)
            else:
                lines += self._small_talk(self.random.randint(2, 6))
            if lines and self.random.random() < 0.4 and len(lines) < messages:
                block = self._small_talk(1)
                block[0].new_day = True
                lines += block
        return lines

    # --- stories -----------------------------------------------------------------------------------------------------

    def _grooming(self) -> list[_Line]:
        source = self.random
        plan = list(PERSONAS[source.choice(tuple(PERSONAS))])
        for i in range(len(plan) - 1):
            if source.random() < 0.3:
                plan[i], plan[i + 1] = plan[i + 1], plan[i]
        if source.random() < 0.4:
            plan = plan[: source.randint(3, len(plan))]
        for _ in range(source.choice((0, 0, 1, 1, 2, 3))):
            plan.insert(source.randrange(len(plan) + 1), source.choice(tuple(Tactic)))
        mood = source.choice(tuple(_MOODS))
        lines: list[_Line] = []
        before = source.choices((0, 3, 8, 20, 60, 150), weights=(20, 30, 25, 14, 8, 3))[0]
        if source.random() < 0.75:
            lines += [_Line(False, self._pick("openers")), *self._answer("plain")]
        if before:
            lines += self._everyday(before, ("online", "game", "friends", "adult"))[: before + 4]
        dense = source.random() < 0.4
        for tactic in plan:
            if source.random() < 0.12:
                mood = source.choice(tuple(_MOODS))
            for _ in range(source.choice((1, 1, 1, 2, 2, 3)) if not dense else 1):
                found = self._utterance(tactic)
                if found is None:
                    continue
                lines.append(_Line(False, found.text, tactic))
                if source.random() < 0.7:
                    lines += self._answer(mood)
            if lines and lines[-1].child is False:
                lines += self._answer(mood)
            if source.random() < (0.25 if dense else 0.6):
                lines += self._small_talk(source.randint(1, 4 if dense else 6))
            if source.random() < 0.08:
                lines += self._scene(("friends", "online", "game"))
            if source.random() < 0.2 and lines:
                opener = _Line(False, self._pick("openers"), new_day=True)
                lines.append(opener)
        return lines

    def _benign(self) -> list[_Line]:
        source = self.random
        kinds = source.choice(
            (
                ("friends",),
                ("friends", "online"),
                ("family",),
                ("family",),
                ("adult",),
                ("game", "online"),
                ("friends", "game"),
            )
        )
        length = source.choices((6, 14, 30, 70, 200), weights=(25, 35, 25, 11, 4))[0]
        lines: list[_Line] = []
        if source.random() < 0.5:
            lines += [_Line(False, self._pick("openers")), *self._answer("plain")]
        twins = source.choices((0, 1, 3, 6, 10), weights=(15, 20, 30, 25, 10))[0]
        lines += self._everyday(source.randint(2, max(3, length // 2)), kinds)
        favourites = source.sample(tuple(Tactic), k=source.randint(1, 6))
        for _ in range(twins):
            found = self._utterance(source.choice(favourites), twin=True)
            if found:
                lines += [_Line(source.random() < 0.2, found.text), *self._answer(source.choice(tuple(_MOODS)))]
            if source.random() < 0.5:
                lines += self._small_talk(source.randint(1, 3))
        if source.random() < 0.30:
            found = self._utterance(source.choice(MILD))
            if found:
                lines += [_Line(source.random() < 0.3, found.text, found.tactic), *self._answer("plain")]
        if len(lines) < length:
            lines += self._everyday(length - len(lines), kinds)
        if source.random() < 0.3:
            lines.append(_Line(source.random() < 0.5, self._pick("closers")))
        return lines

    # --- finishing ---------------------------------------------------------------------------------------------------

    def _finish(self, lines: list[_Line], grooming: bool, name: str) -> Conversation:
        source = self.random
        strength = source.choice((0.0, 0.5, 1.0, 1.0, 2.0)) * self.noise
        hidden = source.random() < 0.25
        timed = source.random() < 0.6
        at = datetime(2026, 1, 1, 15, tzinfo=UTC) + timedelta(minutes=source.randrange(200 * 24 * 60))
        # One chat in ten is written in bursts: a thought over several messages.
        bursts = source.random() < 0.12
        messages: list[Message] = []
        for line in lines[:300]:
            pieces = self._pieces(line.text) if bursts else [line.text]
            at += timedelta(hours=source.uniform(10, 60)) if line.new_day else timedelta(seconds=source.expovariate(1 / 40))
            for piece in pieces:
                messages.append(
                    Message(
                        speaker=Speaker.UNKNOWN if hidden else Speaker.CHILD if line.child else Speaker.CONTACT,
                        text=add_noise(piece, self.corpus.language, source, strength),
                        at=at if timed else None,
                        tactics=(line.tactic,) if line.tactic and piece is pieces[-1] else (),
                    )
                )
        onset = find_onset(messages) if grooming else None
        label = "grooming" if onset is not None else "benign"
        return Conversation(
            id=name, language=self.corpus.language, label=label, onset=onset, source="corpus", messages=tuple(messages)
        )

    def _pieces(self, text: str) -> list[str]:
        words = text.split(" ")
        if len(words) < 5 or self.random.random() < 0.5:
            return [text]
        cut = self.random.randint(2, len(words) - 2)
        return [" ".join(words[:cut]), " ".join(words[cut:])]


def find_onset(messages: list[Message]) -> int | None:
    """First message at which the tactics shown so far weigh enough for a gentle warning; None if they never do."""
    total = 0.0
    seen: set[Tactic] = set()
    for index, message in enumerate(messages):
        for tactic in message.tactics:
            total += REPEATED if tactic in seen else WEIGHTS[tactic]
            seen.add(tactic)
        if total >= ONSET and len(seen) > 1:
            return index
    return None
