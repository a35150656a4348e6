"""The window of the storage, as a person uses it: store, look, save, change, delete."""

import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTableView,
)
from pytestqt.qtbot import QtBot

from gms_console.model.connection import GuardLevel
from gms_console.model.form import Row
from gms_console.ui.panes.storage.window import StorageWindow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import (
    Answer,
    WireRequest,
    WireServer,
    body_answer,
    by_request,
    hold,
    json_answer,
)
from tests.window.driving import (
    active_dialog,
    click,
    click_cell,
    find,
    press,
    retype,
    settle,
    texts,
)

PICTURE = Path("assets/examples/MyPic.png").read_bytes()
BYTES = bytes(range(256)) * 2


def storage() -> Answer:
    """A GMS with one storage and one service's data."""
    gone: list[bool] = []

    def choose(request: WireRequest) -> Answer:
        path = unquote(request.target.removeprefix("/genesys/1/"))
        if request.method == "DELETE":
            gone.append(path == "storage/7c1e9a52")
            return json_answer({})
        if path == "storage/3600":
            return json_answer({"id": "7c1e9a52"})
        if path == "storage/7c1e9a52":
            if any(gone):
                return json_answer({"message": "no such storage", "exception": "x"}, 404)
            return json_answer({"city": "Paris", "photo": "MyPic.png", "raw/1": "a.bin"})
        if path == "storage/binary/7c1e9a52/photo":
            return body_answer(PICTURE, headers=[("Content-Type", "image/png")])
        if path == "storage/binary/7c1e9a52/raw/1":
            return body_answer(BYTES, headers=[("Content-Type", "application/octet-stream")])
        if path == "service/request-interaction":
            return json_answer({"_id": "39a98e24"})
        return json_answer({"language": "french"})

    return by_request(choose)


def opened(window: MainWindow, qtbot: QtBot) -> StorageWindow:
    press(window, "Ctrl+Alt+3")
    found = window.findChild(StorageWindow)
    assert found is not None
    qtbot.waitUntil(found.isActiveWindow)
    return found


def idle(window: StorageWindow, wire: WireServer, qtbot: QtBot, count: int) -> None:
    """Wait for so many requests and for the end of the last one."""
    qtbot.waitUntil(lambda: len(wire.requests) == count and not window.desk.asker.busy)


def written(boundary: str) -> bytes:
    """The body that stores the city and the picture."""
    line = f"--{boundary}\r\nContent-Disposition: form-data; name="
    city = f'{line}"city"\r\n\r\nParis\r\n'
    head = f'{line}"photo"; filename="MyPic.png"\r\nContent-Type: image/png\r\n\r\n'
    return f"{city}{head}".encode() + PICTURE + f"\r\n--{boundary}--\r\n".encode()


def store_two_rows(
    storing: StorageWindow, wire: WireServer, qtbot: QtBot, picture: Path
) -> QTableView:
    """Store a text and a file, after all that cannot be sent was refused at its place."""
    ttl = find(storing, QLineEdit, "storageTtlEdit")
    error = find(storing, QLabel, "storageRowError")
    press(storing, "Ctrl+Return")
    assert "no row" in error.text()
    storing.rows.model.add_rows([Row(key="city", value="Paris"), Row(key="photo", file=picture)])
    retype(ttl, "soon")
    press(storing, "Ctrl+Return")
    assert "GMS takes 30" in error.text()
    assert ttl.hasFocus()
    retype(ttl, "3600")
    press(storing, "Ctrl+Return")
    assert storing.rows.model.has_problems
    assert wire.requests == []
    picture.write_bytes(PICTURE)
    click(find(storing, QPushButton, "storageStoreButton"))
    idle(storing, wire, qtbot, 2)
    assert len(storing.rows.form) == 0
    return find(storing, QTableView, "storageKeys")


