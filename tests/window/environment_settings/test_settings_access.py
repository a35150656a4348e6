"""The settings for everyone: names, keys, the order of Tab."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    find,
    press,
)
from tests.window.settings import (
    GENERAL,
    HEADERS,
    TABS,
    close,
    line,
    open_settings,
    tab,
)
from tests.window.test_accessibility import is_control, part_of_a_control


def test_everything_has_a_name_and_is_reached_by_tab(
    full: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    for title in TABS:
        tab(full, title)
        controls = [
            one
            for one in full.findChildren(QWidget)
            if is_control(one)
            and one.isVisible()
            and one.isEnabled()
            and one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not part_of_a_control(one)
        ]
        nameless = [one.objectName() for one in controls if not one.accessibleName()]
        assert nameless == []
        names = [one.accessibleName() for one in controls]
        assert sorted(set(names)) == sorted(names)
        assert set(controls) - tab_stops(full) == set(), title
    close(full, window, qtbot)


def tab_stops(dialog: SettingsDialog) -> set[QWidget]:
    begun = QApplication.focusWidget()
    assert begun is not None
    found = {begun}
    for _ in range(80):
        press(dialog, "Tab")
        here = QApplication.focusWidget()
        assert here is not None
        assert here.isVisible()
        found.add(here)
        if here is begun:
            return found
    raise AssertionError("Tab does not come back")


def test_tab_goes_through_the_settings_as_they_are_laid_out(
    full: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    tab(full, GENERAL)
    stops = ["guardCombo", "node1NameEdit", "node1UrlEdit", "node2NameEdit", "nodesTableAdd"]
    stops += ["basePathCombo", "gmsUserEdit", "checkButton", "closeButton", "environmentList"]
    find(full, QComboBox, "guardCombo").setFocus(Qt.FocusReason.TabFocusReason)
    names = ["guardCombo", *_names_of_stops(full)]
    assert [one for one in names if one in stops] == stops
    tab(full, HEADERS)
    stops = ["header1NameEdit", "header1SecretEdit", "header2ValueEdit", "headersTableAdd"]
    stops += ["variable1NameEdit", "variable1ValueEdit", "variablesTableAdd", "checkButton"]
    line(full, "header1NameEdit").setFocus(Qt.FocusReason.TabFocusReason)
    names = ["header1NameEdit", *_names_of_stops(full)]
    assert [one for one in names if one in stops] == stops
    close(full, window, qtbot)


def _names_of_stops(dialog: SettingsDialog) -> list[str]:
    """Press Tab until it comes back; give the names of what had the focus on the way."""
    begun = QApplication.focusWidget()
    names: list[str] = []
    for _ in range(80):
        press(dialog, "Tab")
        here = QApplication.focusWidget()
        assert here is not None
        if here is begun:
            return names
        names.append(here.objectName())
    raise AssertionError("Tab does not come back")


def test_what_an_environment_is_can_be_read_whole(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(folder=tmp_path)
    dialog = open_settings(window, qtbot)
    text = find(dialog, QLabel, "emptyLabel")
    qtbot.waitUntil(text.isVisible)
    assert text.height() >= text.heightForWidth(text.width()) > text.fontMetrics().height()
    close(dialog, window, qtbot)


def test_settings_that_open_before_the_files_are_read_show_the_first(
    open_window: OpenWindow, tmp_path: Path, team: Path, qtbot: QtBot
) -> None:
    window = open_window(folder=tmp_path, ready=False)
    assert not window.console.environments.loaded
    window.environment_bar.settings_wanted.emit()  # before any event is handled
    dialog = next(iter(window.findChildren(SettingsDialog)))
    assert not window.console.environments.loaded
    qtbot.waitUntil(lambda: line(dialog, "environmentNameEdit").text() == "qa")
    assert line(dialog, "environmentNameEdit").isVisible()
    close(dialog, window, qtbot)


def test_no_letter_has_two_meanings_in_a_section(
    full: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    for title in TABS:
        tab(full, title)
        texts = [
            one.text()
            for one in full.findChildren(QWidget)
            if isinstance(one, (QLabel, QAbstractButton))
            and one.isVisible()
            and (isinstance(one, QAbstractButton) or one.buddy() is not None)
        ]
        letters = [text[text.index("&") + 1].lower() for text in (*texts, *TABS) if "&" in text]
        assert sorted(set(letters)) == sorted(letters), title
    close(full, window, qtbot)


def test_general_is_where_one_begins(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    tabs = find(dialog, QTabWidget, "environmentSections")
    assert tabs.tabText(tabs.currentIndex()) == GENERAL
    here = QApplication.focusWidget()
    assert here is not None
    assert here.objectName() == "environmentList"
    close(dialog, window, qtbot)
