"""The helper: the service beside the browser that judges a chat on the child's own computer.

Ground floor: `conversation`, `tactic`, `text`, `model`. Above it: `warning`, `storage`. On top: `api`, `cli`.
Imports go downwards only.
"""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
