"""Names, Tab, keys, text size and contrast: the window for everyone."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableWidget,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.shortcuts_help import ShortcutsHelp
from gms_console.ui.theme import DARK, LIGHT, Colours
from gms_console.ui.tour import example_picture
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    drop_files,
    find,
    open_tab,
    press,
    type_text,
)

DOCUMENTED = (
    "baseUrlEdit",
    "servicePicker",
    "serviceFilterEdit",
    "formTable",
    "fileTable",
    "bodyKindCombo",
    "wirePreview",
    "sendButton",
    "cancelButton",
    "answerStatusLabel",
    "answerView",
    "answerRawView",
    "answerHeadersView",
    "instanceList",
    "pollRequestEdit",
    "pollIntervalSpin",
    "pollUntilEdit",
    "pollButton",
    "stateTimeline",
)
TEXTS = {"answerStatusLabel"}
BEHIND_OTHER_TABS = {
    "answerRawView": ("answerBodyTabs", "Raw"),
    "answerHeadersView": ("answerTabs", "Headers"),
}


@pytest.fixture
def busy(open_window: OpenWindow, wire: WireServer, qtbot: QtBot) -> MainWindow:
    """A window in which everything is there to be used: rows, a file, an instance, a poll."""
    wire.script(json_answer({"_id": "I-1"}), json_answer({"status": "waiting-for-agent"}))
    window = open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="request-inbound-poll"),
            poll=PollSettings(every=30, within=0),
        )
    )
    add_row(window, "language", "french")
    drop_files(window.request_pane, example_picture())
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(
        lambda: window.console.live.poll is not None and window.console.live.poll.running
    )
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    return window


def is_control(widget: QWidget) -> bool:
    kinds = (
        QLineEdit,
        QPlainTextEdit,
        QAbstractButton,
        QAbstractItemView,
        QComboBox,
        QAbstractSpinBox,
        QTabBar,
    )
    return isinstance(widget, kinds) and not widget.objectName().startswith("qt_")


def part_of_a_control(widget: QWidget) -> bool:
    """Whether it is the inside of a control that has a name itself, such as a spin box's field."""
    above = widget.parentWidget()
    while above is not None and not above.isWindow():
        if isinstance(above, (QAbstractSpinBox, QComboBox, QAbstractItemView, QLineEdit)):
            return True
        if isinstance(widget, QTabBar) and isinstance(above, QTabWidget):
            return bool(above.accessibleName())
        if isinstance(above, QTabBar):
            return True
        above = above.parentWidget()
    return False


# --- names ----------------------------------------------------------------------------------


def test_every_control_has_a_name_that_is_read_out(busy: MainWindow) -> None:
    nameless = [
        f"{type(one).__name__} {one.objectName()}"
        for one in busy.findChildren(QWidget)
        if is_control(one)
        and one.window() is busy
        and one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part_of_a_control(one)
        and not one.accessibleName()
        and not (isinstance(one, QAbstractButton) and one.text())
    ]
    assert nameless == []


def test_the_timeline_and_the_state_labels_are_read_out(busy: MainWindow) -> None:
    for name in ("stateTimeline", "answerStatusLabel", "connectionLabel", "pollStateLabel"):
        assert find(busy, QWidget, name).accessibleName()
    assert busy.statusBar().accessibleName()


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_documented_name_is_there_once(window: MainWindow, name: str) -> None:
    assert len(window.findChildren(QWidget, name)) == 1


# --- Tab ------------------------------------------------------------------------------------


def reached_by_tab(window: MainWindow, key: str) -> list[str]:
    """Press a key until the focus is back where it began; give the names on the way."""
    begun = QApplication.focusWidget()
    names: list[str] = []
    for _ in range(120):
        press(window, key)
        here = QApplication.focusWidget()
        assert here is not None
        names.append(here.objectName())
        if here is begun:
            return names
    raise AssertionError(f"{key} does not come back to the start: {names[-10:]}")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_tab_alone_reaches_everything(busy: MainWindow, key: str) -> None:
    names = reached_by_tab(busy, key)
    missing = set(DOCUMENTED) - set(names) - TEXTS - set(BEHIND_OTHER_TABS)
    assert missing == set()
    for name, (tabs, title) in BEHIND_OTHER_TABS.items():
        open_tab(find(busy, QTabWidget, tabs), title)
        assert name in reached_by_tab(busy, key)


