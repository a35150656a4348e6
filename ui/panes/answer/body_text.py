"""One text of a body, as it came or indented: whole, its first part, or all of it by rows."""

from __future__ import annotations

from collections.abc import Coroutine
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QWidget

from gms_console.first_part import FirstPart, first_part
from gms_console.sizes import size_text
from gms_console.viewing.reader import ViewingError
from gms_console.viewing.types import View

from .reading_place import is_next_of_poll
from .row_window import RowWindow
from .text_view import TextView
from .whole_text import WholeText

if TYPE_CHECKING:
    from ...body_desk import BodyDesk, ShownBody

READY_BY_ITSELF = 16 * 1024 * 1024
"""Bytes up to which all of a body is made ready without being asked for."""


class Extent(Enum):
    """How much of a body a text shows."""

    ALL = auto()
    FIRST_PART = auto()
    CUT_ROWS = auto()
    ALL_ROWS = auto()


class BodyText(QWidget):
    """Shows a view of a body. Large ones are read by rows, in another process.

    `changed` tells of another text, or another extent of it, `cut_seen` of the first row that
    was cut. `whole_wanted`: a person copies all of a text of which a part is here, `copied`: some
    lines of it.
    """

    changed = Signal()
    cut_seen = Signal()
    whole_wanted = Signal()
    copied = Signal(int)

    def __init__(self, kind: View, object_name: str, accessible_name: str) -> None:
        super().__init__()
        self.kind = kind
        self.view = TextView(object_name, accessible_name)
        self.view.copied.connect(self.copied)
        self._has_cut = False
        self.extent = Extent.ALL
        self.preparing = False
        self.error = ""
        self._desk: BodyDesk | None = None
        self._body: ShownBody | None = None
        self._part = FirstPart("", True, "", {})
        self.scroll_bar: QScrollBar | None = None
        self._rows: RowWindow | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.view)
        self.setFocusProxy(self.view)

    @property
    def is_json(self) -> bool:
        """Whether the text is coloured as JSON, and can be folded."""
        return self.kind is View.PRETTY and self._body is not None and self._body.is_json

    # --- what it shows --------------------------------------------------------------------

    def show_nothing(self) -> None:
        """Show no body."""
        self._leave()
        self._body, self.extent = None, Extent.ALL
        self.view.copy_all = None
        self.view.show_text("", {}, json=False)
        self.changed.emit()

    def show_body(self, desk: BodyDesk, body: ShownBody) -> None:
        """Show a body, or as much of it as can be shown at once.

        The next answer of a poll is shown at the place where one reads.
        """
        stays = self._stays(body)
        self._leave()
        self._desk, self._body = desk, body
        source = body.source
        pretty = self.is_json
        self._part = part = first_part(body.head, source.size, source.charset, pretty=pretty)
        self.extent = Extent.ALL if part.whole else Extent.FIRST_PART
        self.view.show_text(part.text, part.cuts, json=pretty, stays=stays)
        self.view.copy_all = None if self.whole_text() is None else self.whole_wanted.emit
        self.changed.emit()

    def _stays(self, body: ShownBody) -> bool:
        before = self._body
        if before is None or self.extent in {Extent.CUT_ROWS, Extent.ALL_ROWS}:
            return False
        alike = body.filtered_by == before.filtered_by
        return alike and is_next_of_poll(before.exchange, body.exchange)

    def shows(self, body: ShownBody) -> bool:
        """Whether it shows this body already."""
        return body is self._body

    def make_ready(self) -> None:
        """Have all of it by itself where it is not too large; called once it can be seen."""
        body = self._body
        if body is None or self.extent is not Extent.FIRST_PART or self.preparing or self.error:
            return
        if body.source.size <= READY_BY_ITSELF:
            self._prepare(whole=False)

    def show_all(self) -> None:
        """Show all rows; where all are here already but long ones are cut, those too."""
        if self.preparing or not self.can_show_all:
            return
        self._prepare(whole=self.extent is not Extent.FIRST_PART)

    @property
    def can_show_all(self) -> bool:
        """Whether there is more to show than is here."""
        return self.extent is Extent.FIRST_PART or self.is_shortened

    @property
    def is_shortened(self) -> bool:
        """Whether all of it is here, but for the rest of what is long."""
        return self.extent is Extent.CUT_ROWS or (
            self.extent is Extent.ALL and bool(self._part.cuts)
        )

    def words(self) -> str:
        """Say how much of the body is shown; empty where all is, as it is."""
        body = self._body
        if body is None:
            return ""
        if self.error:
            return self.error
        size = size_text(body.source.size)
        if self.preparing:
            return f"Getting all of {size} ready …"
        if self.extent is Extent.FIRST_PART:
            return f"Showing the first {self._part.extent} of {size}."
        if self.extent is Extent.CUT_ROWS:
            shortened = "; long values are shortened" if self._has_cut else ""
            return f"All of {size}{shortened}."
        if self.extent is Extent.ALL_ROWS:
            return f"All of {size}; long lines go on in the next row."
        if self._part.cuts:
            return "Long lines are shortened."
        return "A picture; Preview shows it." if self._is_picture(body) else ""

    def _is_picture(self, body: ShownBody) -> bool:
        response = None if body.exchange is None else body.exchange.response
        kind = "" if response is None else response.header("content-type") or ""
        return kind.lower().startswith("image/") and not body.is_json

    def whole_text(self) -> WholeText | None:
        """Give all of a text of which a part is here; None where all of it is."""
        body = self._body
        if body is None or (self.extent is Extent.ALL and not self._part.cuts):
            return None
        return WholeText(body.source, self.is_json)

    def copy_text(self) -> str | WholeText:
        """Give the text, or where to have it from where a part is here."""
        return self.whole_text() or self.view.shown_text()

    # --- all of a large one ---------------------------------------------------------------

    def _leave(self) -> None:
        """Give up what is under way for the body before."""
        if self._desk is not None:
            self._desk.cancel(self)
        if self._rows is not None:
            self._rows.end()
        self.preparing, self.error = False, ""

    def _prepare(self, *, whole: bool) -> None:
        if self._desk is None or self._body is None:
            return
        self.preparing, self.error = True, ""
        self._start(self._get_ready(self._body, whole=whole))
        self.changed.emit()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._desk is None:
            work.close()
        else:
            self._desk.start(work, "show", owner=self)

    async def _get_ready(self, body: ShownBody, *, whole: bool) -> None:
        try:
            layout = await body.reader.layout(self.kind, whole=whole)
            load = partial(body.reader.rows, self.kind, whole=whole)
            rows = self._made_rows()
            top = self.view.top_row()
            if rows.total:
                top = top * layout.rows // rows.total
            await rows.begin(load, layout.rows, top, json=self.is_json)
        except ViewingError as error:
            self.error = str(error)
        else:
            self._has_cut = self.view.is_cut
            self.extent = Extent.ALL_ROWS if whole else Extent.CUT_ROWS
            self.view.search = partial(body.reader.find, self.kind, whole=whole)
        finally:
            if body is self._body:
                self.preparing = False
        self.changed.emit()

    def _made_rows(self) -> RowWindow:
        if self._rows is None:
            self.scroll_bar = QScrollBar(Qt.Orientation.Vertical)
            self.scroll_bar.hide()
            self._row.addWidget(self.scroll_bar)
            self._rows = RowWindow(self.view, self.scroll_bar, self._start, self.fail)
            self._rows.placed.connect(self._look_for_cuts)
        return self._rows

    def _look_for_cuts(self) -> None:
        """Say that rows are cut from the first one on that is."""
        if not self._has_cut and self.extent is Extent.CUT_ROWS and self.view.is_cut:
            self._has_cut = True
            self.cut_seen.emit()

    def fail(self, error: ViewingError) -> None:
        """Say why rows cannot be had."""
        self.error = str(error)
        self.changed.emit()
