"""What the terminal shows while a story plays: each message with its risk, as the product's Assessor judges it."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.story import Story
from nightlight.conversation import Message, Speaker
from nightlight.warning import Assessor, ContactState

NAME = 12  # cells of the writer's name
BAR = 14  # cells of the risk bar
STRONG = 0.5  # a tactic's score from which the terminal names it
COLOURS = {"none": "green", "nudge": "yellow", "urgent": "magenta"}


class Telling:
    """Tells one playing of a story, message by message, through the same code path as the helper's."""

    def __init__(self, console: Console, assessor: Assessor, story: Story) -> None:
        self._console = console
        self._assessor = assessor
        self._story = story
        self._contact = ContactState()
        self._messages: list[Message] = []
        console.print()
        kind = "a grooming story" if story.is_grooming else "an everyday story"
        console.rule(Text(f"{story.title} · {story.language} · {kind}", style="bold"), align="left", style="dim")

    def message(self, index: int) -> float:
        """Judge and print message `index`, which comes after all that were told before; return its risk."""
        message = self._story.messages[index]
        now = datetime.now(UTC)
        self._messages.append(message.model_copy(update={"at": now}))
        judged = self._assessor.assess(self._messages[-50:], contact=self._contact, sensitivity="medium", now=now)
        self._contact = judged.contact
        row = Table.grid(padding=(0, 1))
        row.add_column(width=NAME, no_wrap=True)
        row.add_column(width=max(24, min(self._console.width, 120) - NAME - BAR - 20), overflow="fold")
        row.add_column(width=BAR, no_wrap=True)
        row.add_column(width=4, justify="right")
        row.add_column(width=6)
        colour = COLOURS[judged.level]
        filled = round(judged.risk * BAR)
        strong = sorted(((score, str(name)) for name, score in judged.scores.items() if score >= STRONG), reverse=True)
        own = message.speaker is Speaker.CHILD
        said = Text(message.text)
        if strong and not own:  # what the child says is no tactic
            said.append("\n" + ", ".join(name.replace("_", " ") for _, name in strong[:3]), style="dim italic")
        row.add_row(
            Text("  child" if own else self._story.contact, style="dim" if own else "bold"),
            said,
            Text("━" * filled, style=colour) + Text("─" * (BAR - filled), style="dim"),
            f"{judged.risk:.0%}",
            Text(judged.level if judged.level != "none" else "", style=colour),
        )
        self._console.print(row)
        return judged.risk
