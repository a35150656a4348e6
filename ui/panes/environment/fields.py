"""What the sections of the settings are made of: labelled fields with their errors beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ...settings.text import SecretFacts, SettingsText
from ..common import label, named, set_look

if TYPE_CHECKING:
    from .rows_editor import RowsEditor

_LONGEST = 10_000_000
"""Characters that a field takes; Qt's own limit would cut long values without a word."""

LABEL_WIDTH = 150
"""Pixels of the column of labels, the same in all sections."""


class SteadyCombo(QComboBox):
    """A combo box that the mouse wheel scrolls past, unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the section."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def wrapped(text: str, role: str = "muted") -> QLabel:
    """Make a label whose text goes on in the next line."""
    made = label(text, role)
    made.setWordWrap(True)
    return made


def error_label() -> QLabel:
    """Make the place for what is wrong with a field; hidden while nothing is."""
    made = wrapped("", "error")
    made.hide()
    return made


def show_error(widget: QWidget, place: QLabel, text: str) -> None:
    """Show what is wrong with a field, or that nothing is."""
    place.setText(f"▲ {text}" if text else "")
    place.setVisible(bool(text))
    set_look(widget, "invalid", bool(text))
    widget.setAccessibleDescription(text)


class Section(QScrollArea):
    """One section of the settings; it scrolls. `changed` comes with every edit of a person.

    `errors_here` is how many fields of it are wrong.
    """

    changed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.errors_here = 0
        self._fields: dict[str, tuple[QWidget, QLabel]] = {}
        self.setObjectName("settingsSection")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        content.setObjectName("settingsContent")
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.column.setSpacing(8)
        self.setWidget(content)

    def add_heading(self, title: str, note: str = "") -> None:
        """Start a part of the section, with what it is for."""
        if self.column.count():
            self.column.addSpacing(10)
        self.column.addWidget(label(title, "section"))
        if note:
            self.column.addWidget(wrapped(note))

    def add_group(self) -> Group:
        """Add fields below each other."""
        group = Group(self)
        self.column.addWidget(group)
        return group

    def register(self, key: str, widget: QWidget, place: QLabel) -> None:
        """Say which widget and label an error of a field belongs to."""
        self._fields[key] = (widget, place)

    def show_errors(self, errors: Mapping[str, str]) -> set[str]:
        """Show the errors of this section beside their fields; give the keys that are its own."""
        taken = {key for key in errors if key in self._fields}
        for key, (widget, place) in self._fields.items():
            show_error(widget, place, errors.get(key, ""))
        self.errors_here = len(taken)
        return taken

    def place_of(self, key: str) -> tuple[int, int]:
        """Give where a field of this section is, from its top and from its left."""
        widget, content = self.field(key), self.widget()
        if widget is None or content is None:
            return (0, 0)
        place = widget.mapTo(content, widget.rect().topLeft())
        return (place.y(), place.x())

    def field(self, key: str) -> QWidget | None:
        """Give the widget of a field, if it is in this section."""
        found = self._fields.get(key)
        return found[0] if found is not None else None

    def load(self, text: SettingsText) -> None:
        """Show the fields of this section."""
        raise NotImplementedError

    def store(self, text: SettingsText) -> SettingsText:
        """Give the settings with the fields of this section as they are typed."""
        raise NotImplementedError

    def show_facts(self, facts: SecretFacts) -> None:
        """Go by what is known of secrets now."""

    @staticmethod
    def show_row_errors(name: str, rows: RowsEditor[Any], errors: Mapping[str, str]) -> set[str]:
        """Show errors such as `nodes.0.url` in the rows of that name; give their keys."""
        own = f"{name}."
        found = {key.removeprefix(own): text for key, text in errors.items() if key.startswith(own)}
        rows.show_errors(found)
        return {f"{own}{key}" for key in found}

    @staticmethod
    def row_field(name: str, rows: RowsEditor[Any], key: str) -> QWidget | None:
        """Give the widget of a field such as `nodes.0.url`."""
        return rows.field(key.removeprefix(f"{name}.")) if key.startswith(f"{name}.") else None


class Group(QWidget):
    """Fields below each other: label, field, and what is wrong with it or what it means."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._section = section
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)

    def add(
        self,
        text: str,
        widget: QWidget,
        key: str = "",
        *,
        note: QLabel | str = "",
        width: int = 0,
        buddy: QWidget | None = None,
    ) -> QLabel:
        """Add a field; `text` has its mnemonic, `width` is for one that is not to be wide."""
        row = self._grid.rowCount()
        title = QLabel(text)
        title.setBuddy(buddy or widget)
        top = Qt.AlignmentFlag.AlignTop
        title.setMinimumHeight(28)
        self._grid.addWidget(title, row, 0, top)
        if width:
            widget.setFixedWidth(width)
            self._grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(widget, row, 1)
        if key:
            place = error_label()
            self._grid.addWidget(place, row + 1, 1)
            self._section.register(key, buddy or widget, place)
        if note:
            self._grid.addWidget(wrapped(note) if isinstance(note, str) else note, row + 2, 1)
        self._grid.setRowMinimumHeight(row + 3, 4)
        return title

    def line(
        self,
        text: str,
        key: str,
        object_name: str,
        accessible: str,
        *,
        hint: str = "",
        width: int = 0,
    ) -> QLineEdit:
        """Add a line of text."""
        edit = line_edit(object_name, accessible, hint)
        edit.textChanged.connect(self._section.changed)
        self.add(text, edit, key, width=width)
        return edit


def line_edit(object_name: str, accessible: str, hint: str = "") -> QLineEdit:
    """Make a field for a line of text."""
    edit = named(QLineEdit(), object_name, accessible)
    edit.setPlaceholderText(hint)
    # What a file has is never cut.
    edit.setMaxLength(_LONGEST)
    return edit


def in_layout_order(root: QWidget) -> Iterator[QWidget]:
    """Yield what takes the focus by Tab below a widget, as it is laid out."""
    if root.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield root
    if isinstance(root, QScrollArea):
        inner = root.widget()
        if inner is not None:
            yield from in_layout_order(inner)
        return
    if isinstance(root, (QComboBox, QLineEdit)):
        return
    if isinstance(root, QTabWidget):
        yield from in_layout_order(root.tabBar())
    if isinstance(root, (QStackedWidget, QTabWidget)):
        current = root.currentWidget()
        if current is not None:
            yield from in_layout_order(current)
        return
    layout = root.layout()
    if layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget, below = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield from in_layout_order(widget)
        elif below is not None:
            yield from _in_layout(below)
