"""Drives a window as a person does: by keys and by the mouse."""

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QKeyCombination,
    QMimeData,
    QModelIndex,
    QPoint,
    QPointF,
    Qt,
    QUrl,
)
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireRequest, WireServer

W = TypeVar("W", bound=QWidget)


def find(root: QWidget, kind: type[W], name: str) -> W:
    """Give the one widget of that kind and object name below `root`."""
    found = root.findChildren(kind, name)
    assert len(found) == 1, f"{len(found)} widgets of kind {kind.__name__} are named {name!r}"
    return found[0]


def receiver(widget: QWidget) -> QWidget:
    """Give the widget that a key pressed now would go to; `widget` where nothing has the focus."""
    popup = QApplication.activePopupWidget()
    above = popup.parent() if popup is not None else None
    if isinstance(above, QComboBox):
        return above.view()  # which has the keyboard while the list is open
    return popup or QApplication.focusWidget() or widget


def settle() -> None:
    """Let Qt and asyncio do what they have queued, as between any two keys of a person."""
    for _ in range(3):  # what one round does may queue more
        QApplication.processEvents()


def press(widget: QWidget, *keys: str) -> None:
    """Press keys such as `Ctrl+N` or `Tab`, one after the other, wherever the focus is."""
    for text in keys:
        combination = _combination(text)
        key, modifiers = combination.key(), combination.keyboardModifiers()
        if key is Qt.Key.Key_Tab and modifiers & Qt.KeyboardModifier.ShiftModifier:
            key = Qt.Key.Key_Backtab  # as every platform sends it
        QTest.keyClick(receiver(widget), key, modifiers)
        settle()


def _combination(text: str) -> QKeyCombination:
    sequence = QKeySequence(text)
    assert sequence.count() == 1, f"{text!r} is not one key"
    combination: QKeyCombination = sequence[0]  # type: ignore[index]  # PySide's stub lacks it
    return combination


def type_text(widget: QWidget, text: str) -> None:
    """Type a text wherever the focus is; `widget` gets the focus first unless it is a window."""
    if not widget.isWindow() and not widget.hasFocus():
        click(widget)
        assert QApplication.focusWidget() is widget, f"{widget.objectName()} does not take focus"
    for character in text:
        QTest.keyClicks(receiver(widget), character)
    settle()


def retype(edit: QLineEdit | QPlainTextEdit, text: str, *keys: str) -> None:
    """Replace all that stands in a field, then press `keys`."""
    click(edit)
    press(edit, "Ctrl+A")
    if text:
        type_text(edit, text)
    else:
        press(edit, "Delete")
    press(edit, *keys)


