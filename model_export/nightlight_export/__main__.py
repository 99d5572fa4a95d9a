"""`python -m nightlight_export` is `nightlight-export`."""

from __future__ import annotations

from nightlight_export.cli import main

main()
