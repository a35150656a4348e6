"""Attachments: dialog, drop, what the table shows, and files that come and go on the disk."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form, Row
from gms_console.ui.models.file_model import THUMBNAIL, FileColumn
from gms_console.ui.models.form_cell import Column
from gms_console.ui.theme import colours
from gms_console.ui.tour import example_picture
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.parsers import ParsedRow, multipart_by_werkzeug
from tests.support.wire_server import WireRequest, WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    choose,
    click,
    click_row,
    drop_files,
    edit_cell,
    find,
    form_table,
    press,
    said,
    select_rows,
    send,
    texts,
    type_text,
)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_bytes(b"one\r\ntwo\n\x00")
    return file


def file_table(window: MainWindow) -> QTableView:
    return find(window, QTableView, "fileTable")


def shown(window: MainWindow, column: FileColumn) -> list[str]:
    return texts(file_table(window), column)


def received(request: WireRequest) -> list[ParsedRow]:
    return multipart_by_werkzeug(request.body, request.values("Content-Type")[0])


def attach(window: MainWindow, qtbot: QtBot, path: Path | str) -> None:
    press(window, "Ctrl+Shift+A")
    dialog = active_dialog(qtbot, QFileDialog)
    type_text(dialog, str(path))
    press(dialog, "Return")
    back_in(window, qtbot)


# --- attaching ------------------------------------------------------------------------------


def test_a_file_is_attached_by_its_name(
    window: MainWindow, wire: WireServer, qtbot: QtBot, note: Path
) -> None:
    add_row(window, "language", "french")
    attach(window, qtbot, note)
    assert shown(window, FileColumn.FILE) == ["note.txt"]
    assert texts(form_table(window), Column.VALUE) == ["french", "note.txt"]
    request = send(window, wire, qtbot)
    assert [(row.name, row.value, row.filename) for row in received(request)] == [
        ("language", b"french", None),
        ("FileKey", note.read_bytes(), "note.txt"),
    ]


def test_the_dialog_is_left_without_a_file(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "Ctrl+Shift+A")
    press(active_dialog(qtbot, QFileDialog), "Esc")
    back_in(window, qtbot)
    assert shown(window, FileColumn.FILE) == []
    assert not window.action("undo").isEnabled()


def test_dropped_files_become_rows_in_order(
    window: MainWindow, wire: WireServer, qtbot: QtBot, note: Path, tmp_path: Path
) -> None:
    other = tmp_path / "Größe & 日本.bin"
    other.write_bytes(bytes(range(256)))
    assert drop_files(window.request_pane, note, other)
    assert shown(window, FileColumn.FILE) == ["note.txt", "Größe & 日本.bin"]
    assert shown(window, FileColumn.KEY) == ["FileKey", "FileKey2"]
    rows = received(send(window, wire, qtbot))
    assert [(row.name, row.filename) for row in rows] == [
        ("FileKey", "note.txt"),
        ("FileKey2", "Größe & 日本.bin"),
    ]
    assert rows[1].value == bytes(range(256))
    press(window, "Alt+1", "Ctrl+Z")
    assert shown(window, FileColumn.FILE) == []


def test_only_files_can_be_dropped(window: MainWindow) -> None:
    assert not drop_files(window.request_pane)
    assert len(form_table(window).model().form) == 0  # type: ignore[attr-defined]


def test_a_folder_is_refused_at_its_row(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    assert drop_files(window.request_pane, tmp_path)
    qtbot.waitUntil(lambda: window.console.draft.form_model.has_problems)
    assert "is a folder" in texts(form_table(window), Column.PROBLEM)[0]


def test_the_pane_says_so_while_nothing_is_attached(
    window: MainWindow, qtbot: QtBot, note: Path
) -> None:
    table, hint = file_table(window), window.request_pane.file_editor.empty_label
    assert not table.isVisible()
    assert "Drop files" in hint.text()
    attach(window, qtbot, note)
    assert table.isVisible()
    assert hint.text() == ""


# --- what the table shows -------------------------------------------------------------------


def test_a_picture_has_a_thumbnail_and_a_text_has_none(window: MainWindow, note: Path) -> None:
    drop_files(window.request_pane, example_picture(), note)
    model = file_table(window).model()
    decoration = Qt.ItemDataRole.DecorationRole
    picture = model.index(0, FileColumn.FILE).data(decoration)
    assert isinstance(picture, QPixmap)
    assert picture.size() == picture.size().boundedTo(QSize(THUMBNAIL, THUMBNAIL))
    assert max(picture.width(), picture.height()) == THUMBNAIL
    assert model.index(1, FileColumn.FILE).data(decoration) is None


def test_what_only_claims_to_be_a_picture_is_shown_without_one(
    window: MainWindow, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    drop_files(window.request_pane, broken)
    index = file_table(window).model().index(0, FileColumn.FILE)
    assert index.data() == "broken.png"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None


def test_size_and_type_are_shown(window: MainWindow, tmp_path: Path) -> None:
    names = ("a.json", "b.png", "c.unknown-type", "d")
    for name in names:
        (tmp_path / name).write_bytes(b"x" * 1234)
    drop_files(window.request_pane, *(tmp_path / name for name in names))
    assert shown(window, FileColumn.SIZE) == ["1,234 B"] * 4
    assert shown(window, FileColumn.TYPE) == [
        "application/json",
        "image/png",
        "application/octet-stream",
        "application/octet-stream",
    ]


def test_key_name_and_type_are_sent_as_edited(
    window: MainWindow, wire: WireServer, qtbot: QtBot, note: Path
) -> None:
    drop_files(window.request_pane, note)
    table = file_table(window)
    edit_cell(table, 0, FileColumn.KEY, "_picture")
    edit_cell(table, 0, FileColumn.SENT_AS, 'my "own".bin')
    edit_cell(table, 0, FileColumn.TYPE, "image/x-own; q=1")
    request = send(window, wire, qtbot)
    expected = (
        b'Content-Disposition: form-data; name="_picture"; filename="my %22own%22.bin"\r\n'
        b"Content-Type: image/x-own; q=1\r\n\r\none\r\ntwo\n\x00\r\n"
    )
    assert expected in request.body
    press(window, "Alt+1", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert shown(window, FileColumn.SENT_AS) == ["note.txt"]
    assert shown(window, FileColumn.TYPE) == ["text/plain"]
    assert shown(window, FileColumn.KEY) == ["FileKey"]


def test_a_name_put_back_to_the_files_own_follows_the_file_again(
    window: MainWindow, note: Path
) -> None:
    drop_files(window.request_pane, note)
    edit_cell(file_table(window), 0, FileColumn.SENT_AS, "x")
    edit_cell(file_table(window), 0, FileColumn.SENT_AS, "note.txt")
    assert window.console.draft.form_model.form.rows[0].filename is None


def test_a_type_that_is_none_is_refused(window: MainWindow, qtbot: QtBot, note: Path) -> None:
    drop_files(window.request_pane, note)
    edit_cell(file_table(window), 0, FileColumn.TYPE, "not a type")
    qtbot.waitUntil(lambda: window.console.draft.form_model.has_problems)
    press(window, "Ctrl+Return")
    assert said(window).startswith("Not sent. Row 1 (FileKey):")


def test_delete_and_the_button_detach(window: MainWindow, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.txt" for name in "abc"]
    for file in files:
        file.write_text(file.name)
    drop_files(window.request_pane, *files)
    table = file_table(window)
    click_row(table, "b.txt")
    press(window, "Delete")
    assert shown(window, FileColumn.FILE) == ["a.txt", "c.txt"]
    click_row(table, "a.txt")
    buttons = {b.accessibleName(): b for b in window.request_pane.findChildren(QToolButton)}
    click(buttons["Detach the selected files"])
    assert shown(window, FileColumn.FILE) == ["c.txt"]
    assert texts(form_table(window), Column.VALUE) == ["c.txt"]


def test_the_path_can_be_typed_in_the_row(
    window: MainWindow, qtbot: QtBot, note: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")
    drop_files(window.request_pane, note)
    edit_cell(form_table(window), 0, Column.VALUE, str(other))
    qtbot.waitUntil(lambda: shown(window, FileColumn.FILE) == ["other.json"])
    assert shown(window, FileColumn.TYPE) == ["application/json"]


# --- files that come and go -----------------------------------------------------------------


def test_a_file_that_goes_turns_its_row_red_and_stops_the_send(
    window: MainWindow, wire: WireServer, qtbot: QtBot, note: Path
) -> None:
    add_row(window, "language", "french")
    drop_files(window.request_pane, note)
    content = note.read_bytes()
    qtbot.waitUntil(lambda: window.console.preview.prepared is not None)
    model = file_table(window).model()
    with qtbot.waitSignal(window.console.draft.file_model.files_changed):
        note.unlink()
    index = model.index(0, FileColumn.FILE)
    assert index.data() == "⚠ note.txt: not there"
    assert index.data(Qt.ItemDataRole.ForegroundRole) == QColor(colours().error)
    assert index.data(Qt.ItemDataRole.BackgroundRole) == QColor(colours().error_soft)
    assert shown(window, FileColumn.SIZE) == [""]
    qtbot.waitUntil(lambda: not form_table(window).isColumnHidden(Column.PROBLEM))
    assert str(note) in texts(form_table(window), Column.PROBLEM)[1]

    press(window, "Ctrl+Return")
    assert not window.console.sending
    assert said(window).startswith("Not sent. Row 2 (FileKey): ")
    assert str(note) in said(window)
    chosen = form_table(window).selectionModel().selectedRows()
    assert [one.row() for one in chosen] == [1]

    with qtbot.waitSignal(window.console.draft.file_model.files_changed):
        note.write_bytes(content)
    qtbot.waitUntil(lambda: window.console.preview.prepared is not None)
    assert model.index(0, FileColumn.FILE).data() == "note.txt"
    assert received(send(window, wire, qtbot))[1].value == content
    assert len(wire.requests) == 1


def test_a_file_that_grows_is_sent_as_it_is_now(
    window: MainWindow, wire: WireServer, qtbot: QtBot, note: Path
) -> None:
    drop_files(window.request_pane, note)
    with qtbot.waitSignal(window.console.draft.file_model.files_changed):
        note.write_bytes(b"x" * 5000)
    qtbot.waitUntil(lambda: shown(window, FileColumn.SIZE) == ["5,000 B"])
    assert received(send(window, wire, qtbot))[0].value == b"x" * 5000


def test_a_row_switched_off_does_not_mind_its_missing_file(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    add_row(window, "language", "french")
    drop_files(window.request_pane, tmp_path / "nowhere.txt")
    select_rows(window, 1)
    press(window, "Space")
    assert send(window, wire, qtbot).body == b"language=french"


def test_a_missing_file_of_the_last_start_is_red_from_the_beginning(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path
) -> None:
    form = Form((Row(key="FileKey", file=tmp_path / "gone" / "x.png"),))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="s", form=form)))
    assert shown(window, FileColumn.FILE) == ["⚠ x.png: not there"]
    assert window.console.preview.prepared is None


def test_a_file_that_comes_back_with_its_folder_can_be_sent_again(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "mounted"
    file = folder / "x.txt"
    drop_files(window.request_pane, file)
    qtbot.waitUntil(lambda: window.console.preview.rows != ())
    folder.mkdir()
    file.write_text("here")
    press(window, "Ctrl+Return")  # whatever was noticed, sending looks again
    qtbot.waitUntil(lambda: window.console.exchange is not None)
    assert window.console.exchange.response.status == 200


# --- kinds of body that carry no files ------------------------------------------------------


@pytest.mark.parametrize("kind", ["Form URL Encoded", "JSON"])
def test_a_kind_without_files_is_refused_and_explained(
    window: MainWindow, wire: WireServer, qtbot: QtBot, note: Path, kind: str
) -> None:
    drop_files(window.request_pane, note)
    choose(window.request_pane.body_kind_combo, kind)
    qtbot.waitUntil(lambda: window.console.draft.form_model.has_problems)
    assert "file" in texts(form_table(window), Column.PROBLEM)[0]
    press(window, "Ctrl+Return")
    assert said(window).startswith("Not sent. Row 1 (FileKey):")
    assert not window.console.sending
    choose(window.request_pane.body_kind_combo, "Multipart Form")
    assert received(send(window, wire, qtbot))[0].filename == "note.txt"
    assert len(wire.requests) == 1


def test_copied_file_rows_keep_their_path(window: MainWindow, note: Path) -> None:
    drop_files(window.request_pane, note)
    select_rows(window, 0)
    press(window, "Ctrl+C", "Ctrl+V")
    assert QApplication.clipboard().text() == f"FileKey=@{note}\n"
    assert shown(window, FileColumn.FILE) == ["note.txt", "note.txt"]
