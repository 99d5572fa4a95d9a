"""`nightlight serve`: runs the helper until it is told to stop."""

from __future__ import annotations

import errno
import gc
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import nightlight
from nightlight.cli.option import DEFAULT_PORT, PlainError, bundle_option, data_option

if TYPE_CHECKING:
    from nightlight.model import Bundle


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    envvar="NIGHTLIGHT_PORT",
    help="The port on 127.0.0.1 to answer on; 0 takes a free one.",
)
@data_option
@bundle_option
def serve(port: int, data: Path | None, bundle: Path | None) -> None:
    """Run the helper until Ctrl+C or SIGTERM.

    It answers on 127.0.0.1 only, and only the browser extension that was paired with it: nightlight pair.
    """
    # Until the server minds signals itself, SIGTERM ends the start like Ctrl+C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _forbid_core_dumps()
    try:
        with _listener(port) as listener:
            _serve(listener, data, bundle)
    except KeyboardInterrupt:
        pass


def _serve(listener: socket.socket, data: Path | None, folder: Path | None) -> None:
    port = int(listener.getsockname()[1])
    gc.disable()  # nothing of what starts is garbage, and looking for it takes a twelfth of the start
    # The model's libraries load in a thread while this one loads the web's and the database's: a third of the start.
    with ThreadPoolExecutor(max_workers=1) as pool:
        loading = pool.submit(_load_bundle, folder)
        from nightlight.storage import Storage, StorageError, data_folder  # noqa: PLC0415

        try:
            storage = Storage(data_folder(data))
        except StorageError as error:
            raise PlainError(str(error)) from None
        from nightlight.api.app import create_app  # noqa: PLC0415
        from nightlight.api.log import set_up_logging  # noqa: PLC0415
        from nightlight.api.server import run  # noqa: PLC0415

        bundle = loading.result()
    with storage:
        from nightlight.warning import Assessor  # noqa: PLC0415

        set_up_logging()
        assessor = Assessor(bundle, storage.cursor_key)
        bundle.contents.clear()  # the model is in memory now, and the bytes of its files need not be there twice
        app = create_app(storage, assessor, port=port)
        gc.freeze()
        gc.enable()
        if not run(app, listener, _on_ready(port, lambda: storage.helper_started(port, datetime.now(UTC)))):
            raise PlainError("The helper could not start. Look at it with: nightlight doctor")
        storage.helper_stopped()


def _on_ready(port: int, note: Callable[[], None]) -> Callable[[], None]:
    def ready() -> None:
        note()
        click.echo(f"Nightlight {nightlight.__version__} answers on http://127.0.0.1:{port}. Ctrl+C stops it.")
        sys.stdout.flush()

    return ready


def _load_bundle(folder: Path | None) -> Bundle:
    from nightlight.model import Bundle, BundleError  # noqa: PLC0415

    try:
        return Bundle.load(folder)
    except BundleError as error:
        raise PlainError(f"The model bundle cannot be used: {error}") from None


def _listener(port: int) -> socket.socket:
    from nightlight.api.listener import listen  # noqa: PLC0415

    try:
        return listen(port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise PlainError(f"Port {port} cannot be used: {error.strerror}.") from None
        raise PlainError(_who_has(port)) from None


def _who_has(port: int) -> str:
    from nightlight.cli.neighbour import Kind, look  # noqa: PLC0415

    neighbour = look(port)
    if neighbour.kind is Kind.NIGHTLIGHT:
        return (
            f"Port {port} is taken: Nightlight {neighbour.version} is running there already. "
            "There is nothing to start; nightlight doctor tells how it is."
        )
    if neighbour.kind is Kind.OTHER:
        return (
            f"Port {port} is taken by another program, which is not Nightlight. "
            f"Stop that program, or start with another port: nightlight serve --port {port + 1 if port < 65535 else 0}"
        )
    return f"Port {port} may not be used by this user. Choose another one with --port."


def _forbid_core_dumps() -> None:
    """Keep a crash from writing the memory, with what a child wrote in it, to a file."""
    try:
        import resource  # noqa: PLC0415  not on Windows, which writes no core files by itself
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
