"""`nightlight unpair`: forgets paired extensions, whose tokens are then worth nothing."""

from __future__ import annotations

from pathlib import Path

import click

from nightlight.cli.option import PlainError, data_option


@click.command()
@click.argument("pairing", required=False)
@data_option
def unpair(pairing: str | None, data: Path | None) -> None:
    """Forget PAIRING, or all pairings if none is named. `nightlight doctor` lists them.

    A browser that is forgotten shows that Nightlight is not paired, and nothing is judged until it is paired again.
    """
    from nightlight.storage import Storage, StorageError, data_folder  # noqa: PLC0415  slow to import

    try:
        with Storage(data_folder(data), create=False) as storage:
            if pairing is None:
                count = storage.pairings.forget_all()
                click.echo("No browser was paired." if count == 0 else f"Forgotten: {count} paired browser(s).")
            elif storage.pairings.forget(pairing):
                click.echo("Forgotten: 1 paired browser.")
            else:
                raise PlainError("There is no such pairing. List them with: nightlight doctor")
    except StorageError as error:
        raise PlainError(str(error)) from None
