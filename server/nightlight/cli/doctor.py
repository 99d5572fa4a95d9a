"""`nightlight doctor`: looks at each part of the installation and says in plain words how it is and what to do.

It looks and changes nothing. Each check is a function that yields findings; what is found is printed by `doctor`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

import nightlight
from nightlight.cli.option import DEFAULT_PORT, bundle_option, data_option, port_option

if TYPE_CHECKING:
    from nightlight.storage import Storage

#: An extension that was not heard of for so long is told about: nobody may have used the browser, or it may be gone.
_QUIET: Final = timedelta(days=7)
#: How far back reports about sites that cannot be read are looked at.
_RECENT: Final = timedelta(days=7)


class State(StrEnum):
    """How a thing is: well, worth knowing, or in need of somebody."""

    OK = "ok"
    NOTE = "note"
    DO = "do"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, and what to do where something is to be done."""

    check: str
    state: State
    found: str
    to_do: str | None = None


@click.command()
@port_option
@data_option
@bundle_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON object.")
def doctor(port: int | None, data: Path | None, bundle: Path | None, as_json: bool) -> None:
    """Say how Nightlight is on this computer, and what to do. The exit code is 1 if something needs doing."""
    findings = list(look_at_all(port, data, bundle))
    needs_doing = any(finding.state is State.DO for finding in findings)
    if as_json:
        report = {
            "version": nightlight.__version__,
            "ok": not needs_doing,
            "findings": [asdict(finding) for finding in findings],
        }
        click.echo(json.dumps(report, indent=2))
    else:
        _print(findings)
    if needs_doing:
        raise SystemExit(1)


def look_at_all(port: int | None, data: Path | None, bundle: Path | None) -> Iterator[Finding]:
    """All findings, in the order in which somebody would put things right."""
    from nightlight.storage import Storage, StorageError, data_folder  # noqa: PLC0415  slow to import

    yield _bundle(bundle)
    folder = data_folder(data)
    storage: Storage | None = None
    try:
        if (folder / "nightlight.sqlite3").is_file():
            storage = Storage(folder, create=False)
            yield _permissions(folder)
        else:
            yield Finding("data", State.DO, f"There is no data in {folder} yet.", "Start the helper once: nightlight serve")
    except StorageError as error:
        yield Finding("data", State.DO, str(error), "Do as it says, then start the helper: nightlight serve")
    running = storage.helper() if storage else None
    yield _helper(port or (running.port if running else DEFAULT_PORT))
    if storage is not None:
        with storage:
            yield from _pairings(storage, datetime.now(UTC))
            yield from _sites(storage, datetime.now(UTC))


def _bundle(folder: Path | None) -> Finding:
    from nightlight.model import Bundle, BundleError  # noqa: PLC0415  slow to import

    try:
        manifest = Bundle.load(folder).manifest
    except BundleError as error:
        return Finding("bundle", State.DO, f"The model bundle cannot be used: {error}.", "Install Nightlight again.")
    return Finding(
        "bundle",
        State.OK,
        f"{manifest.name} {manifest.version}: its {len(manifest.files)} files are as they were made.",
    )


def _permissions(folder: Path) -> Finding:
    from nightlight.storage.folder import too_open  # noqa: PLC0415

    open_paths = too_open(folder)
    if not open_paths:
        return Finding("data", State.OK, f"{folder} can be read by this user only.")
    names = " ".join(f"'{path}'" for path in open_paths)
    return Finding("data", State.DO, f"Other users of this computer can look into {folder}.", f"Close it: chmod go= {names}")


def _helper(port: int) -> Finding:
    from nightlight.cli.neighbour import Kind, look  # noqa: PLC0415

    neighbour = look(port)
    if neighbour.kind is Kind.NOBODY:
        return Finding("helper", State.DO, f"The helper is not running: nobody is on port {port}.", "Start it: nightlight serve")
    if neighbour.kind is Kind.OTHER:
        return Finding(
            "helper",
            State.DO,
            f"Another program, which is not Nightlight, answers on port {port}.",
            "Stop that program, then start the helper: nightlight serve",
        )
    if neighbour.version != nightlight.__version__:
        return Finding(
            "helper",
            State.DO,
            f"Nightlight {neighbour.version} is running on port {port}; version {nightlight.__version__} is installed.",
            "Stop the helper and start it again: nightlight serve",
        )
    return Finding("helper", State.OK, f"Nightlight {neighbour.version} is running on port {port}.")


def _pairings(storage: Storage, now: datetime) -> Iterator[Finding]:
    pairings = storage.pairings.list()
    if not pairings:
        yield Finding(
            "pairing",
            State.DO,
            "No browser is paired, so nothing is judged.",
            "Run nightlight pair, and type its code on the extension's welcome page.",
        )
    for pairing in pairings:
        quiet = now - pairing.contacted_at > _QUIET
        yield Finding(
            "pairing",
            State.NOTE if quiet else State.OK,
            f"{pairing.origin} is paired as {pairing.id} and was last heard of {_ago(now - pairing.contacted_at)}.",
            "If that browser was used since, look whether the extension is still switched on." if quiet else None,
        )


def _sites(storage: Storage, now: datetime) -> Iterator[Finding]:
    seen: set[str] = set()
    for count in storage.adapters.list():  # the newest report first: a site is as it was the last time
        if count.site in seen or now - count.last_at > _RECENT:
            continue
        seen.add(count.site)
        if count.state in ("broken", "degraded"):
            how = "cannot be read" if count.state == "broken" else "can be read in part only"
            yield Finding(
                "site",
                State.NOTE,
                f"{count.site} {how}, as the extension told {_ago(now - count.last_at)}.",
                "Reload the page. If it stays so, the site has changed: update Nightlight.",
            )


def _ago(time: timedelta) -> str:
    seconds = max(0, int(time.total_seconds()))
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"


def _print(findings: list[Finding]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    styles = {State.OK: ("ok", "green"), State.NOTE: ("note", "yellow"), State.DO: ("to do", "bold yellow")}
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for finding in findings:
        word, style = styles[finding.state]
        said = Text(finding.found)
        if finding.to_do:
            said.append(f"\n-> {finding.to_do}", style="bold")
        table.add_row(Text(word, style=style), Text(finding.check), said)
    console = Console(highlight=False, soft_wrap=False)
    console.print(table)
    to_do = sum(finding.state is State.DO for finding in findings)
    console.print("\nAll is well." if not to_do else f"\n{to_do} thing(s) to do, the first one first.")
