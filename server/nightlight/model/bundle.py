"""A bundle: the folder that holds a model. It is verified file by file before anything of it is loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from nightlight.model.manifest import ENCODER_FILE, MANIFEST_FILE, SCORER_FILE, TOKENIZER_FILE, Manifest
from nightlight.tactic import TACTICS

#: The bundle that ships with the helper.
SHIPPED = Path(__file__).resolve().parent.parent / "bundle"
_NEEDED = (TOKENIZER_FILE, ENCODER_FILE, SCORER_FILE)
_LARGEST = 64 * 1024 * 1024


class BundleError(Exception):
    """A bundle that may not be loaded; the message names the file and says what to do."""


@dataclass(frozen=True)
class Bundle:
    """A verified bundle. `contents` are the very bytes that were hashed, so that a file swapped later is never loaded."""

    folder: Path
    manifest: Manifest
    contents: dict[str, bytes]

    @classmethod
    def load(cls, folder: Path | None = None) -> Bundle:
        """Read and verify `folder` (the shipped one by default). Raises BundleError."""
        folder = folder or SHIPPED
        manifest = _read_manifest(folder)
        if manifest.tactics != TACTICS:
            raise BundleError(
                f"{MANIFEST_FILE}: the tactics or their order differ from this helper's; use a matching bundle"
            )
        missing = [name for name in _NEEDED if name not in manifest.files]
        if missing:
            raise BundleError(f"{MANIFEST_FILE} does not list {', '.join(missing)}; the bundle is incomplete")
        contents: dict[str, bytes] = {}
        for name, wanted in manifest.files.items():
            data = _read_file(folder, name)
            if hashlib.sha256(data).hexdigest() != wanted:
                raise BundleError(
                    f"{name} does not match the manifest's SHA-256; it was changed or damaged. Install the bundle again"
                )
            if name in _NEEDED:
                contents[name] = data
        return cls(folder, manifest, contents)


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST_FILE
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise BundleError(f"{MANIFEST_FILE} is missing in {folder}; this is not a model bundle") from None
    except OSError as error:
        raise BundleError(f"{MANIFEST_FILE} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BundleError(f"{MANIFEST_FILE} is not valid: {where}: {first['msg']}") from None


def _read_file(folder: Path, name: str) -> bytes:
    if Path(name).name != name or name in {"", ".", ".."}:
        raise BundleError(f"{MANIFEST_FILE} names a file outside the bundle")
    path = folder / name
    try:
        if path.stat().st_size > _LARGEST:
            raise BundleError(f"{name} is larger than a bundle's file may be")
        return path.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{name} is missing; install the bundle again") from None
    except OSError as error:
        raise BundleError(f"{name} cannot be read: {error.strerror}") from None