def test_a_person_keeps_and_looks(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.default = storage()
    storing = opened(window, qtbot)
    keys = store_two_rows(storing, wire, qtbot, tmp_path / "MyPic.png")
    sent, read = wire.requests
    assert (sent.method, sent.target) == ("POST", "/genesys/1/storage/3600")
    boundary = sent.values("content-type")[0].removeprefix("multipart/form-data; boundary=")
    assert sent.body == written(boundary)
    assert (read.method, read.target) == ("GET", "/genesys/1/storage/7c1e9a52")
    assert texts(keys) == ["city", "photo", "raw/1"]
    assert texts(keys, 3) == ["Paris", "MyPic.png", "a.bin"]
    assert find(storing, QLabel, "storageTimeLeft").text().endswith("left")

    # Values: as the map has them, as a picture, as bytes; saved byte for byte.
    text = find(storing, QPlainTextEdit, "storageValueText")
    click_cell(keys, keys.model().index(0, 0))
    assert text.toPlainText() == "Paris"
    assert len(wire.requests) == 2
    click_cell(keys, keys.model().index(1, 0))
    press(storing, "Ctrl+B")
    qtbot.waitUntil(storing.value.picture.isVisible)
    assert wire.requests[-1].target == "/genesys/1/storage/binary/7c1e9a52/photo"
    press(storing, "Ctrl+S")
    dialog = active_dialog(qtbot, QFileDialog)
    saved = tmp_path / "saved.png"
    retype(find(dialog, QLineEdit, "fileNameEdit"), str(saved), "Return")
    qtbot.waitUntil(lambda: saved.exists() and saved.read_bytes() == PICTURE)
    storing.activateWindow()
    click_cell(keys, keys.model().index(2, 0))
    click(find(storing, QPushButton, "storageReadBytesButton"))
    idle(storing, wire, qtbot, 4)
    assert wire.requests[-1].target == "/genesys/1/storage/binary/7c1e9a52/raw%2F1"
    qtbot.waitUntil(lambda: text.toPlainText().startswith("00000000  00 01 02"))


def test_a_person_changes_and_deletes(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.default = storage()
    storing = opened(window, qtbot)
    retype(find(storing, QLineEdit, "storageIdEdit"), "7c1e9a52", "Return")
    idle(storing, wire, qtbot, 1)
    keys = find(storing, QTableView, "storageKeys")
    assert texts(keys) == ["city", "photo", "raw/1"]
    storing.rows.model.add_rows([Row(key="floor", value="2 & 3")])
    press(storing, "Ctrl+U")
    idle(storing, wire, qtbot, 3)
    update = wire.requests[-2]
    target = "/genesys/1/storage/7c1e9a52"
    assert (update.method, update.target) == ("POST", f"{target}/3600")
    assert update.body == b"floor=2+%26+3"
    storing.actions_by_name["deleteStorage"].trigger()
    box = active_dialog(qtbot, QMessageBox)
    assert "7c1e9a52" in box.text()
    click(find(box, QPushButton, "deleteStorageButton"))
    idle(storing, wire, qtbot, 4)
    assert (wire.requests[-1].method, wire.requests[-1].target) == ("DELETE", target)
    assert texts(find(storing, QListWidget, "storageList")) == ["7c1e9a52\ngone"]
    assert texts(keys) == []


def test_odd_answers_and_settings_that_changed(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    """Nothing of a storage is kept back, and what went wrong is said where it went wrong."""
    odd = {"a": "x" * 1_200_000, "error": "broken", "exception": "of ours", "b": "2"}
    wire.default = json_answer(odd)
    storing = opened(window, qtbot)
    ids = find(storing, QLineEdit, "storageIdEdit")
    retype(ids, "..", "Return")
    assert "folder step" in find(storing, QLabel, "storageIdError").text()
    assert wire.requests == []
    retype(ids, "mine", "Return")
    keys = find(storing, QTableView, "storageKeys")
    # It is so large that it is in a file; all of it is read.
    qtbot.waitUntil(lambda: texts(keys) == list(odd))
    assert texts(keys, 2)[0].endswith("MiB")
    assert "broken" in find(storing, QLabel, "storageError").text()
    view, error = storing.value.text, find(storing, QLabel, "storageValueError")
    click_cell(keys, keys.model().index(3, 0))
    wire.default = json_answer({"message": "no such key", "exception": "x"}, 404)
    press(storing, "Ctrl+B")
    idle(storing, wire, qtbot, 2)
    assert error.isVisible()
    assert "no such key" in error.text()
    # Keys that are read anew show their new values; what is said was gone is no more said.
    wire.default = json_answer({"b": "3"})
    press(storing, "F5")
    idle(storing, wire, qtbot, 3)
    assert view.toPlainText() == "3"
    assert not error.isVisible()
    assert not find(storing, QLabel, "storageError").isVisible()
    # What the settings have now goes along, and what they forbid does not go out.
    console = window.console
    place = console.environment
    assert place is not None
    console.use_environment(replace(place, headers=(("gms_user", "ann"),)))
    assert "ann" in find(storing, QLabel, "storageUserNote").text()
    press(storing, "F5")
    idle(storing, wire, qtbot, 4)
    assert wire.requests[-1].values("gms_user") == ["ann"]
    console.use_environment(replace(place, guard=GuardLevel.READ_ONLY))
    storing.rows.model.add_rows([Row(key="c", value="1")])
    press(storing, "Ctrl+U")
    refusal = find(storing, QLabel, "storageRowError")
    assert "read-only" in refusal.text()
    press(storing, "F5")
    idle(storing, wire, qtbot, 5)
    assert not refusal.isVisible()
    assert len(storing.rows.form) == 1
    console.use_environment(place)
    rows_typed_meanwhile_stay(storing, wire, qtbot)


def rows_typed_meanwhile_stay(storing: StorageWindow, wire: WireServer, qtbot: QtBot) -> None:
    """Type a row while others are on their way; they go out once."""
    gate = threading.Event()
    wire.default = hold(gate, json_answer({"id": "new"}))
    press(storing, "Ctrl+Return", "Ctrl+Return")
    storing.rows.model.add_rows([Row(key="d", value="2")])
    gate.set()
    idle(storing, wire, qtbot, 7)
    assert [one.key for one in storing.rows.form] == ["c", "d"]
    assert [one.method for one in wire.requests[5:]] == ["POST", "GET"]


def test_the_data_of_a_live_service_is_read_and_its_keys_deleted(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.default = storage()
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: bool(window.console.session.instances))
    storing = opened(window, qtbot)
    combo = find(storing, QComboBox, "storageInstanceCombo")
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    idle(storing, wire, qtbot, 2)
    assert wire.requests[-1].target == "/genesys/1/service/39a98e24/storage"
    keys = find(storing, QTableView, "storageKeys")
    click_cell(keys, keys.model().index(0, 0))
    press(storing, "Return")
    idle(storing, wire, qtbot, 3)
    assert wire.requests[-1].target == "/genesys/1/service/39a98e24/storage/language"
    click(find(storing, QPushButton, "storageDeleteKeyButton"))
    box = active_dialog(qtbot, QMessageBox)
    assert "language" in box.text()
    press(box, "Esc")
    assert len(wire.requests) == 3
    storing.activateWindow()
    click(find(storing, QPushButton, "storageDeleteKeyButton"))
    click(find(active_dialog(qtbot, QMessageBox), QPushButton, "deleteKeyButton"))
    idle(storing, wire, qtbot, 5)
    storing.activateWindow()
    assert (wire.requests[3].method, wire.requests[3].target) == (
        "DELETE",
        "/genesys/1/service/39a98e24/storage/language",
    )
    # An own id goes into the path; what GMS refuses is said in its own words.
    wire.default = json_answer({"message": "not allowed", "exception": "x"}, 403)
    retype(find(storing, QLineEdit, "storageOwnIdEdit"), "my data")
    assert "gms_user" in find(storing, QLabel, "storageUserNote").text()
    storing.rows.model.add_rows([Row(key="a", value="1")])
    press(storing, "Ctrl+Return")
    idle(storing, wire, qtbot, 6)
    assert wire.requests[-1].target == "/genesys/1/storage/custom/my%20data/3600"
    assert "not allowed" in find(storing, QLabel, "storageRowError").text()
    assert len(storing.rows.form) == 1
    settle()
    press(storing, "Esc")
    assert not storing.isVisible()
    assert QApplication.activeWindow() is window
