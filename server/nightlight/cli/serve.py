"""`nightlight serve`: runs the helper until it is told to stop."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import nightlight
from nightlight.cli.option import DEFAULT_PORT, PlainError, bundle_option, data_option

if TYPE_CHECKING:
    from nightlight.storage import Storage
    from nightlight.warning import Assessor


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
    # Until the server minds signals itself: nothing is half done that would need tidying, and an exception may be lost
    # in somebody's import, or wait for a thread.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    _forbid_core_dumps()
    with _listener(port) as listener:
        _serve(listener, data, bundle)


def _serve(listener: socket.socket, data: Path | None, folder: Path | None) -> None:
    port = int(listener.getsockname()[1])
    gc.disable()  # nothing of what starts is garbage, and looking for it takes a twelfth of the start
    # The model loads in a thread while this one loads what the web and the database need: a tenth of a second less.
    cursor_key: Future[bytes] = Future()
    with ThreadPoolExecutor(max_workers=1) as pool:
        loading = pool.submit(_load_assessor, folder, cursor_key)
        try:
            storage = _open_storage(data)
            cursor_key.set_result(storage.cursor_key)
            from nightlight.api.app import create_app  # noqa: PLC0415
            from nightlight.api.log import set_up_logging  # noqa: PLC0415
            from nightlight.api.server import run  # noqa: PLC0415

            assessor = loading.result()
        except BaseException:
            cursor_key.cancel()  # else the thread would wait for it for ever, and this one for the thread
            raise
    with storage:
        set_up_logging()
        app = create_app(storage, assessor, port=port)
        gc.freeze()
        gc.enable()
        if not run(app, listener, _on_ready(port, lambda: storage.helper_started(port, datetime.now(UTC)))):
            raise PlainError("The helper could not start. Look at it with: nightlight doctor")
        storage.helper_stopped()


def _open_storage(data: Path | None) -> Storage:
    from nightlight.storage import Storage, StorageError, data_folder  # noqa: PLC0415

    try:
        return Storage(data_folder(data))
    except StorageError as error:
        raise PlainError(str(error)) from None


def _load_assessor(folder: Path | None, cursor_key: Future[bytes]) -> Assessor:
    from nightlight.model import Bundle, BundleError  # noqa: PLC0415
    from nightlight.warning import Assessor  # noqa: PLC0415

    try:
        bundle = Bundle.load(folder)
    except BundleError as error:
        raise PlainError(f"The model bundle cannot be used: {error}") from None
    assessor = Assessor(bundle, cursor_key.result())
    bundle.contents.clear()  # the model is in memory now, and the bytes of its files need not be there twice
    return assessor


def _on_ready(port: int, note: Callable[[], None]) -> Callable[[], None]:
    def ready() -> None:
        note()
        click.echo(f"Nightlight {nightlight.__version__} answers on http://127.0.0.1:{port}. Ctrl+C stops it.")
        sys.stdout.flush()

    return ready


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
