"""Long chats to measure with: made from the demonstration's lines with words exchanged, so that no text repeats."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from demo.story import languages, stories
from nightlight.conversation import Message, Speaker

WINDOW = 50
START = datetime(2026, 5, 1, 16, 0, tzinfo=UTC)


def long_chat(length: int, seed: int) -> list[Message]:
    """Make `length` messages, all different, of the length that chat messages have; the same for the same seed."""
    dice = random.Random(seed)
    lines = [m.text.split() for language in languages() for story in stories(language) for m in story.messages]
    words = [word for line in lines for word in line]
    seen: set[str] = set()
    chat: list[Message] = []
    at = START
    while len(chat) < length:
        line = list(dice.choice(lines))
        line[dice.randrange(len(line))] = dice.choice(words)
        text = " ".join(line)
        if text in seen:
            line.append(dice.choice(words))
            text = " ".join(line)
        if text in seen:
            continue
        seen.add(text)
        at += timedelta(seconds=dice.randrange(5, 120))
        speaker = Speaker.CONTACT if dice.random() < 0.6 else Speaker.CHILD
        chat.append(Message.model_validate({"from": speaker, "text": text, "at": at}))
    return chat
