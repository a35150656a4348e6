"""Answers that are too large for a text widget: shown at once, and all of them when wanted."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.model.reading import whole_body
from gms_console.ui.panes.answer.line_gutter import LineGutter
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer
from tests.window.answers import answered
from tests.window.conftest import close_window
from tests.window.driving import active_dialog, click, find, press, said, type_text
from tests.window.large_answers import (
    PATIENCE_MS,
    TEN_MB,
    Watch,
    all_is_ready,
    all_of_it,
    rows_of_json,
    size_text,
    text_view,
)


def first_line(view: QPlainTextEdit) -> str:
    """Give the line at the top of what is seen."""
    return str(view.cursorForPosition(QPoint(2, 2)).block().text())


def lines_of(view: QPlainTextEdit) -> list[str]:
    return view.toPlainText().split("\n")


def test_the_first_part_is_shown_at_once_and_then_all(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    watch = Watch()
    answered(window, wire, qtbot, TEN_MB)
    view = text_view(window, "Pretty")
    assert lines_of(view)[:3] == ["[", "  {", '    "id": 0,']
    all_is_ready(window, qtbot)
    assert size_text(window) == "All of 10.6 MiB."
    assert find(window, QPushButton, "showAllButton").text() == "Show long values whole"
    assert lines_of(view)[:3] == ["[", "  {", '    "id": 0,']
    assert len(lines_of(view)) < 1000
    busy = watch.stop()
    assert busy < 0.5, f"the window was busy for {busy:.2f} s"
    assert whole_body(window.console.exchange.response) == TEN_MB


@pytest.mark.parametrize(
    "body",
    [
        rows_of_json(24_000).replace(b"}, ", b"},\n"),
        json.dumps({"text": "x" * 1_000_000}).encode(),
    ],
    ids=["many lines", "one line"],
)
def test_little_is_shown_of_a_large_answer_at_first_and_all_of_it_is_kept(
    window: MainWindow, wire: WireServer, qtbot: QtBot, body: bytes
) -> None:
    watch = Watch()
    answered(window, wire, qtbot, body)
    for title in ("Raw", "Pretty"):
        shown = text_view(window, title).toPlainText()
        assert 0 < len(shown) < 600_000
        assert max(map(len, shown.split("\n"))) < 11_000
        assert size_text(window) != ""
    busy = watch.stop()
    assert busy < 0.5, f"the window was busy for {busy:.2f} s"
    assert whole_body(window.console.exchange.response) == body


def test_one_scrolls_to_the_end_and_back(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = all_of_it(window, wire, qtbot, TEN_MB)
    watch = Watch()
    press(window, "Alt+3", "Ctrl+End")
    qtbot.waitUntil(lambda: lines_of(view)[-1] == "]", timeout=PATIENCE_MS)
    assert '"id": 99999,' in view.toPlainText()
    for _ in range(200):
        press(window, "PgUp")
        qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0, timeout=PATIENCE_MS)
        if '"id": 99500,' in view.toPlainText():
            break
    assert '"id": 99500,' in view.toPlainText()
    press(window, "Ctrl+Home")
    qtbot.waitUntil(lambda: first_line(view) == "[", timeout=PATIENCE_MS)
    busy = watch.stop()
    assert busy < 0.5, f"the window was busy for {busy:.2f} s"


def test_the_wheel_and_the_scroll_bar_go_through_all_of_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = all_of_it(window, wire, qtbot, TEN_MB)
    bar = window.answer_pane.body_part.pretty.scroll_bar
    assert bar.isVisible()
    assert bar.maximum() > 490_000
    bar.setValue(bar.maximum() // 2)
    bar.setValue(250_003)  # only the last one counts
    qtbot.waitUntil(lambda: first_line(view) == '    "name": "needle 50000",', timeout=PATIENCE_MS)
    numbers = view.number_of(view.firstVisibleBlock().blockNumber())
    assert numbers == 250_004
    press(window, "Alt+3")
    for _ in range(400):
        press(view, "PgDown")
        if bar.value() > 255_000:
            break
    qtbot.waitUntil(lambda: bar.value() > 255_000, timeout=PATIENCE_MS)


@pytest.mark.parametrize("title", ["Pretty", "Raw"])
def test_one_line_of_3_mb_is_shortened_and_shown_whole_when_wanted(
    window: MainWindow, wire: WireServer, qtbot: QtBot, title: str
) -> None:
    value = "".join(f"word {number} " for number in range(260_000))
    view = all_of_it(window, wire, qtbot, json.dumps({"text": value}).encode(), title)
    assert "more characters»" in view.toPlainText()
    assert size_text(window).endswith("; long values are shortened.")
    assert max(map(len, lines_of(view))) < 11_000
    watch = Watch()
    click(find(window, QPushButton, "showAllButton"))
    qtbot.waitUntil(lambda: "go on in the next row" in size_text(window), timeout=PATIENCE_MS)
    assert not find(window, QPushButton, "showAllButton").isVisible()
    press(window, "Alt+3", "Ctrl+End")
    qtbot.waitUntil(lambda: "word 259999 " in view.toPlainText(), timeout=PATIENCE_MS)
    busy = watch.stop()
    assert busy < 0.5, f"the window was busy for {busy:.2f} s"


def test_what_was_left_out_of_a_line_is_copied_with_all_and_not_with_some(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    body = json.dumps({"text": "y" * 40_000, "end": 1}).encode()
    answered(window, wire, qtbot, body)
    view = text_view(window, "Pretty")
    assert "30,013 more characters»" in view.toPlainText()
    press(window, "Alt+3")
    some = QTextCursor(view.document())
    some.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor, 2)
    view.setTextCursor(some)
    press(window, "Ctrl+C")
    assert QApplication.clipboard().text() == '{\n  "text": "' + "y" * 9_989 + "\n"
    assert said(window) == "Copied 3 lines."
    press(window, "Ctrl+A", "Ctrl+C")
    whole = json.dumps(json.loads(body), indent=2)
    qtbot.waitUntil(lambda: QApplication.clipboard().text() == whole, timeout=PATIENCE_MS)


@pytest.mark.parametrize("by", ["key", "button"])
@pytest.mark.parametrize("title", ["Pretty", "Raw"])
def test_all_of_a_large_text_is_copied_and_not_what_is_held_of_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot, title: str, by: str
) -> None:
    body = rows_of_json(20_000)
    view = all_of_it(window, wire, qtbot, body, title)
    if by == "button":
        click(find(window, QToolButton, "answerCopyButton"))
    else:
        press(window, "Alt+3", "Ctrl+A")
        part = window.answer_pane.body_part
        bar = (part.pretty if title == "Pretty" else part.raw).scroll_bar
        bar.setValue(bar.maximum() // 2)
        qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0, timeout=PATIENCE_MS)
        press(view, "Ctrl+C")
    whole = json.dumps(json.loads(body), indent=2) if title == "Pretty" else body.decode()
    qtbot.waitUntil(lambda: QApplication.clipboard().text() == whole, timeout=PATIENCE_MS)
    lines = "100,002 lines" if title == "Pretty" else "1 line"
    assert said(window) == (
        f"Copied all of what this view shows. {lines}, {len(whole):,} characters."
    )


def test_some_rows_of_a_large_text_are_copied_alone(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    all_of_it(window, wire, qtbot, rows_of_json(20_000))
    press(window, "Alt+3", "Ctrl+Home", "Shift+Down", "Shift+Down", "Shift+End", "Ctrl+C")
    assert QApplication.clipboard().text() == '[\n  {\n    "id": 0,'
    assert said(window) == "Copied 3 lines."


def test_what_is_too_large_to_paste_is_not_copied_by_the_key_either(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'["' + b"z" * 100 + b'",\n"' * 4_500_000 + b'"]')
    text_view(window, "Raw")
    QApplication.clipboard().setText("before")
    press(window, "Alt+3", "Ctrl+A", "Ctrl+C")
    assert said(window) == "The body has 17.2 MiB, too much to copy. Save it instead."
    assert QApplication.clipboard().text() == "before"


def test_a_new_answer_comes_while_an_old_one_is_made_ready(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, TEN_MB)
    assert size_text(window) != ""
    answered(window, wire, qtbot, b'{"new": 1.10}')
    view = text_view(window, "Pretty")
    assert view.toPlainText() == '{\n  "new": 1.10\n}'
    assert size_text(window) == ""
    all_of_it(window, wire, qtbot, TEN_MB)
    answered(window, wire, qtbot, b'{"new": 1.10}')
    qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0, timeout=PATIENCE_MS)
    assert view.toPlainText() == '{\n  "new": 1.10\n}'
    assert not window.answer_pane.body_part.pretty.scroll_bar.isVisible()


def test_the_window_closes_while_a_body_is_made_ready(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, TEN_MB)
    assert "ready …" in size_text(window)
    close_window(window, qtbot)


def test_ten_thousand_levels_are_shown(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    watch = Watch()
    view = all_of_it(window, wire, qtbot, b"[" * 10_000 + b"1" + b"]" * 10_000)
    press(window, "Alt+3", "Ctrl+End")
    qtbot.waitUntil(lambda: view.toPlainText().endswith("\n]"), timeout=PATIENCE_MS)
    busy = watch.stop()
    assert busy < 0.5, f"the window was busy for {busy:.2f} s"


def test_what_is_larger_than_16_mib_is_made_ready_only_when_wanted(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'["' + b"z" * 100 + b'",\n"' * 4_500_000 + b'"]')
    view = text_view(window, "Raw")
    assert size_text(window) == "Showing the first 4,000 lines of 17.2 MiB."
    click(find(window, QPushButton, "showAllButton"))
    all_is_ready(window, qtbot)
    press(window, "Alt+3", "Ctrl+End")
    qtbot.waitUntil(lambda: lines_of(view)[-1] == '""]', timeout=PATIENCE_MS)


def test_all_of_it_is_saved_and_opened_outside(
    window: MainWindow,
    wire: WireServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[Path] = []

    def open_it(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_it)
    body = rows_of_json(12_000)
    answered(window, wire, qtbot, body)
    for _ in range(2):  # one is impatient
        click(find(window, QPushButton, "openOutsideButton"))
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert opened[0] != opened[1]
    for file in opened:
        assert file.name == "answer.json"
        assert file.read_bytes() == body
        assert file.stat().st_mode & 0o077 == 0
    click(find(window, QPushButton, "saveBodyButton"))
    dialog = active_dialog(qtbot, QFileDialog)
    target = opened[0].with_name("saved.json")
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    qtbot.waitUntil(lambda: said(window) == f"Saved {len(body):,} bytes to {target}")
    close_window(window, qtbot)
    assert not opened[0].exists()


# --- small ones -----------------------------------------------------------------------------


def test_lines_are_numbered_and_objects_fold(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'{"a": {"b": [1, 2], "c": 3}, "d": 4}')
    view = text_view(window, "Pretty")
    assert lines_of(view) == [
        "{", '  "a": {', '    "b": [', "      1,", "      2", "    ],", '    "c": 3', "  },",
        '  "d": 4', "}",
    ]  # fmt: skip
    assert view.number_of(4) == 5

    def seen() -> list[int]:
        return [view.number_of(block.blockNumber()) for block, _, _ in view.lines_in_sight()]

    assert seen() == list(range(1, 11))
    press(window, "Alt+3", "Ctrl+Home", "Down", "Down", "Ctrl+Shift+[")
    assert seen() == [1, 2, 3, 7, 8, 9, 10]
    press(window, "Up", "-")
    assert seen() == [1, 2, 9, 10]
    press(window, "+")
    assert seen() == [1, 2, 3, 7, 8, 9, 10]
    press(window, "Down", "Ctrl+Shift+]")
    assert seen() == list(range(1, 11))
    press(window, "Ctrl+A", "Ctrl+C")
    assert QApplication.clipboard().text() == view.toPlainText()


def test_a_click_beside_the_line_folds_and_find_unfolds(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'{"a": {"b": "needle"}, "c": 3}')
    view = text_view(window, "Pretty")
    gutter = find(view, LineGutter, "lineGutter")
    tops = [top for _, top, _ in view.lines_in_sight()]
    QTest.mouseClick(
        gutter, Qt.MouseButton.LeftButton, pos=QPoint(gutter.width() - 5, round(tops[1]) + 5)
    )
    assert len(list(view.lines_in_sight())) == 4
    press(window, "Ctrl+F")
    type_text(window, "needle")
    assert len(list(view.lines_in_sight())) == 6
    assert view.textCursor().blockNumber() == 2


def test_colours_follow_the_scheme(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    answered(window, wire, qtbot, rows_of_json(200))
    view = text_view(window, "Pretty")

    def ink() -> str:
        formats = view.firstVisibleBlock().next().next().layout().formats()
        return str(formats[0].format.foreground().color().name())

    press(window, "Ctrl+8")
    light = ink()
    press(window, "Ctrl+9")
    assert ink() != light