def test_nothing_that_cannot_be_seen_takes_the_focus(window: MainWindow) -> None:
    for _ in range(80):
        press(window, "Tab")
        here = QApplication.focusWidget()
        assert here is not None
        assert here.isVisible()
        assert here.isEnabled()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("Ctrl+P", "serviceFilterEdit"),
        ("Ctrl+L", "baseUrlEdit"),
        ("Alt+1", "formTable"),
        ("Alt+2", "fileTable"),
        ("Alt+3", "answerView"),
        ("Alt+4", "instanceList"),
        ("Alt+5", "pollRequestEdit"),
        ("Alt+6", "stateTimeline"),
    ],
)
def test_a_key_goes_to_each_pane(busy: MainWindow, key: str, name: str) -> None:
    press(busy, key)
    here = QApplication.focusWidget()
    assert here is not None
    assert here.objectName() == name


def test_the_attachments_key_does_no_harm_without_attachments(window: MainWindow) -> None:
    press(window, "Ctrl+P", "Alt+2")
    here = QApplication.focusWidget()
    assert here is not None
    assert here.isVisible()


# --- keys -----------------------------------------------------------------------------------


def test_no_key_has_two_meanings(window: MainWindow) -> None:
    keys = Counter(
        key.toString() for action in window.actions_by_name.values() for key in action.shortcuts()
    )
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    in_menus = {action for menu in window.menuBar().actions() for action in menu.menu().actions()}
    assert set(window.actions_by_name.values()) <= in_menus


def test_f1_lists_every_key(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "F1")
    dialog = active_dialog(qtbot, ShortcutsHelp)
    table = find(dialog, QTableWidget, "shortcutsTable")

    def cell(row: int, column: int) -> str:
        item = table.item(row, column)
        assert item is not None
        return item.text()

    rows = {cell(row, 1): cell(row, 0) for row in range(table.rowCount())}
    for action in window.actions_by_name.values():
        if not action.shortcuts():
            continue
        keys = rows[action.text().replace("&", "")]
        for key in action.shortcuts():
            assert key.toString(QKeySequence.SequenceFormat.NativeText) in keys
    for keys in ("Alt+C", "Alt+R", "Alt+D", "Alt+S", "Alt+I", "*", "F7, Shift+F7"):
        assert keys in rows.values()
    assert rows["In the history: delete the selected rows"] == "Delete"
    assert rows["In the tree of an answer: copy the path (JMESPath)"] == "Ctrl+Shift+C"
    assert rows["In the text of an answer: fold and unfold"] == "Ctrl+Shift+[, Ctrl+Shift+]"
    type_text(find(dialog, QLineEdit, "shortcutsFilterEdit"), "undo")
    shown = [row for row in range(table.rowCount()) if not table.isRowHidden(row)]
    assert [cell(row, 0) for row in shown] == ["Ctrl+Z"]
    click(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close))
    back_in(window, qtbot)


def test_no_letter_opens_two_menus_or_two_entries_of_one(window: MainWindow) -> None:
    def letters(texts: list[str]) -> list[str]:
        return [
            text[text.index("&") + 1].lower() for text in texts if "&" in text.replace("&&", "")
        ]

    menus = window.menuBar().actions()
    tops = letters([menu.text() for menu in menus])
    assert len(set(tops)) == len(tops)
    for menu in menus:
        entries = letters([action.text() for action in menu.menu().actions()])
        assert sorted(set(entries)) == sorted(entries), menu.text()


