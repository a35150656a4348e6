"""A real window offscreen, with asyncio running in Qt's loop while a plain test spins it.

A test is a function, not a coroutine: it drives widgets and waits with `qtbot.waitUntil`. Qt
calls every task from a timer then, at top level, as it does in the running program.
"""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
import qasync
import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QObject,
    QSettings,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gms_console.ui import theme
from gms_console.ui.console import Console
from gms_console.ui.garbage import WindowThreadCollector
from gms_console.ui.launch import history_of, make_window
from gms_console.ui.panes.flows.window import FlowsWindow
from gms_console.ui.panes.tool_window import ToolWindow
from gms_console.ui.window import MainWindow
from gms_console.ui.window_loop import WindowLoop
from gms_console.workspace import Draft, Workspace, load_workspace
from tests.support.cluster import Cluster, cluster
from tests.support.wire_server import WireServer

HERE = Path(__file__).parent
IGNORED_BY_QT = ("This plugin does not support ", 'Detected locale "C"')
PATIENCE_MS = 20_000
"""How long a window may take on a machine that is busy otherwise."""


class PatientBot(QtBot):
    """Waits for conditions as long as a slow machine may take."""

    def waitUntil(  # noqa: N802 - pytest-qt's name
        self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
    ) -> None:
        """Wait until the condition holds, or its assertions do."""
        __tracebackhide__ = True
        super().waitUntil(callback, timeout=timeout)


class OpenWindow(Protocol):
    """Opens a window, shown, active and with its catalogue loaded."""

    def __call__(
        self,
        workspace: Workspace | None = None,
        folder: Path | None = None,
        *,
        ready: bool = True,
    ) -> MainWindow:
        """Open on a workspace (or the one in `folder`); None for both is the first start."""
        ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fail a window's test when Qt warns of anything."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*IGNORED_BY_QT))


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Give what waits and drives, with patience."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Make dialogs Qt's own, and keep Qt's settings out of the home folder of a person."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    return ["gms-console", *theme.STYLE_ARGUMENTS]


