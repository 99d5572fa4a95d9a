"""Who answers on a port of this computer: a Nightlight helper, something else, or nobody."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from enum import StrEnum

_SECONDS = 2.0
_MOST_BYTES = 4096


class Kind(StrEnum):
    """What was found on a port."""

    NIGHTLIGHT = "nightlight"
    OTHER = "other"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Neighbour:
    """What answers on a port; `version` where it says that it is Nightlight."""

    port: int
    kind: Kind
    version: str | None = None


def look(port: int) -> Neighbour:
    """Ask `GET /version` on loopback. Only a hint for people: whoever took the port may say anything."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/version")
        answer = json.loads(connection.getresponse().read(_MOST_BYTES))
    except ConnectionRefusedError:
        return Neighbour(port, Kind.NOBODY)
    except (OSError, http.client.HTTPException, ValueError, RecursionError):
        return Neighbour(port, Kind.OTHER)
    finally:
        connection.close()
    version = answer.get("version") if isinstance(answer, dict) and answer.get("name") == "nightlight" else None
    if isinstance(version, str) and len(version) <= 32 and version.isprintable():
        return Neighbour(port, Kind.NIGHTLIGHT, version)
    return Neighbour(port, Kind.OTHER)
