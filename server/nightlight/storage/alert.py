"""Alerts: that a hint was shown, where, how serious, and which tactics. Never what was said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from nightlight.storage.database import Database
from nightlight.storage.table import AlertRow


@dataclass(frozen=True)
class Alert:
    """A hint that was shown. `tactics` are scores from 0 to 1, `contact` is the keyed hash of the ledger."""

    at: datetime
    site: str
    level: str
    tactics: Mapping[str, float]
    contact: str


class AlertStore:
    """Writes alerts so that they outlive a power cut, and lists them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, alert: Alert) -> None:
        """Keep an alert."""
        tactics = json.dumps({tactic: round(score, 4) for tactic, score in alert.tactics.items()})
        with self._database.writing(durable=True) as session:
            session.add(AlertRow(at=alert.at, site=alert.site, level=alert.level, tactics=tactics, contact=alert.contact))

    def list(self) -> Sequence[Alert]:
        """All alerts that are kept, the newest first."""
        with self._database.reading() as session:
            rows = session.scalars(select(AlertRow).order_by(AlertRow.at.desc(), AlertRow.id.desc()))
            return [
                Alert(at=row.at, site=row.site, level=row.level, tactics=json.loads(row.tactics), contact=row.contact)
                for row in rows
            ]