@pytest.fixture(scope="session")
def settings_of_qt(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let file dialogs keep their settings in a folder of the tests."""
    folder = str(tmp_path_factory.mktemp("qt-settings"))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)


@pytest.fixture(scope="package", autouse=True)
def collected_in_the_window_thread(qapp: QApplication) -> Iterator[None]:
    """Collect garbage as the running program does, or a window dies in another thread."""
    with WindowThreadCollector():
        # As in the program: what is there to the end is not gone through again and again.
        gc.collect()
        gc.freeze()
        yield


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """Run asyncio in Qt's loop for a plain test; errors that no task took fail the test."""
    made = WindowLoop(qapp, already_running=True)
    asyncio.set_event_loop(made)
    unhandled: list[dict[str, Any]] = []
    made.set_exception_handler(lambda _, context: unhandled.append(context))
    yield made
    # Not stop(): it tells Qt to quit, and every later wait would return at once.
    made._QEventLoop__is_running = False
    qapp.aboutToQuit.disconnect(made._after_run_forever)
    made._after_run_forever()
    made.close()
    # Timers of calls that were cancelled run on. A garbage collection in another thread must not
    # be what ends the object that has them: Qt would go on to call it.
    shiboken6.delete(made._timer)
    asyncio.events._set_running_loop(None)
    asyncio.set_event_loop(None)
    assert unhandled == []


@pytest.fixture
def unstyled(qapp: QApplication, settings_of_qt: None) -> Iterator[QApplication]:
    """Give the application the console's colours, and its own look and clipboard back after it.

    There is no style sheet yet, as at the program's start: under it, a window takes twice as
    long to be put together.
    """
    font = qapp.font()
    theme.prepare_theme(qapp)
    manager = WindowManager()
    qapp.installEventFilter(manager)
    yield qapp
    qapp.removeEventFilter(manager)
    # A window that is half gone must not be styled once more.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.set_scheme(None)
    qapp.setStyleSheet("")
    theme._styled.clear()
    QApplication.setFont(font)
    QApplication.clipboard().clear()


@pytest.fixture
def application(unstyled: QApplication) -> QApplication:
    """Give the application the console's look, for parts of a window that stand alone."""
    theme.style_windows()
    return unstyled


@pytest.fixture
def qa() -> Iterator[Cluster]:
    """Two nodes of a cluster, to be written down as an environment."""
    with cluster() as made:
        yield made


@pytest.fixture
def open_window(
    loop: qasync.QEventLoop, unstyled: QApplication, qtbot: QtBot
) -> Iterator[OpenWindow]:
    """Open windows; each is closed at the end, and must leave no task and no thread."""
    threads = set(_threads())
    opened: list[MainWindow] = []

    def open_one(
        workspace: Workspace | None = None, folder: Path | None = None, *, ready: bool = True
    ) -> MainWindow:
        if workspace is None:
            workspace = load_workspace(folder) if folder is not None else Workspace()
        console = Console(workspace, history_folder=history_of(folder))
        window = make_window(console, folder)
        opened.append(window)
        if not theme.is_styled():
            theme.style_windows()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        if ready:
            console = window.console
            qtbot.waitUntil(lambda: console.services.catalogue is not None, timeout=PATIENCE_MS)
            # What is loaded in a thread tells the loop of its end: it must still be there then.
            qtbot.waitUntil(lambda: len(console.session.tasks) == 0, timeout=PATIENCE_MS)
            if not console.environment_error:
                qtbot.waitUntil(lambda: console.environment is not None, timeout=PATIENCE_MS)
        return window

    yield open_one
    with _qt_warnings() as warnings:
        for window in opened:
            window.flow_actions.ask_nothing()
            close_window(window, qtbot)
        for window in opened:
            window.deleteLater()
            window.console.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert warnings == []
    assert set(_threads()) - threads == set()


@pytest.fixture
def window(open_window: OpenWindow, wire: WireServer) -> MainWindow:
    """Open a window that would create `request-interaction`, without rows, at the wire server."""
    return open_window(
        Workspace(base_url=wire.base_url, create=Draft(service="request-interaction"))
    )


def close_window(window: MainWindow, qtbot: QtBot) -> None:
    """Close a window as a person does, and wait for its end; no task may be left."""
    window.close()
    qtbot.waitUntil(window.finished.is_set, timeout=PATIENCE_MS)
    assert len(window.console.session.tasks) == 0
    assert window.console.simulator.simulator is None


class WindowManager(QObject):
    """Makes the window below active again when a popup or dialog goes, as a desktop does.

    The offscreen platform gives every new window the activation and never gives it back.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look for windows that go; called for each event there is, so it looks at little."""
        if type(event) is QHideEvent and isinstance(watched, QWidget) and watched.isWindow():
            below = QApplication.activeModalWidget() or _window_above(watched)
            if below is None:
                below = next((one for one in reversed(_main_windows()) if one is not watched), None)
            if below is not None and below is not watched:
                below.activateWindow()
        return False


def _window_above(widget: QWidget) -> QWidget | None:
    """Give the window beside the main window that a popup or dialog was opened from."""
    above = widget.focusProxy() or widget.parentWidget()
    window = above.window() if above is not None else None
    beside = isinstance(window, FlowsWindow | ToolWindow) and window.isVisible()
    return window if beside else None


def _main_windows() -> list[MainWindow]:
    return [
        one
        for one in QApplication.topLevelWidgets()
        if isinstance(one, MainWindow) and one.isVisible()
    ]


class _qt_warnings:  # noqa: N801 - reads as a statement
    """Collect what Qt warns of where pytest-qt no longer listens."""

    def __enter__(self) -> list[str]:
        self._found: list[str] = []
        self._before = qInstallMessageHandler(self._take)
        return self._found

    def _take(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        del context
        quiet = kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}
        if not quiet and not text.startswith(IGNORED_BY_QT):
            self._found.append(text)

    def __exit__(self, *_: object) -> None:
        qInstallMessageHandler(self._before)


def _threads() -> list[threading.Thread]:
    """Give the threads that Python started, without those of the wire server.

    qasync's workers are Qt's threads; Python knows them as dummies that never go.
    """
    return [
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread) and not thread.name.startswith("wire-")
    ]