def click(
    widget: QWidget,
    position: QPoint | None = None,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Click a widget, in its middle by default."""
    assert widget.isVisible(), f"{widget.objectName()!r} cannot be seen"
    assert widget.isEnabled(), f"{widget.objectName()!r} is disabled"
    place = widget.rect().center() if position is None else position
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, modifier, place)
    settle()


def click_cell(
    view: QAbstractItemView,
    index: QModelIndex,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Click a cell of a list, tree or table."""
    assert index.isValid()
    view.scrollTo(index)
    click(view.viewport(), view.visualRect(index).center(), modifier)


def double_click_cell(view: QAbstractItemView, index: QModelIndex) -> None:
    """Click and double-click a cell, as a mouse does."""
    click_cell(view, index)
    place = view.visualRect(index).center()
    QTest.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    settle()


def click_row(view: QAbstractItemView, text: str) -> None:
    """Click the row that shows exactly this text."""
    click_cell(view, row(view, text))


def row(view: QAbstractItemView, text: str) -> QModelIndex:
    """Give the first cell, in a tree at any depth, that shows exactly this text."""
    for index in cells(view.model()):
        if index.data() == text:
            return index
    raise AssertionError(f"no row shows {text!r}: {[i.data() for i in cells(view.model())]}")


def cells(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[QModelIndex]:
    """Yield every cell of a model, in a tree each parent before its children."""
    above = parent or QModelIndex()
    for place in range(model.rowCount(above)):
        for column in range(model.columnCount(above)):
            index = model.index(place, column, above)
            yield index
            if column == 0:
                yield from cells(model, index)


def texts(view: QAbstractItemView, column: int = 0) -> list[str]:
    """Give what one column of a list or table shows, row by row."""
    model = view.model()
    return [str(model.index(place, column).data()) for place in range(model.rowCount())]


def add_row(window: QWidget, key: str, value: str) -> None:
    """Add a row at the end by keys: Ctrl+N, the key, Tab, the value, Enter."""
    if QApplication.activePopupWidget() is not None:
        press(window, "Tab")  # out of a list of completions
    press(window, "Alt+1")
    view = QApplication.focusWidget()
    assert isinstance(view, QAbstractItemView)
    view.clearSelection()
    press(window, "Ctrl+N")
    type_text(window, key)
    press(window, "Tab")
    type_text(window, value)
    press(window, "Return")


def fill_row(window: QMainWindow, key: str, value: str) -> None:
    """Give a row its value and switch it on; add one where the form has none of that key."""
    view = find(window, QTableView, "formTable")
    keys = texts(view, 2)
    if key not in keys:
        add_row(window, key, value)
        return
    place = keys.index(key)
    model = view.model()
    if model.index(place, 3).data(Qt.ItemDataRole.EditRole) != value:
        edit_cell(view, place, 3, value)
    state = model.index(place, 0).data(Qt.ItemDataRole.CheckStateRole)
    if Qt.CheckState(state) is not Qt.CheckState.Checked:
        view.clearSelection()
        click_cell(view, model.index(place, 2))
        press(view, "Space")


def edit_cell(view: QAbstractItemView, place: int, column: int, text: str) -> None:
    """Double-click a cell, type another text over what stands there, and press Enter."""
    double_click_cell(view, view.model().index(place, column))
    press(view, "Ctrl+A")
    type_text(view.window(), text)
    press(view, "Return")


def choose(combo: QComboBox, text: str) -> None:
    """Choose an entry of a combo box by the keyboard: open it, go to the entry, press Enter."""
    target = combo.findText(text)
    assert target >= 0, f"no entry {text!r}"
    combo.setFocus(Qt.FocusReason.TabFocusReason)
    press(combo, "Alt+Down", "Home")
    press(combo, *["Down"] * target, "Return")


def open_tab(tabs: QTabWidget | QTabBar, text: str) -> None:
    """Click the tab of that title."""
    bar = tabs.tabBar() if isinstance(tabs, QTabWidget) else tabs
    place = next((n for n in range(bar.count()) if bar.tabText(n) == text), None)
    assert place is not None, f"no tab {text!r}"
    click(bar, bar.tabRect(place).center())


def drop_files(widget: QWidget, *paths: object) -> bool:
    """Drag files over a widget and drop them; whether they were taken."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = widget.rect().center()
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(place, copy, mime, left, none)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(QPointF(place), copy, mime, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(widget, drop)
    return drop.isAccepted()


def form_table(window: QWidget) -> QTableView:
    """Give the table of the Form's rows."""
    return find(window, QTableView, "formTable")


def form(window: MainWindow) -> Form:
    """Give the form that is in front, as it stands."""
    found = window.console.draft.form_model.form
    assert isinstance(found, Form)
    return found


def select_rows(window: QWidget, *places: int) -> None:
    """Click rows of the form table, with Ctrl held from the second on."""
    table = form_table(window)
    held = Qt.KeyboardModifier.NoModifier
    for place in places:
        click_cell(table, table.model().index(place, 1), held)
        held = Qt.KeyboardModifier.ControlModifier


def said(window: QMainWindow) -> str:
    """Give what the status bar says."""
    return window.statusBar().currentMessage()


def send(window: QWidget, wire: WireServer, qtbot: QtBot) -> WireRequest:
    """Press Ctrl+Enter, wait for the answer, and give the request that the server received."""
    count = len(wire.requests)
    button = find(window, QPushButton, "sendButton")
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(wire.requests) > count and button.text() == "Send")
    assert len(wire.requests) == count + 1
    return wire.requests[-1]


def active_dialog(qtbot: QtBot, kind: type[W]) -> W:
    """Wait for a dialog of that kind to be the active window, and give it."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), kind))
    found = QApplication.activeWindow()
    assert isinstance(found, kind)
    return found


def back_in(window: QMainWindow, qtbot: QtBot) -> None:
    """Wait until no dialog is open and the window is active again."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None and window.isActiveWindow())


def problem_text(window: QMainWindow) -> str | None:
    """Give all that the problem box says, line by line; None while it is hidden."""
    box = find(window, QFrame, "problemBox")
    if not box.isVisible():
        return None
    return "\n".join(part.text() for part in box.findChildren(QLabel) if part.isVisible())
