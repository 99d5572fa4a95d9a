"""`nightlight-export`: train, export, evaluate and describe a bundle."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console

console = Console()
_DATA = Path("../shared/data")
_WORK = Path("build/model")


@click.group()
@click.version_option(package_name="nightlight")
def main() -> None:
    """Make Nightlight's model: corpora -> teacher -> student -> calibrated int8 bundle."""


def _data(path: Path | None) -> Path | None:
    return path if path is not None else _DATA if _DATA.is_dir() else None


_data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the everyday text and transcripts (default ../shared/data, if it is there).",
)
_work_option = click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=_WORK,
    show_default=True,
    help="Where stages and checkpoints are kept.",
)


@main.command()
@click.argument("recipe", default="full")
@_data_option
@_work_option
@click.option("--out", type=click.Path(path_type=Path), help="Where the bundle goes (default WORK/RECIPE/bundle).")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your own cleared cases, JSON Lines, to train on as well.",
)
@click.option("--restart", is_flag=True, help="Forget what this recipe's earlier runs left.")
def train(recipe: str, data: Path | None, work: Path, out: Path | None, corpus: Path | None, restart: bool) -> None:
    """Train a RECIPE (open, full, tiny, or a TOML file) into a bundle. Interrupted, it goes on where it stopped."""
    from nightlight_export.recipe import load_recipe  # noqa: PLC0415  # torch is slow to load; --help must not wait
    from nightlight_export.train import Training  # noqa: PLC0415

    try:
        loaded = load_recipe(recipe)
        folder = work / loaded.name
        if restart and folder.exists():
            import shutil  # noqa: PLC0415

            shutil.rmtree(folder)
        target = Training(loaded, work, _data(data), corpus).run(out or folder / "bundle")
    except (FileNotFoundError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    console.print(f"bundle written to {target}")


@main.command()
@click.argument("recipe", default="full")
@_data_option
@_work_option
@click.option("--out", type=click.Path(path_type=Path), help="Where the bundle goes (default WORK/RECIPE/bundle).")
@click.option("--fp32", is_flag=True, help="Keep 32-bit weights, to compare with int8.")
def export(recipe: str, data: Path | None, work: Path, out: Path | None, fp32: bool) -> None:
    """Export an already trained RECIPE again: ONNX, int8, calibration, manifest."""
    from nightlight_export.recipe import load_recipe  # noqa: PLC0415
    from nightlight_export.train import Training  # noqa: PLC0415

    try:
        loaded = load_recipe(recipe)
        training = Training(loaded, work, _data(data))
        training.export(out or work / loaded.name / "bundle", int8=not fp32)
    except (FileNotFoundError, ValueError) as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.argument("bundle", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@_data_option
@click.option("--language", "languages", multiple=True, help="Only these languages of the hand-written set.")
@click.option("--benign", default=400, show_default=True, help="Chats of each benign set at most; 0 for all.")
@click.option("--json", "output", type=click.Path(path_type=Path), help="Write the figures here as well.")
def evaluate(bundle: Path | None, data: Path | None, languages: tuple[str, ...], benign: int, output: Path | None) -> None:
    """Measure a BUNDLE (the shipped one by default) through the same code path as `nightlight score`."""
    from nightlight.model import BundleError  # noqa: PLC0415
    from nightlight.warning import Assessor  # noqa: PLC0415
    from nightlight_export import evaluate as evaluation  # noqa: PLC0415
    from nightlight_export.everyday import LANGUAGES  # noqa: PLC0415

    try:
        assessor = Assessor.load(bundle)
    except BundleError as error:
        raise click.ClickException(str(error)) from None
    figures = evaluation.evaluate(assessor, _data(data), languages or LANGUAGES, benign or 10**9)
    evaluation.print_figures(figures, Console(width=170) if not sys.stdout.isatty() else console)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


@main.command()
def agreement() -> None:
    """Print how far the two readers of the hand-written chats agree."""
    from nightlight_export.agreement import all_agreement  # noqa: PLC0415
    from nightlight_export.everyday import LANGUAGES  # noqa: PLC0415

    for language, row in all_agreement(LANGUAGES).items():
        told = "  ".join(f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}" for name, value in row.items())
        click.echo(f"{language}  {told}")


@main.command()
@_data_option
@_work_option
@click.option("--benign", default=400, show_default=True, help="Chats of each benign set at most.")
@click.option("--json", "output", type=click.Path(path_type=Path), help="Write the figures here as well.")
def baselines(data: Path | None, work: Path, benign: int, output: Path | None) -> None:
    """Measure simpler methods on the same chats: bag of words, keyword list, MiniLM nearest neighbours."""
    from nightlight_export import baseline  # noqa: PLC0415

    figures = baseline.measure(_data(data), work / "cache", benign)
    baseline.print_figures(figures, Console(width=150) if not sys.stdout.isatty() else console)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


@main.command()
@click.argument("bundle", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--figures",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSON of `evaluate` to put into the manifest.",
)
@click.option(
    "--beside",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSON of another recipe's bundle, for the second column.",
)
@click.option(
    "--baselines",
    "simpler",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSON of `baselines`, for the comparison.",
)
def card(bundle: Path, figures: Path | None, beside: Path | None, simpler: Path | None) -> None:
    """Write the model card of BUNDLE from measured figures, and its hashes anew."""
    from nightlight.model import Bundle, BundleError  # noqa: PLC0415
    from nightlight_export.agreement import all_agreement  # noqa: PLC0415
    from nightlight_export.assembly import write_manifest  # noqa: PLC0415
    from nightlight_export.recipe import Recipe  # noqa: PLC0415

    try:
        manifest = Bundle.load(bundle).manifest
    except BundleError as error:
        raise click.ClickException(str(error)) from None
    metrics = dict(manifest.metrics)
    if figures:
        metrics["evaluation"] = json.loads(figures.read_text(encoding="utf-8"))
    if beside:
        metrics["beside"] = json.loads(beside.read_text(encoding="utf-8"))
    if simpler:
        metrics["baselines"] = json.loads(simpler.read_text(encoding="utf-8"))
    if found := all_agreement(manifest.recipe["languages"]):
        metrics["agreement"] = found
    write_manifest(
        bundle,
        Recipe.model_validate(manifest.recipe),
        manifest.version,
        manifest.thresholds,
        manifest.calibration,
        metrics,
    )
    console.print(f"card written to {bundle / 'MODEL_CARD.md'}")


@main.command()
@click.argument("bundle", type=click.Path(path_type=Path, exists=True, file_okay=False))
def ship(bundle: Path) -> None:
    """Put BUNDLE in the place of the one that the helper loads by default, after verifying it."""
    from nightlight.model import Bundle, BundleError  # noqa: PLC0415
    from nightlight.model.bundle import SHIPPED  # noqa: PLC0415
    from nightlight_export.assembly import install  # noqa: PLC0415

    try:
        Bundle.load(bundle)
    except BundleError as error:
        raise click.ClickException(str(error)) from None
    install(bundle, SHIPPED)
    console.print(f"shipped: {SHIPPED}")


if __name__ == "__main__":
    main()
