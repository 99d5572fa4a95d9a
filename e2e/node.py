"""Where Node is: the one that `make setup` put into the virtual environment, else the system's."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def node_program() -> str:
    """Return the path of Node's program; an AssertionError says how to get one."""
    own = Path(sys.prefix) / "node" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    assert found, "Node is missing; `make setup` installs it"
    return found
