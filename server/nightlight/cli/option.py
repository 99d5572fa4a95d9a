"""The options that several commands share, and how they end with a plain sentence instead of a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

DEFAULT_PORT: Final = 47470

_Command = TypeVar("_Command", bound=Callable[..., Any])


def data_option(command: _Command) -> _Command:
    """`--data FOLDER`: another data folder than the platform's; also NIGHTLIGHT_DATA."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="NIGHTLIGHT_DATA",
        help="Where Nightlight keeps its data; also NIGHTLIGHT_DATA.  [default: the user data folder]",
    )(command)


def bundle_option(command: _Command) -> _Command:
    """`--bundle FOLDER`: another model bundle than the shipped one; also NIGHTLIGHT_BUNDLE."""
    return click.option(
        "--bundle",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="NIGHTLIGHT_BUNDLE",
        help="The model bundle to judge with; also NIGHTLIGHT_BUNDLE.  [default: the shipped one]",
    )(command)


def port_option(command: _Command) -> _Command:
    """`--port NUMBER` for commands that look for a helper: by default the one noted in the data folder, else 47470."""
    return click.option(
        "--port",
        type=click.IntRange(1, 65535),
        envvar="NIGHTLIGHT_PORT",
        help=f"The helper's port.  [default: the running helper's, else {DEFAULT_PORT}]",
    )(command)


class PlainError(click.ClickException):
    """Ends a command with a sentence for a person on stderr, and exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the sentence."""
        click.echo(self.message, file=file, err=file is None)
