"""The preview of an answer: a picture, or a page as harmless text. Nothing is ever fetched."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange, Response
from gms_console.model.reading import body_text

from ..common import label, named, set_label

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from ...console import Console
    from ...picture import Picture
    from .picture_view import PictureView

LONGEST_TEXT = 100_000
"""Characters of a page or text that are laid out."""

NO_ANSWER = "No answer yet. Send something (Ctrl+Enter): pictures and pages are shown here."
NO_BODY = "The answer has no body."
_JSON = "This answer is JSON. Tree and Pretty show it."
_PAGES = ("text/html", "application/xhtml+xml")
_TEXTS = ("text/", "application/xml", "application/javascript", "image/svg+xml")


class PreviewView(QWidget):
    """Shows what a body looks like. Nothing is read before it is seen."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._exchange: Exchange | None = None
        self._waiting: tuple[Exchange, Answer] | None = None
        self._picture_view: PictureView | None = None
        self._page: QWidget | None = None
        self._empty = named(label(NO_ANSWER, "muted"), "answerPreviewEmpty", "No preview")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(24)
        self._note = named(label("", "muted"), "answerPreviewNote", "What is shown")
        self._note.setWordWrap(True)
        self.size_button = named(QPushButton("&Actual size"), "pictureSizeButton", "Actual size")
        self.size_button.setCheckable(True)
        self.size_button.setToolTip("Show each pixel of the picture, or all of it")
        self.size_button.toggled.connect(self._set_size)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        head = QHBoxLayout()
        head.addWidget(self._note, 1)
        head.addWidget(self.size_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._say_empty(NO_ANSWER)

    def show_exchange(self, exchange: Exchange, answer: Answer) -> None:
        """Show what the body of an answer looks like, or say why there is nothing to see."""
        self._waiting = exchange, answer
        if self.isVisible():
            self._show_waiting()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read what waited for being seen."""
        super().showEvent(event)
        self._show_waiting()

    def _show_waiting(self) -> None:
        if self._waiting is None:
            return
        exchange, answer = self._waiting
        self._waiting = None
        if exchange is self._exchange:
            return
        self._exchange = exchange
        self._console.session.tasks.cancel(self)
        response = exchange.response
        if response is None or not response.body:
            self._say_empty(NO_BODY if response is not None else "No answer came back.")
        elif not self._show_picture(response):
            self._show_text(response, answer)

    # --- pictures ----------------------------------------------------------------------------

    def _show_picture(self, response: Response) -> bool:
        """Begin to read a picture; False where the body is none that could be shown."""
        from ...picture import LARGEST, picture_format  # noqa: PLC0415 - not before it is asked for

        if not picture_format(response.body[:16]):
            return False
        if response.size > LARGEST:
            most = LARGEST // 1024 // 1024
            self._say_empty(f"This picture is larger than {most} MiB. Save it to open it outside.")
            return True
        self._say_empty("Reading the picture …")
        work = self._read(response)
        self._console.session.tasks.start(work, name="preview", owner=self)
        return True

    async def _read(self, response: Response) -> None:
        from ...picture import PictureError, read_picture  # noqa: PLC0415 - as above

        path = response.stored.path if response.stored is not None else None
        try:
            picture = await asyncio.to_thread(read_picture, response.body, path)
        except (PictureError, OSError) as error:
            self._say_empty(str(error))
        else:
            self._take_picture(picture)

    def _take_picture(self, picture: Picture) -> None:
        if self._picture_view is None:
            from .picture_view import PictureView  # noqa: PLC0415 - not before there is a picture

            self._picture_view = PictureView()
            self._stack.addWidget(self._picture_view)
        view = self._picture_view
        said = (
            f"{picture.kind.upper()}, {picture.size.width():,} × {picture.size.height():,} pixels"
        )
        if picture.is_reduced:
            said += ", shown smaller: it is too large to be kept at its own size"
        set_label(self._note, said, "muted")
        view.setAccessibleDescription(said)
        self.size_button.setChecked(False)
        self.size_button.setVisible(not picture.is_reduced)
        view.show_picture(picture)
        self._show_part(view)

    def _set_size(self, actual: bool) -> None:
        if self._picture_view is not None:
            self._picture_view.set_actual_size(on=actual)

    # --- texts -------------------------------------------------------------------------------

    def _show_text(self, response: Response, answer: Answer) -> None:
        kind = (response.header("content-type") or "").partition(";")[0].strip().lower()
        text = body_text(response)
        begins = text[:200].lstrip("\ufeff \t\r\n").lower()
        is_page = kind in _PAGES or begins.startswith(("<!doctype html", "<html"))
        if answer.is_json and not is_page:
            self._say_empty(_JSON)
        elif is_page or kind.startswith(_TEXTS) or not kind:
            self._show_page(text, response, is_page=is_page)
        else:
            size = f"{response.size:,} bytes"
            self._say_empty(
                f"No preview of {kind} ({size}). Raw shows it as it came; "
                "save it (Ctrl+Shift+S) to open it in another program."
            )

    def _show_page(self, text: str, response: Response, *, is_page: bool) -> None:
        from ..phone.page_browser import PageBrowser  # noqa: PLC0415 - not before there is a page

        cut = len(text) > LONGEST_TEXT or response.stored is not None
        page = PageBrowser(text[:LONGEST_TEXT], is_html=is_page)
        named(page, "answerPage", "The answer as text")
        page.link_chosen.connect(self._name_link)
        if self._page is not None:
            self._stack.removeWidget(self._page)
            self._page.deleteLater()
        self._page = page
        said = "The page as text: its scripts, styles and pictures are left out." if is_page else ""
        if cut:
            said = f"{said} Its first {LONGEST_TEXT:,} characters.".strip()
        set_label(self._note, said, "muted")
        self.size_button.hide()
        self._stack.addWidget(page)
        self._show_part(page)

    def _name_link(self, address: str) -> None:
        self._console.message.emit(f"The link leads to {address}; nothing was opened.")

    # --- what is in front ----------------------------------------------------------------------

    def _say_empty(self, text: str) -> None:
        self._empty.setText(text)
        self._note.clear()
        self.size_button.hide()
        self._show_part(self._empty)

    def _show_part(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        self.setFocusProxy(part)
        self._note.setVisible(bool(self._note.text()))