def test_no_button_in_the_window_takes_the_letter_of_a_menu(busy: MainWindow) -> None:
    for name in ("Cookies", "Timing", "Request", "Problem", "Body"):
        open_tab(find(busy, QTabWidget, "answerTabs"), name)
    open_tab(find(busy, QTabWidget, "answerBodyTabs"), "Preview")
    press(busy, "Ctrl+H")
    menus = {_letter(menu.text()) for menu in busy.menuBar().actions()}
    buttons = [one for one in busy.findChildren(QAbstractButton) if one.window() is busy]
    taken = [one.text() for one in buttons if _letter(one.text()) in menus - {""}]
    assert taken == []
    assert any(_letter(one.text()) for one in buttons)


def _letter(text: str) -> str:
    """Give the letter that Alt goes with; empty for none."""
    _, sign, behind = text.replace("&&", "").partition("&")
    return behind[:1].lower() if sign else ""


# --- size and colours -----------------------------------------------------------------------


def test_text_grows_shrinks_and_goes_back(window: MainWindow) -> None:
    label = find(window, QLabel, "connectionLabel")
    preview = find(window, QPlainTextEdit, "wirePreview")

    def sizes() -> tuple[float, float, float]:
        return (
            QApplication.font().pointSizeF(),
            label.fontInfo().pointSizeF(),
            preview.font().pointSizeF(),
        )

    begun = sizes()
    press(window, "Ctrl+=", "Ctrl+=")
    larger = sizes()
    assert all(
        now == pytest.approx(then + 2, abs=0.3) for now, then in zip(larger, begun, strict=True)
    )
    press(window, "Ctrl+-")
    assert all(
        now == pytest.approx(then + 1, abs=0.3) for now, then in zip(sizes(), begun, strict=True)
    )
    press(window, "Ctrl+0")
    assert sizes() == begun


@pytest.mark.parametrize(("near", "key", "limit"), [(27.5, "Ctrl+=", 28), (7.5, "Ctrl+-", 7)])
def test_text_keeps_a_size_that_can_be_read(
    window: MainWindow, near: float, key: str, limit: float
) -> None:
    font = QApplication.font()
    font.setPointSizeF(near)
    QApplication.setFont(font)
    press(window, key, key)
    assert QApplication.font().pointSizeF() == limit


@pytest.mark.parametrize(("name", "scheme"), [("light", LIGHT), ("dark", DARK)])
def test_colours_are_switched(window: MainWindow, name: str, scheme: Colours) -> None:
    window.action("light" if name == "dark" else "dark").trigger()
    window.action(name).trigger()
    palette = QApplication.palette()
    assert palette.color(QPalette.ColorRole.Window) == QColor(scheme.window)
    assert palette.color(QPalette.ColorRole.Text) == QColor(scheme.text)
    picture = window.grab().toImage()
    corner = window.centralWidget().pos()
    assert picture.pixelColor(corner.x() + 2, corner.y() + 1) == QColor(scheme.window)


def luminance(colour: str) -> float:
    """Relative luminance, by WCAG 2."""
    made = QColor(colour)
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (made.redF(), made.greenF(), made.blueF())
    ]
    red, green, blue = parts
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = {
    "text": ("window", "surface", "raised", "accent_soft", "warning_soft", "error_soft"),
    "muted": ("window", "surface", "raised"),
    "accent": ("surface", "window"),
    "accent_text": ("accent",),
    "parameter": ("surface", "parameter_soft"),
    "data": ("surface", "data_soft"),
    "good": ("window", "surface", "good_soft"),
    "warning": ("window", "surface", "warning_soft"),
    "error": ("window", "surface", "error_soft"),
}


def test_the_formula_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"), [(ink, ground) for ink, grounds in GROUNDS.items() for ground in grounds]
)
def test_text_can_be_read(scheme: Colours, ink: str, ground: str) -> None:
    assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_white_can_be_read_on_every_state(scheme: Colours) -> None:
    assert [colour for colour in scheme.states if contrast("#ffffff", colour) < 4.5] == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["accent", "strong_border"])
def test_focus_and_edges_can_be_seen(scheme: Colours, ink: str) -> None:
    assert contrast(getattr(scheme, ink), scheme.surface) >= 3
