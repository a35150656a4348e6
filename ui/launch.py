"""Opens the window: on the last environment, on the simulator, or for the tour."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSocketNotifier, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gms_console import __version__
from gms_console.workspace import (
    Workspace,
    WorkspaceError,
    config_folder,
    load_workspace,
    set_aside,
)

from .console import Console
from .display import has_display
from .garbage import WindowThreadCollector, settle
from .theme import STYLE_ARGUMENTS, prepare_theme, set_scheme, style_windows
from .window import MainWindow
from .window_loop import WindowLoop

Work = Callable[[MainWindow], Awaitable[int]]


def open_console() -> int:
    """Open the window where it was left; on the simulator at the first start."""
    if not has_display():
        print(  # noqa: T201 - for a terminal, before there is a window
            "There is no display here. Use the command line (gms-console send --help), or\n"
            "gms-console demo, which walks the tour offscreen.",
            file=sys.stderr,
        )
        return 2
    return run_window(_until_closed, config_folder())


def open_demo(tour: Path | None) -> int:
    """Open the window on the simulator; with `tour`, or with no display, walk the tour instead.

    The tour writes pictures and a report into that folder; those in dark colours only where the
    folder was given.
    """
    dark = tour is not None
    if tour is None and not has_display():
        tour = Path("tour")
        print(f"There is no display here: walking the tour offscreen, into {tour.absolute()}")  # noqa: T201
    if tour is None:
        return run_window(_in_demo_mode, config_folder(), on_simulator=True)
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_without_plugin_noise)
    from .tour import walk_tour  # noqa: PLC0415 - only the tour needs it

    folder = tour
    with TemporaryDirectory(prefix="gms-console-tour-", ignore_cleanup_errors=True) as passing:
        return run_window(
            lambda window: walk_tour(window, folder, dark=dark),
            None,
            on_simulator=True,
            history_folder=Path(passing),
        )


def open_replay(recording: Path) -> int:
    """Open the window in demo mode with a recording; nothing is sent while it plays."""
    if not has_display():
        print("There is no display here to replay a recording on.", file=sys.stderr)  # noqa: T201
        return 2

    async def replay(window: MainWindow) -> int:
        await _painted(window)
        window.demo.replay(recording)
        return await _until_closed(window)

    return run_window(replay, config_folder(), on_simulator=True)


def _without_plugin_noise(_kind: object, _context: object, text: str) -> None:
    """Pass on what Qt says, but for what its offscreen platform says of every window."""
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)  # noqa: T201 - where Qt would have written it


def run_window(
    work: Work,
    folder: Path | None,
    *,
    on_simulator: bool = False,
    history_folder: Path | None = None,
) -> int:
    """Run the application with one window; `work` decides when it is over and with what code.

    `folder` is where the workspace is kept, and the history unless it has a folder of its own;
    None keeps nothing.
    """
    application = QApplication.instance() or QApplication([*sys.argv[:1], *STYLE_ARGUMENTS])
    if not isinstance(application, QApplication):
        raise TypeError("a window needs a QApplication")
    application.setApplicationName("GMS Console")
    application.setApplicationVersion(__version__)
    # The tasks end after the window has gone, so its going must not end the loop.
    application.setQuitOnLastWindowClosed(False)
    prepare_theme(application)
    loop = WindowLoop(application)
    asyncio.set_event_loop(loop)
    with WindowThreadCollector(), loop:
        running = _run(work, folder, on_simulator=on_simulator, history_folder=history_folder)
        return int(loop.run_until_complete(running))


def history_of(folder: Path | None) -> Path | None:
    """Give where the history is kept beside a workspace."""
    return folder / "history" if folder is not None else None


async def _run(
    work: Work, folder: Path | None, *, on_simulator: bool, history_folder: Path | None = None
) -> int:
    workspace, message = _workspace(folder)
    _take_over_look(workspace)
    kept = history_folder or history_of(folder)
    console = Console(workspace, on_simulator=on_simulator, history_folder=kept)
    window = make_window(console, folder, loaded=settle)
    style_windows()
    window.show()
    if message:
        window.show_message(message)
    with _closing_on_signal(window):
        working = asyncio.ensure_future(work(window))
        closed = asyncio.ensure_future(window.finished.wait())
        await asyncio.wait({working, closed}, return_when=asyncio.FIRST_COMPLETED)
        interrupted = not working.done()
        working.cancel()
        window.close_unasked()
        await asyncio.wait({working, closed})
    return 130 if interrupted else working.result()


def _take_over_look(workspace: Workspace) -> None:
    """Use the colours and the text size that were chosen last."""
    if workspace.scheme in {"light", "dark"}:
        set_scheme(Qt.ColorScheme[workspace.scheme.capitalize()])
        application = QApplication.instance()
        if isinstance(application, QApplication):
            prepare_theme(application)
    if workspace.zoom:
        font = QFont(QApplication.font())
        font.setPointSizeF(max(font.pointSizeF() + workspace.zoom, 6.0))
        QApplication.setFont(font)


def make_window(
    console: Console, folder: Path | None, loaded: Callable[[], None] = lambda: None
) -> MainWindow:
    """Make the window; catalogue and simulator follow when it has been painted, then `loaded`."""
    console.services.own.folder = folder
    console.environments.config_folder = folder
    window = MainWindow(console, folder)
    QTimer.singleShot(0, window, lambda: _after_first_paint(window, loaded))
    return window


def _after_first_paint(window: MainWindow, loaded: Callable[[], None]) -> None:
    console = window.console
    console.session.tasks.start(
        _load_catalogue(console, loaded), name="load the catalogue", owner=console
    )
    if not console.base_url_text and not console.environments.chosen:
        console.use_simulator()


_OF_THE_FIRST_REQUEST = (
    "gms_console.client.attempt",
    "gms_console.client.transport",
    "anyio._backends._asyncio",  # which httpcore asks for by name when it first locks
)
_OF_THE_FIRST_ANSWER = ("gms_console.viewing.reader", ".body_desk", ".panes.answer.size_bar")
_OF_THE_FLOWS = (
    "gms_console.flow.types",
    "gms_console.flow.folder",
    "gms_console.runner.events",
    ".flows.desk",
    ".flows.run_desk",
    ".panes.flows.explorer",
    ".panes.flows.flow_head",
    ".panes.flows.step_editor",
    ".panes.flows.window",
    ".panes.flows.run_part",
)


async def _load_catalogue(console: Console, loaded: Callable[[], None]) -> None:
    try:
        if console.environments.chosen:
            # Nothing can be sent before; the catalogue only helps.
            await console.environments.load()
        await console.services.own.load()
    finally:
        # What is sent before waits for it; the catalogue is looked at before anything is sent.
        console.history.start(console.history.open(), "open the history")
    await _import_ahead()
    await _load_problems(console)
    if not console.environments.loaded:
        await console.environments.load()
    loaded()


async def _import_ahead() -> None:
    """Import what the first request would wait for, what shows the first answer, and the flows."""
    for name in _OF_THE_FIRST_REQUEST:
        await asyncio.to_thread(import_module, name)
    for name in (*_OF_THE_FIRST_ANSWER, *_OF_THE_FLOWS):
        import_module(name, __package__)
        await asyncio.sleep(0)


async def _load_problems(console: Console) -> None:
    """Read the table that explains problems, before there is one to explain."""
    from gms_console.problems import load_problems  # noqa: PLC0415 - after the first paint

    folder = console.services.own.folder
    console.problems, errors = await asyncio.to_thread(load_problems, folder)
    if errors:
        console.message.emit("; ".join(errors))


def _workspace(folder: Path | None) -> tuple[Workspace, str]:
    if folder is None:
        return Workspace(), ""
    try:
        return load_workspace(folder), ""
    except WorkspaceError as error:
        try:
            aside = set_aside(folder)
        except OSError:
            return Workspace(), f"The last workspace could not be read. {error}"
        return Workspace(), f"The last workspace could not be read; it is kept as {aside}. {error}"


async def _painted(window: MainWindow) -> None:
    """Wait for the first picture, which comes before what the stage is made of is loaded."""
    painted = asyncio.Event()
    QTimer.singleShot(0, window, painted.set)
    await painted.wait()


async def _in_demo_mode(window: MainWindow) -> int:
    await _painted(window)
    window.demo.enter()
    return await _until_closed(window)


async def _until_closed(window: MainWindow) -> int:
    await window.finished.wait()
    return 0


class _closing_on_signal:  # noqa: N801 - reads as a statement
    """Close the window on Ctrl+C and SIGTERM; Qt's loop would not notice them by itself."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def __enter__(self) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_signal)
        self._handlers = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._wakeup = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)

    def _on_signal(self) -> None:
        self._ours.recv(64)
        self._window.close_unasked()

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()
