"""The data folder: where it lies on each platform and who may read it. What is in it is the business of `database`."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

DATABASE_NAME: Final = "nightlight.sqlite3"
FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600


def data_folder(override: Path | None = None) -> Path:
    """The folder to use: `override`, else the environment's NIGHTLIGHT_DATA, else the platform's user data folder."""
    if override is not None:
        return override.expanduser().absolute()
    from_environment = os.environ.get("NIGHTLIGHT_DATA")
    if from_environment:
        return Path(from_environment).expanduser().absolute()
    import platformdirs  # noqa: PLC0415  most callers name the folder, and every import counts in the start time

    return Path(platformdirs.user_data_dir("nightlight", appauthor=False))


def database_file(folder: Path) -> Path:
    """The SQLite file in a data folder."""
    return folder / DATABASE_NAME


def prepare(folder: Path) -> Path:
    """Make the folder and an empty database file where they are missing, readable by their owner only; give the file.

    A folder that already holds other things keeps its mode, since somebody else may need it (a home folder, say); the
    file in it is private all the same.
    """
    file = database_file(folder)
    if not folder.exists():
        folder.mkdir(parents=True, mode=FOLDER_MODE)
    if file.exists() or not any(folder.iterdir()):
        folder.chmod(FOLDER_MODE)
    # SQLite gives its -wal and -shm files the mode of the database, so one mode guards all three.
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, FILE_MODE))
    file.chmod(FILE_MODE)
    return file


def too_open(folder: Path) -> list[Path]:
    """The folder and the files of the database in it that somebody other than their owner may read or write."""
    if os.name == "nt":  # Windows keeps the user's profile private by access lists, which mode bits do not show
        return []
    paths = [folder, *sorted(folder.glob(DATABASE_NAME + "*"))]
    return [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]
