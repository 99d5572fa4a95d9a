"""Progress of long work, on the terminal as a bar and in a log as one line now and then."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Progress(TrainerCallback):  # type: ignore[misc]
    """Shows the Trainer's steps and loss with rich; without a terminal it prints a line about twice a minute."""

    def __init__(self, title: str = "training") -> None:
        self.title = title
        self.console = Console()
        self.bars: Bars | None = None
        self.task: Any = None
        self.printed = 0.0
        self.loss = float("nan")

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Open the bar."""
        if self.console.is_terminal:
            self.bars = Bars(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("loss {task.fields[loss]:.3f}"),
                console=self.console,
            )
            self.bars.start()
            self.task = self.bars.add_task(self.title, total=state.max_steps, completed=state.global_step, loss=self.loss)

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **_: Any) -> None:
        """Remember the loss."""
        self.loss = (logs or {}).get("loss", self.loss)
        if not self.bars and time.monotonic() - self.printed > 25:
            self.printed = time.monotonic()
            self.console.print(f"{self.title}: step {state.global_step} of {state.max_steps}, loss {self.loss:.3f}")

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Move the bar."""
        if self.bars:
            self.bars.update(self.task, completed=state.global_step, loss=self.loss)

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Close the bar."""
        if self.bars:
            self.bars.stop()
