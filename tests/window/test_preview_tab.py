"""The preview of an answer: pictures, pages as harmless text, and why there is none."""

import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QTabWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.answer.picture_view import PictureView
from gms_console.ui.window import MainWindow
from tests.support.wire_server import Answer, WireServer, body_answer, json_answer, text_answer
from tests.window.driving import click, find, open_tab, press, said, send


def preview(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: Answer) -> None:
    """Send, and bring the preview to the front."""
    wire.script(answer)
    send(window, wire, qtbot)
    open_tab(find(window, QTabWidget, "answerBodyTabs"), "Preview")


def drawn(width: int, height: int, kind: str = "PNG") -> bytes:
    """Draw a red picture whose lower right pixel is blue."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    image.setPixelColor(width - 1, height - 1, QColor("blue"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]  # what the stub wants is refused
    return bytes(buffer.data().data())


def picture_answer(data: bytes, content_type: str = "image/png") -> Answer:
    return body_answer(data, 200, [("Content-Type", content_type)])


def note(window: MainWindow) -> str:
    return find(window, QLabel, "answerPreviewNote").text()


def empty(window: MainWindow) -> str:
    shown = find(window, QLabel, "answerPreviewEmpty")
    return shown.text() if shown.isVisible() else ""


def picture(window: MainWindow, qtbot: QtBot) -> PictureView:
    qtbot.waitUntil(lambda: bool(window.findChildren(QScrollArea, "answerPicture")))
    view = find(window, PictureView, "answerPicture")
    qtbot.waitUntil(view.isVisible)
    return view


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        pytest.param("PNG", "image/png", id="png"),
        pytest.param("JPEG", "image/jpeg", id="jpeg"),
        pytest.param("WEBP", "application/octet-stream", id="webp of no type"),
        pytest.param("BMP", "text/plain", id="bmp of another type"),
    ],
)
def test_a_picture_is_shown_by_what_it_is(
    window: MainWindow, wire: WireServer, qtbot: QtBot, kind: str, content_type: str
) -> None:
    preview(window, wire, qtbot, picture_answer(drawn(64, 48, kind), content_type))
    view = picture(window, qtbot)
    assert note(window) == f"{kind}, 64 × 48 pixels"
    assert view.accessibleDescription() == note(window)
    middle = view.grab().toImage().pixelColor(view.rect().center())
    assert (middle.red() > 200, middle.blue() > 60) == (True, False)


def test_a_large_picture_is_fitted_and_shown_at_its_own_size(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    preview(window, wire, qtbot, picture_answer(drawn(3000, 2500)))
    view = picture(window, qtbot)
    assert view.canvas.place().width() <= view.width()
    click(find(window, QPushButton, "pictureSizeButton"))
    assert view.canvas.place().width() == view.canvas.width() == 3000
    view.setFocus()
    press(view, "Right", "Down")
    assert view.horizontalScrollBar().value() > 0
    assert view.verticalScrollBar().value() > 0
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    corner = view.viewport().grab().toImage()
    assert corner.pixelColor(corner.width() - 1, corner.height() - 1) == QColor("blue")


def head_of_png(width: int, height: int) -> bytes:
    """Give a PNG that ends where its pixels would begin."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n\0\0\0\r"
        + head
        + struct.pack(">I", zlib.crc32(head))
        + b"\0\0\x10\0IDAT"
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(head_of_png(60_000, 60_000), "3,600 megapixels", id="too many pixels"),
        pytest.param(head_of_png(60, 60), "cannot be read", id="broken"),
    ],
)
def test_a_picture_that_is_none_says_why(
    window: MainWindow, wire: WireServer, qtbot: QtBot, data: bytes, why: str
) -> None:
    preview(window, wire, qtbot, picture_answer(data))
    qtbot.waitUntil(lambda: why in empty(window))


PAGE = """<!doctype html><html><head><title>t</title><style>p { color: red }</style></head><body>
<h1>Sign in</h1><script>alert(1)</script><img src="{url}/a.png" alt="logo">
<link rel="stylesheet" href="{url}/b.css"><iframe src="{url}/c"></iframe>
<p style="background: url({url}/d.png)">Please <a href="{url}/e">log in</a>.</p></body></html>"""


