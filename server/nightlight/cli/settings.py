"""`nightlight settings`: shows and changes how Nightlight behaves on this computer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightlight.cli.option import PlainError, data_option

if TYPE_CHECKING:
    from nightlight.storage.setting import Sensitivity

_LANGUAGES = ("automatic", "en", "nl", "fr", "de", "el", "it", "lt")


@click.command()
@click.option("--sensitivity", type=click.Choice(["low", "medium", "high"]), help="How early a hint comes; high is sooner wrong.")
@click.option("--country", metavar="CODE", help="Two letters, as BE or LT: whose help lines are shown; 'none' to leave it open.")
@click.option("--language", type=click.Choice(_LANGUAGES), help="Language of the hints.")
@click.option(
    "--cooldown", type=click.IntRange(0, 24 * 30), metavar="HOURS", help="Least time between two gentle hints about one contact."
)
@data_option
def settings(
    sensitivity: Sensitivity | None, country: str | None, language: str | None, cooldown: int | None, data: Path | None
) -> None:
    """Show the settings, or change those that are given. A running helper follows within the next message."""
    from nightlight.storage import Storage, StorageError, data_folder  # noqa: PLC0415  slow to import

    try:
        with Storage(data_folder(data)) as storage:
            chosen = storage.settings.read()
            if sensitivity is not None:
                chosen = replace(chosen, sensitivity=sensitivity)
            if country is not None:
                chosen = replace(chosen, country=_country(country))
            if language is not None:
                chosen = replace(chosen, language=None if language == "automatic" else language)
            if cooldown is not None:
                chosen = replace(chosen, cooldown=timedelta(hours=cooldown))
            storage.settings.write(chosen)
    except StorageError as error:
        raise PlainError(str(error)) from None
    hours = "24 hours" if chosen.cooldown is None else f"{chosen.cooldown / timedelta(hours=1):g} hours"
    click.echo(f"sensitivity  {chosen.sensitivity}")
    click.echo(f"country      {chosen.country or 'not set'}")
    click.echo(f"language     {chosen.language or 'automatic'}")
    click.echo(f"cooldown     {hours}")


def _country(code: str) -> str | None:
    if code.lower() == "none":
        return None
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise PlainError(f"{code!r} is not a country code; give two letters, as BE, GR, IT or LT")
    return code.upper()
