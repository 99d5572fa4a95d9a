"""`nightlight pair`: shows a code for two minutes, with which the browser extension pairs with the running helper."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import click

from nightlight.cli.option import DEFAULT_PORT, PlainError, data_option, port_option

if TYPE_CHECKING:
    from nightlight.storage import Storage
    from nightlight.storage.pairing import WindowState

_POLL_SECONDS: Final = 0.25


class _Show(Protocol):
    def __call__(self, seconds_left: int) -> None: ...


@click.command(short_help="Show a code for two minutes, to pair a browser.")
@port_option
@data_option
def pair(port: int | None, data: Path | None) -> None:
    """Show a code for two minutes; type it on the extension's welcome page."""
    from nightlight.storage import Storage, StorageError, data_folder  # noqa: PLC0415  slow to import

    try:
        with Storage(data_folder(data), create=False) as storage:
            _check_helper(storage, port)
            _pair(storage)
    except StorageError as error:
        raise PlainError(str(error)) from None


def _check_helper(storage: Storage, port: int | None) -> None:
    """A code is worth nothing unless a helper runs with this very data folder."""
    from nightlight.cli.neighbour import Kind, look  # noqa: PLC0415

    running = storage.helper()
    asked = port or (running.port if running else DEFAULT_PORT)
    neighbour = look(asked)
    if neighbour.kind is Kind.NOBODY:
        raise PlainError(f"The helper is not running (nobody is on port {asked}). Start it first: nightlight serve")
    if neighbour.kind is Kind.OTHER:
        raise PlainError(f"Another program, which is not Nightlight, answers on port {asked}. See: nightlight doctor")
    if running is None or running.port != asked:
        raise PlainError(
            f"The helper on port {asked} keeps its data in another folder than {storage.folder}. Name the same one with --data."
        )


def _pair(storage: Storage) -> None:
    from nightlight.storage.pairing import WINDOW_SECONDS, WindowState, new_code  # noqa: PLC0415

    code = new_code()
    window = storage.pairings.open_window(code, datetime.now(UTC))
    ends = time.monotonic() + WINDOW_SECONDS
    state = WindowState.OPEN
    try:
        with _shown(code) as show:
            while state is WindowState.OPEN:
                show(max(0, round(ends - time.monotonic())))
                time.sleep(_POLL_SECONDS)
                state = storage.pairings.window_state(window, datetime.now(UTC))
    except KeyboardInterrupt:
        raise PlainError("Not paired: stopped.") from None
    finally:
        storage.pairings.close_window(window)
    _tell(storage, state)


def _tell(storage: Storage, state: WindowState) -> None:
    from nightlight.storage.pairing import WindowState  # noqa: PLC0415

    if state is WindowState.PAIRED:
        click.echo(f"Paired with {storage.pairings.list()[-1].origin}.")
        return
    raise PlainError(
        {
            WindowState.EXPIRED: "Not paired: the two minutes are over. Ask for a new code with: nightlight pair",
            WindowState.CLOSED: "Not paired: five wrong codes were tried. Ask for a new code with: nightlight pair",
            WindowState.REPLACED: "Not paired: another code was asked for meanwhile, or the pairing was stopped.",
        }[state]
    )


@contextmanager
def _shown(code: str) -> Iterator[_Show]:
    """Show the code: large, with a countdown, on a terminal; as one line for whatever reads it otherwise."""
    hint = "Type it on Nightlight's welcome page in the browser."
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        click.echo(f"Code: {code}\n{hint}")
        sys.stdout.flush()
        yield lambda seconds_left: None
        return
    from rich.align import Align  # noqa: PLC0415
    from rich.console import Console, Group  # noqa: PLC0415
    from rich.live import Live  # noqa: PLC0415
    from rich.panel import Panel  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    with Live(console=Console(), refresh_per_second=4, transient=True) as live:

        def show(seconds_left: int) -> None:
            minutes, seconds = divmod(seconds_left, 60)
            spaced = Align.center(Text(" ".join(f"{code[:3]} {code[3:]}"), style="bold"))
            rest = Text(f"{hint} It is good for {minutes}:{seconds:02d}.", style="dim")
            live.update(Panel(Group(spaced, Text(), rest), title="Pairing code", expand=False, padding=(1, 4)))

        yield show