def test_a_page_is_text_and_loads_nothing(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    page = PAGE.replace("{url}", wire.base_url)
    preview(window, wire, qtbot, text_answer(page, headers=[("Content-Type", "text/html")]))
    qtbot.waitUntil(lambda: bool(window.findChildren(QTextBrowser, "answerPage")))
    browser = find(window, QTextBrowser, "answerPage")
    assert browser.toPlainText().split() == [
        "Sign",
        "in",
        "[picture:",
        "logo]",
        "Please",
        "log",
        "in.",
    ]
    assert note(window).startswith("The page as text")
    browser.setFocus()
    press(browser, "Tab")  # to the link
    press(browser, "Return")
    assert said(window) == f"The link leads to {wire.base_url}/e; nothing was opened."
    assert len(wire.requests) == 1


def test_a_text_is_shown_and_its_markup_stays_text(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    preview(window, wire, qtbot, text_answer("a <b>bold</b> word"))
    assert find(window, QTextBrowser, "answerPage").toPlainText() == "a <b>bold</b> word"


SVG = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'


@pytest.mark.parametrize(
    ("answer", "said_of_it"),
    [
        pytest.param(json_answer({"a": 1}), "This answer is JSON", id="json"),
        pytest.param(body_answer(b""), "has no body", id="nothing"),
        pytest.param(
            body_answer(b"%PDF-1.7", headers=[("Content-Type", "application/pdf")]),
            "No preview of application/pdf (8 bytes)",
            id="pdf",
        ),
    ],
)
def test_why_there_is_no_preview(
    window: MainWindow, wire: WireServer, qtbot: QtBot, answer: Answer, said_of_it: str
) -> None:
    preview(window, wire, qtbot, answer)
    assert said_of_it in empty(window)


def test_a_drawing_is_shown_as_its_text(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    """It may name files of this machine, which no answer is to be able to read."""
    preview(window, wire, qtbot, picture_answer(SVG.encode(), "image/svg+xml"))
    assert find(window, QTextBrowser, "answerPage").toPlainText() == SVG


def test_the_next_answer_takes_the_place_of_a_picture(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    preview(window, wire, qtbot, picture_answer(drawn(600, 400)))
    view = picture(window, qtbot)
    wire.script(text_answer("done"))
    send(window, wire, qtbot)
    qtbot.waitUntil(lambda: not view.isVisible())
    assert find(window, QTextBrowser, "answerPage").toPlainText() == "done"
    assert find(window, QPushButton, "pictureSizeButton").isVisible() is False


def test_before_the_first_answer(window: MainWindow) -> None:
    open_tab(find(window, QTabWidget, "answerBodyTabs"), "Preview")
    assert empty(window).startswith("No answer yet")
    assert find(window, QLabel, "answerPreviewEmpty").alignment() & Qt.AlignmentFlag.AlignCenter


@pytest.mark.parametrize("title", ["Tree", "Raw"])
def test_after_a_picture_an_answer_without_one_is_shown_as_answers_were_before(
    window: MainWindow, wire: WireServer, qtbot: QtBot, title: str
) -> None:
    views = find(window, QTabWidget, "answerBodyTabs")
    open_tab(views, title)
    preview(window, wire, qtbot, picture_answer(drawn(64, 48)))
    picture(window, qtbot)
    wire.script(picture_answer(drawn(32, 24)), json_answer({"a": 1}))
    send(window, wire, qtbot)
    assert views.tabText(views.currentIndex()) == "Preview"
    send(window, wire, qtbot)
    assert views.tabText(views.currentIndex()) == title


def test_a_picture_is_no_odd_text_and_pretty_says_where_it_is_seen(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(picture_answer(drawn(64, 48)), json_answer({"a": 1}))
    send(window, wire, qtbot)
    hint = find(window, QLabel, "bodySizeLabel")
    assert hint.isVisible()
    assert hint.text() == "A picture; Preview shows it."
    assert not find(window, QPushButton, "showAllButton").isVisible()
    assert not find(window, QLabel, "answerNoteLabel").isVisible()
    send(window, wire, qtbot)
    assert not hint.isVisible()
