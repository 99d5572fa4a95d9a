"""The settings a carer or the child chose, with their defaults. What a setting does is decided where it is used."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Final, Literal, cast, get_args

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from nightlight.storage.database import Database
from nightlight.storage.table import SettingRow

Sensitivity = Literal["low", "medium", "high"]
SENSITIVITIES: Final = cast(tuple[Sensitivity, ...], get_args(Sensitivity))


@dataclass(frozen=True)
class Settings:
    """How Nightlight behaves on this computer.

    `country` is an ISO 3166 code that chooses the help lines, `language` one of the seven; None leaves both to the
    browser. `cooldown` is the least time between two gentle hints about one contact; None is the warning policy's own.
    """

    sensitivity: Sensitivity = "medium"
    country: str | None = None
    language: str | None = None
    cooldown: timedelta | None = None


class SettingStore:
    """Reads and changes the settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Settings:
        """The settings as they are now; a value that this version cannot use is left out."""
        with self._database.reading() as session:
            rows = {row.name: row.value for row in session.scalars(select(SettingRow))}
        settings = Settings()
        if rows.get("sensitivity") in SENSITIVITIES:
            settings = replace(settings, sensitivity=cast(Sensitivity, rows["sensitivity"]))
        if rows.get("cooldown", "").isdigit():
            settings = replace(settings, cooldown=timedelta(seconds=int(rows["cooldown"])))
        return replace(
            settings,
            country=rows.get("country") or None,
            language=rows.get("language") or None,
        )

    def write(self, settings: Settings) -> None:
        """Keep all settings as given."""
        with self._database.writing() as session:
            for field in fields(settings):
                value = getattr(settings, field.name)
                text = str(int(value.total_seconds())) if isinstance(value, timedelta) else value or ""
                row = insert(SettingRow).values(name=field.name, value=text)
                session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": text}))
