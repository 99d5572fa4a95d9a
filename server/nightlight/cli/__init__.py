"""The command `nightlight`: what a person types on the child's computer. Each command is a module beside this one.

A command is imported when it is asked for, so that `nightlight pair` need not wait for what `nightlight score` needs.
"""

from __future__ import annotations

import importlib
from typing import Final

import click

import nightlight

#: Each command and the module it lives in, under the same name.
COMMANDS: Final = ("serve", "pair", "score", "doctor", "settings", "unpair")


class _Commands(click.Group):
    """A group that imports its commands late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"nightlight.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(nightlight.__version__, prog_name="nightlight", message="%(prog)s %(version)s")
def main() -> None:
    """Nightlight, the helper beside the browser: it judges chats on this computer and sends nothing anywhere."""
