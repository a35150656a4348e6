"""What one sees of an answer, for tests of the window."""

from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QTabWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.support.wire_server import Answer, WireServer, body_answer
from tests.window.driving import find, open_tab, send

STICKY = ("Set-Cookie", "JSESSIONID=s3cr3t-a1.w1; Path=/genesys; HttpOnly")
"""A cookie as a load balancer adds one, which points to the node w1."""

TABS = {
    "Pretty": "answerView",
    "Raw": "answerRawView",
    "Headers": "answerHeadersView",
    "Timing": "answerTimingView",
    "Request": "answerRequestView",
    "Problem": "answerProblemView",
}
_OF_THE_BODY = ("Pretty", "Raw")


def answered(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: Answer | bytes) -> None:
    """Send the form, and have this as the answer: bytes as a body of JSON."""
    if isinstance(answer, bytes):
        answer = body_answer(answer, headers=[("Content-Type", "application/json")])
    wire.script(answer)
    send(window, wire, qtbot)
    qtbot.waitUntil(lambda: not window.console.sending)


def view_of(window: MainWindow, tab: str) -> QPlainTextEdit:
    """Give the text of a tab, or of a tab of the body."""
    return find(window, QPlainTextEdit, TABS[tab])


def open_view(window: MainWindow, tab: str) -> None:
    """Bring a view of the answer to the front by the mouse."""
    open_tab(find(window, QTabWidget, "answerTabs"), "Body" if tab in _OF_THE_BODY else tab)
    if tab in _OF_THE_BODY:
        open_tab(find(window, QTabWidget, "answerBodyTabs"), tab)


def shown_in(window: MainWindow, tab: str) -> str:
    """Bring a view to the front by the mouse, and give what it shows."""
    open_view(window, tab)
    assert view_of(window, tab).isVisible()
    return view_of(window, tab).toPlainText()


def status(window: MainWindow) -> QLabel:
    """Give the line that says how it went."""
    return find(window, QLabel, "answerStatusLabel")


def clipboard() -> str:
    """Give what was copied."""
    return QApplication.clipboard().text()
