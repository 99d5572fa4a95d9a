"""Warning: from messages to a decision whether the child is shown a hint. No web, no database."""

from __future__ import annotations

from nightlight.warning.assessor import Assessment, Assessor, TacticEvidence
from nightlight.warning.contact import ContactState
from nightlight.warning.policy import Level, WarningPolicy

__all__ = ["Assessment", "Assessor", "ContactState", "Level", "TacticEvidence", "WarningPolicy"]
