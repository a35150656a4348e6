"""What a person adds to the catalogue: bindings, own kinds, and files shared with a team."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.bind_dialog import BindDialog
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    click_row,
    find,
    press,
    row,
    said,
    send,
    settle,
    type_text,
)
from tests.window.test_picker import below, listed, open_menu, pick, picker, service

OWN_KIND = """
family: Our services
kinds:
  - name: branch-finder
    title: Branch finder
    meaning: Finds the nearest branch.
    provenance: seen in the field
    parameters:
      - {name: _zip, mandatory: true, meaning: "Postal code.", provenance: unverified}
bindings:
  find-branch: branch-finder
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The configuration folder."""
    return tmp_path / "home"


@pytest.fixture
def at_home(open_window: OpenWindow, wire: WireServer, home: Path) -> MainWindow:
    return open_window(
        Workspace(base_url=wire.base_url, create=Draft(service="request-interaction")), home
    )


def own_file(home: Path, text: str, name: str = "mine.yaml") -> Path:
    folder = home / "catalogue"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def choose_kind(dialog: BindDialog, text: str) -> None:
    """Choose a kind by keys: some letters of what the list has are enough."""
    combo = find(dialog, QComboBox, "bindKindCombo")
    place = next(n for n in range(combo.count()) if text in combo.itemText(n))
    combo.setFocus()
    press(combo, "Home", *["Down"] * place)
    assert text in combo.currentText()


def bind(window: MainWindow, qtbot: QtBot, name: str, kind: str) -> None:
    """Bind a name from the picker, by keys alone."""
    press(window, "Ctrl+P")
    type_text(window, name)
    click_row(picker(window), "Bind to a kind …")
    dialog = active_dialog(qtbot, BindDialog)
    assert find(dialog, QLineEdit, "bindNameEdit").text() == name
    choose_kind(dialog, kind)
    press(dialog, "Return")
    back_in(window, qtbot)


def outcome(dialog: BindDialog) -> str:
    return find(dialog, QLabel, "bindOutcomeLabel").text()


def file_dialog(window: MainWindow, qtbot: QtBot, keys: str, path: Path) -> None:
    press(window, keys)
    dialog = active_dialog(qtbot, QFileDialog)
    name = find(dialog, QLineEdit, "fileNameEdit")
    name.setFocus()
    press(dialog, "Ctrl+A")
    type_text(dialog, str(path))
    press(dialog, "Return")
    qtbot.waitUntil(lambda: not dialog_is_open(window, QFileDialog))


def dialog_is_open(window: MainWindow, kind: type[QFileDialog]) -> bool:
    return any(one.isVisible() for one in window.findChildren(kind))


# --- binding ------------------------------------------------------------------------------------


def test_a_name_is_bound_and_sent_below_callback(
    at_home: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    bind(at_home, qtbot, "callme", "User-Terminated-Immediate")
    assert service(at_home) == "callback/callme"
    assert "callme is bound" in said(at_home)
    request = send(at_home, wire, qtbot)
    assert request.target == "/genesys/1/service/callback/callme"
    assert b"_call_direction=USERTERMINATED" in request.body


def test_a_binding_is_there_at_the_next_start(
    at_home: MainWindow, open_window: OpenWindow, wire: WireServer, qtbot: QtBot, home: Path
) -> None:
    bind(at_home, qtbot, "callme", "User-Terminated-Immediate")
    pick(at_home, "request-access")
    close_window(at_home, qtbot)
    assert "callme" in (home / "catalogue" / "own.yaml").read_text()
    again = open_window(folder=home)
    bound = [str(one) for one in below_kind(again, "User-Terminated-Immediate")]
    assert bound == ["callme"]
    pick(again, "callme")
    assert send(again, wire, qtbot).target == "/genesys/1/service/callback/callme"


def below_kind(window: MainWindow, kind: str) -> list[object]:
    index = row(picker(window), kind)
    model = picker(window).model()
    return [model.index(n, 0, index).data() for n in range(model.rowCount(index))]


def test_without_a_folder_a_binding_lasts_as_long_as_the_window(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    bind(window, qtbot, "callme", "User-Terminated-Immediate")
    assert send(window, wire, qtbot).target == "/genesys/1/service/callback/callme"


def test_rows_that_were_typed_for_a_name_stay_when_it_is_bound(
    at_home: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    pick(at_home, "callme")
    at_home.console.draft.form_model.edit(
        at_home.console.draft.form_model.form.removed(
            range(len(at_home.console.draft.form_model.form))
        ),
        "remove rows",
    )
    add_row(at_home, "language", "french")
    press(at_home, "Ctrl+K")
    dialog = active_dialog(qtbot, BindDialog)
    assert find(dialog, QLineEdit, "bindNameEdit").text() == "callme"
    choose_kind(dialog, "User-Originated-Immediate")
    press(dialog, "Return")
    back_in(at_home, qtbot)
    request = send(at_home, wire, qtbot)
    assert (request.target, request.body) == (
        "/genesys/1/service/callback/callme",
        b"language=french",
    )


def test_the_dialog_says_what_is_missing_and_what_comes_of_it(
    at_home: MainWindow, qtbot: QtBot
) -> None:
    pick(at_home, "user-terminated-imm")
    press(at_home, "Ctrl+K")
    dialog = active_dialog(qtbot, BindDialog)
    button = find(dialog, QPushButton, "bindOkButton")
    assert not button.isEnabled()
    assert "Type the execution name" in outcome(dialog)
    type_text(dialog, "callme")
    assert outcome(dialog) == "POST …/service/callback/callme"
    assert button.isEnabled()
    choose_kind(dialog, "Office hours")
    assert outcome(dialog) == "GET …/service/callme"
    press(dialog, "Escape")
    back_in(at_home, qtbot)
    assert not at_home.console.services.is_bound("callme")


def test_a_name_is_bound_to_another_kind_and_unbound_in_its_menu(
    at_home: MainWindow, qtbot: QtBot
) -> None:
    bind(at_home, qtbot, "callme", "User-Terminated-Immediate")
    press(at_home, "Ctrl+K")
    dialog = active_dialog(qtbot, BindDialog)
    assert "User-Terminated-Immediate" in find(dialog, QComboBox, "bindKindCombo").currentText()
    choose_kind(dialog, "Chat-Immediate")
    assert "User-Terminated-Immediate until now" in outcome(dialog)
    press(dialog, "Return")
    back_in(at_home, qtbot)
    assert below_kind(at_home, "Chat-Immediate") == ["callme"]
    assert below_kind(at_home, "User-Terminated-Immediate") == []
    picker(at_home).setFocus()
    open_menu(at_home)
    press(at_home, "n")
    qtbot.waitUntil(lambda: not at_home.console.services.is_bound("callme"))
    assert below_kind(at_home, "Chat-Immediate") == []


def test_a_name_is_unbound_on_the_card(at_home: MainWindow, qtbot: QtBot) -> None:
    bind(at_home, qtbot, "callme", "User-Terminated-Immediate")
    bind(at_home, qtbot, "callyou", "User-Terminated-Immediate")
    chips = [
        one.text()
        for one in at_home.findChildren(QToolButton, "boundNameButton")
        if one.isVisible()
    ]
    assert chips == ["callme", "✓ callyou"]
    crosses = [one for one in at_home.findChildren(QToolButton, "unbindButton") if one.isVisible()]
    click(crosses[0])
    qtbot.waitUntil(lambda: not at_home.console.services.is_bound("callme"))
    assert below_kind(at_home, "User-Terminated-Immediate") == ["callyou"]
    assert "can be sent all the same" in said(at_home)


def test_a_binding_that_cannot_be_kept_is_explained_in_the_dialog(
    at_home: MainWindow, qtbot: QtBot, home: Path
) -> None:
    own_file(home, "bindings: [\n", "own.yaml")
    press(at_home, "Ctrl+K")
    dialog = active_dialog(qtbot, BindDialog)
    type_text(dialog, "callme")
    press(dialog, "Return")
    qtbot.waitUntil(lambda: "own.yaml, line" in outcome(dialog))
    assert dialog.isVisible()
    press(dialog, "Escape")
    back_in(at_home, qtbot)


# --- own files ------------------------------------------------------------------------------------


def test_an_own_kind_is_in_its_family_and_its_keys_are_sent(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, home: Path
) -> None:
    own_file(home, OWN_KIND)
    window = open_window(Workspace(base_url=wire.base_url), home)
    assert below(window, "Our services") == ["branch-finder"]
    pick(window, "find-branch")
    request = send(window, wire, qtbot)
    assert request.target == "/genesys/1/service/find-branch"
    assert request.body == b"_zip="


def test_a_broken_file_is_named_with_its_line_and_the_rest_works(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, home: Path
) -> None:
    own_file(home, OWN_KIND.replace("mandatory: true", "mandatory: perhaps"))
    wire.script(json_answer({"_id": "I-1"}))
    window = open_window(
        Workspace(base_url=wire.base_url, create=Draft(service="request-access")), home
    )
    assert "mine.yaml, line 9" in said(window)
    assert listed(window)[0] == "1 catalogue problem – show"
    click_row(picker(window), "1 catalogue problem – show")
    box = active_dialog(qtbot, QMessageBox)
    assert "mine.yaml, line 9, kinds.0.parameters.0.mandatory" in box.informativeText()
    assert str(home / "catalogue") in box.informativeText()
    press(box, "Return")
    back_in(window, qtbot)
    assert "Our services" not in listed(window)
    assert send(window, wire, qtbot).target == "/genesys/1/service/request-access"


def test_a_file_is_imported_kept_and_exported_again(
    at_home: MainWindow, open_window: OpenWindow, qtbot: QtBot, home: Path, tmp_path: Path
) -> None:
    team = tmp_path / "team.yaml"
    team.write_text(f"# for all of us\n{OWN_KIND}", "utf-8")
    file_dialog(at_home, qtbot, "Ctrl+Shift+O", team)
    qtbot.waitUntil(lambda: below(at_home, "Our services") == ["branch-finder"])
    assert "kept as team.yaml" in said(at_home)
    target = tmp_path / "shared.yaml"
    file_dialog(at_home, qtbot, "Ctrl+Alt+E", target)
    qtbot.waitUntil(lambda: "Exported" in said(at_home))
    assert target.read_text() == team.read_text()
    back_in(at_home, qtbot)
    close_window(at_home, qtbot)
    again = open_window(folder=home)
    assert below_kind(again, "branch-finder") == ["find-branch"]


def test_a_file_that_cannot_be_imported_is_explained_whole(
    at_home: MainWindow, qtbot: QtBot, home: Path, tmp_path: Path
) -> None:
    team = tmp_path / "team.yaml"
    team.write_text(OWN_KIND.replace("meaning: Finds", "mening: Finds"), "utf-8")
    file_dialog(at_home, qtbot, "Ctrl+Shift+O", team)
    box = active_dialog(qtbot, QMessageBox)
    assert box.text() == "Nothing was imported"
    assert "team.yaml, line" in box.informativeText()
    press(box, "Return")
    back_in(at_home, qtbot)
    assert not (home / "catalogue").exists()
    assert "Our services" not in listed(at_home)


def test_with_nothing_of_ones_own_there_is_nothing_to_export(
    at_home: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file_dialog(at_home, qtbot, "Ctrl+Alt+E", tmp_path / "empty.yaml")
    box = active_dialog(qtbot, QMessageBox)
    assert "no own kinds" in box.informativeText()
    press(box, "Return")
    back_in(at_home, qtbot)
    assert not (tmp_path / "empty.yaml").exists()


def test_the_window_can_be_closed_while_a_name_is_being_bound(
    at_home: MainWindow, qtbot: QtBot
) -> None:
    at_home.console.services.own.bind("callme", "callback")
    close_window(at_home, qtbot)
    settle()
