"""Small parts that several panes are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QStyleOptionViewItem,
    QToolButton,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from ..icons import icon
from ..theme import is_styled
from ..tips import plain_tip

_W = TypeVar("_W", bound=QWidget)


class Pane(QFrame):
    """A framed part of the window: a title row, which takes more widgets, and a body."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.head = QHBoxLayout()
        self.head.setSpacing(6)
        if title:
            heading = QLabel(title)
            heading.setObjectName("paneTitle")
            heading.setMinimumWidth(24)
            self.head.addWidget(heading)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(10, 8, 10, 10)
        self.body.setSpacing(6)
        self.body.addLayout(self.head)


def named(widget: _W, object_name: str, accessible_name: str) -> _W:
    """Give a widget the stable name that scripts find it by, and the one that is read out."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    return widget


def exact_text(edit: QPlainTextEdit) -> str:
    """Give the text of an editor as it is: Qt's own reading turns some blanks into others."""
    return edit.document().toRawText().replace("\u2029", "\n")


def label(text: str, role: str = "") -> QLabel:
    """Make a plain-text label; `role` (muted, error, good, warning, method) gives its colour."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    return made


def prepare_rows(tree: QTreeWidget, headings: Sequence[str], stretched: int) -> None:
    """Make a tree a list of rows with columns, one of which takes the room that is left."""
    tree.setHeaderLabels(headings)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setAllColumnsShowFocus(True)
    tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)


class ElidedLabel(QLabel):
    """A muted text that gives way at its beginning; its tooltip has it whole."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "muted")

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for its end."""
        return QSize(
            self.fontMetrics().horizontalAdvance("…/service/"), super().sizeHint().height()
        )

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for no more, so that what stands beside it comes first."""
        return self.minimumSizeHint()

    def show_text(self, text: str) -> None:
        """Show a text, whole where there is room for it."""
        self.setText(text)
        self.setToolTip(plain_tip(text))
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(text) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what there is room for."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        elide = Qt.TextElideMode.ElideLeft
        shown = self.fontMetrics().elidedText(self.text(), elide, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()


def give_way(widget: QWidget) -> None:
    """Let a text be cut rather than push the window wider; its tooltip has it whole."""
    widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have the widget drawn by it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not is_styled():
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def address_text(path: str) -> str:
    """Write the place of a service or request; one that begins with / starts at the base path."""
    return f"…{path}" if path.startswith("/") else f"…/service/{path}"


def set_label(widget: QLabel, text: str, role: str) -> None:
    """Change the text of a label and its role."""
    widget.setText(text)
    set_look(widget, "role", role)


def icon_button(icon_name: str, tip: str, text: str = "") -> QToolButton:
    """Make a tool button with an icon; `tip` is its tooltip and accessible name."""
    button = QToolButton()
    button.setProperty("iconName", icon_name)
    button.setIcon(icon(icon_name))
    button.setToolTip(tip)
    button.setAccessibleName(text or tip.partition(" (")[0])
    if text:
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def has_state(option: QStyleOptionViewItem, *names: str) -> bool:
    """Whether a row is in one of these states, such as `HasFocus` or `Selected`.

    Qt's class of styles is costly to make, and no row waits for it at a start.
    """
    from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - as said

    return any(bool(option.state & QStyle.StateFlag[f"State_{name}"]) for name in names)


class Hint(QLabel):
    """What an empty list says should be done next; it goes when there are rows.

    A layout keeps it in the middle of the view. To ask Qt for the viewport instead would have
    PySide make every kind of widget there is, before the window's first picture. `below` is the
    height of a header that it stays clear of, however low the view is.
    """

    def __init__(self, view: QAbstractItemView, text: str, *, below: int = 0) -> None:
        super().__init__(text)
        self._view = view
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        middle = QVBoxLayout(view)
        middle.setContentsMargins(12, 4 + below, 12, 4)
        middle.addWidget(self)
        self.follow_model()

    def follow_model(self) -> None:
        """Listen to the model that the view has now."""
        model = self._view.model()
        if model is not None:
            model.rowsInserted.connect(self.refresh)
            model.rowsRemoved.connect(self.refresh)
            model.modelReset.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show or hide, as the view is empty or not."""
        model = self._view.model()
        self.setVisible(model is None or model.rowCount() == 0)
