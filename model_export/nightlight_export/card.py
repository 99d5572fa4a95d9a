"""The model card: written from the manifest's measured numbers, never by hand."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nightlight.model.manifest import Manifest


def render_card(manifest: Manifest) -> str:
    """The card's text for a manifest."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # Markdown, from our own numbers
    )  # fmt: skip
    return environment.get_template("card.md.jinja").render(manifest=manifest, m=manifest.metrics)
