"""Stories to play in the demonstration: short chats in seven languages, and where they are kept. No playing here.

A story is a conversation in the interchange format with a title and the contact's name. It is demonstration text: the
model is never trained on it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from nightlight.conversation import Conversation

FOLDER = Path(__file__).parent / "stories"


class Story(Conversation):
    """One chat to play; `id` is unique within its language."""

    language: str
    label: str
    title: str
    contact: str

    @property
    def is_grooming(self) -> bool:
        """Whether the story shows the pattern that Nightlight is to notice."""
        return self.label == "grooming"


class NoSuchStoryError(LookupError):
    """The asked language or story does not exist; the message lists those that do."""


def languages() -> list[str]:
    """List the languages that have stories, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@cache
def stories(language: str) -> tuple[Story, ...]:
    """Read the stories of one language, in the order of its file.

    Raises NoSuchStoryError when the language has none.
    """
    path = FOLDER / f"{language}.json"
    if not path.is_file():
        raise NoSuchStoryError(f"No stories in '{language}'. Languages: {', '.join(languages())}.")
    return tuple(Story.model_validate(item) for item in json.loads(path.read_text(encoding="utf-8")))


def find(language: str, name: str) -> Story:
    """Return the story called `name`; raises NoSuchStoryError."""
    for story in stories(language):
        if story.id == name:
            return story
    names = ", ".join(story.id for story in stories(language))
    raise NoSuchStoryError(f"No story '{name}' in '{language}'. Stories: {names}.")
