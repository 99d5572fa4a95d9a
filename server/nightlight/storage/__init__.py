"""What the helper keeps on disk: one SQLite file in the user's data folder, with every rule about it.

Here live settings, pairings, the ledger of tactics per contact, alerts and the health of the site adapters. Text
of a message never comes here, and a contact comes only as a keyed hash. Judging and HTTP know nothing of the tables.
"""

from __future__ import annotations

from nightlight.storage.database import StorageError
from nightlight.storage.folder import data_folder
from nightlight.storage.storage import Storage

__all__ = ["Storage", "StorageError", "data_folder"]
