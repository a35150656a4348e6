"""Rows of fields that are added, removed and moved: nodes, headers, variables, services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..common import icon_button, label, named
from .fields import error_label, line_edit, show_error

T = TypeVar("T")

_BUTTON = 28
_GAP = 6


class Row(QWidget, Generic[T]):
    """One row: its fields, what is wrong with them, and buttons that remove and move it."""

    changed = Signal()
    remove_wanted = Signal()
    move_wanted = Signal(int)

    def __init__(self, noun: str, *, movable: bool) -> None:
        super().__init__()
        self.noun, self.place = noun, 0
        self._names: dict[str, str] = {}
        self.fields: dict[str, QWidget] = {}
        self.error = error_label()
        self.buttons: list[QToolButton] = []
        if movable:
            for step, name, verb in ((-1, "up", "Move up"), (1, "down", "Move down")):
                button = self._button(name, verb)
                button.clicked.connect(lambda _=False, step=step: self.move_wanted.emit(step))
        self._button("remove", "Remove").clicked.connect(self.remove_wanted)
        self.line = QHBoxLayout()
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(_GAP)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.column.addLayout(self.line)
        self.column.addWidget(self.error)

    def _button(self, icon_name: str, verb: str) -> QToolButton:
        button = icon_button(icon_name, verb)
        button.setProperty("verb", verb)
        button.setFixedWidth(_BUTTON)
        self.buttons.append(button)
        return button

    def add_line(self, key: str, heading: str, stretch: int, hint: str = "") -> QLineEdit:
        """Add a line of text as the field `key`."""
        edit = line_edit("", heading, hint)
        edit.textChanged.connect(self.changed)
        self.add_field(key, heading, edit, stretch)
        return edit

    def add_field(self, key: str, heading: str, widget: QWidget, stretch: int) -> None:
        """Add a field; without `stretch` it is as wide as it needs."""
        if stretch:
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, widget.sizePolicy().verticalPolicy())
        self.fields[key] = widget
        self._names[key] = heading
        self.line.addWidget(widget, stretch, Qt.AlignmentFlag.AlignTop)

    def end_fields(self) -> None:
        """Add the buttons at the end of the line."""
        for button in self.buttons:
            self.line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def load(self, value: T) -> None:
        """Show a value."""
        raise NotImplementedError

    def value(self) -> T:
        """Give the value as it stands."""
        raise NotImplementedError

    def set_place(self, place: int, count: int) -> None:
        """Say which row it is, so that each field has a name of its own."""
        self.place = place
        for key, widget in self.fields.items():
            self.name_field(key, widget, f"{self._names[key]} of {self.noun} {place + 1}")
        for button in self.buttons:
            verb = str(button.property("verb"))
            button.setAccessibleName(f"{verb} {self.noun} {place + 1}")
            button.setToolTip(f"{verb} {self.noun}" if verb == "Remove" else verb)
            moves = {"Move up": place > 0, "Move down": place < count - 1}
            button.setEnabled(moves.get(verb, True))

    def name_field(self, key: str, widget: QWidget, name: str) -> None:
        """Give a field the name that is read out."""
        widget.setAccessibleName(name)
        widget.setObjectName(f"{self.noun}{self.place + 1}{key.capitalize()}Edit")

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Show what is wrong with the fields of this row, by their keys."""
        for key, widget in self.fields.items():
            show_error(widget, self.error, errors.get(key, ""))
        found = [text for text in errors.values() if text]
        self.error.setText("▲ " + " ".join(found) if found else "")
        self.error.setVisible(bool(found))


class RowsEditor(QWidget, Generic[T]):
    """Rows of one kind, with headings above and a button below that adds one.

    A heading has its text, its stretch, and its width in pixels where it has no stretch.
    """

    changed = Signal()
    rows_changed = Signal()

    def __init__(
        self,
        object_name: str,
        noun: str,
        headings: Sequence[tuple[str, int, int]],
        make_row: Callable[[], Row[T]],
        empty: T,
    ) -> None:
        super().__init__()
        named(self, object_name, f"{noun.capitalize()}s")
        self._noun, self._make, self._empty = noun, make_row, empty
        self._rows: list[Row[T]] = []
        self.headings = QWidget()
        head = QHBoxLayout(self.headings)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(_GAP)
        for text, stretch, width in headings:
            title = label(text, "muted")
            if stretch:
                title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            if width:
                title.setFixedWidth(width)
            head.addWidget(title, stretch)
        probe = make_row()
        head.addSpacing(len(probe.buttons) * (_BUTTON + _GAP))
        probe.deleteLater()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.add_button = icon_button("add", f"Add a {noun}", f"Add {noun}")
        self.add_button.setObjectName(f"{object_name}Add")
        self.add_button.clicked.connect(self._on_add)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addWidget(self.headings)
        whole.addLayout(self._column)
        whole.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def rows(self) -> Sequence[Row[T]]:
        """The rows in their order."""
        return self._rows

    def load(self, values: Sequence[T]) -> None:
        """Show other rows."""
        while self._rows:
            self._drop(self._rows.pop())
        for value in values:
            self._append(value)
        self._renumber()

    def values(self) -> tuple[T, ...]:
        """Give what the rows hold, blank ones too."""
        return tuple(row.value() for row in self._rows)

    def _on_add(self) -> None:
        self.add()

    def add(self) -> None:
        """Add a row and go to its first field."""
        row = self._append(self._empty)
        self._renumber()
        next(iter(row.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def show_errors(self, errors: Mapping[str, str]) -> int:
        """Show errors such as `0.url`; give how many there are."""
        for row in self._rows:
            own = f"{row.place}."
            row.show_errors(
                {key.removeprefix(own): text for key, text in errors.items() if key.startswith(own)}
            )
        return len(errors)

    def field(self, key: str) -> QWidget | None:
        """Give the field of a key such as `0.url`."""
        place, _, column = key.partition(".")
        if not place.isdecimal() or int(place) >= len(self._rows):
            return None
        fields = self._rows[int(place)].fields
        return fields.get(column.partition(".")[0]) or next(iter(fields.values()))

    def _append(self, value: T) -> Row[T]:
        row = self._make()
        row.load(value)
        row.changed.connect(self.changed)
        row.remove_wanted.connect(lambda: self._remove(row))
        row.move_wanted.connect(lambda step: self._move(row, step))
        self._rows.append(row)
        self._column.addWidget(row)
        return row

    def _remove(self, row: Row[T]) -> None:
        place = self._rows.index(row)
        self._rows.remove(row)
        self._drop(row)
        self._renumber()
        if self._rows:
            self._focus_button(self._rows[min(place, len(self._rows) - 1)], "Remove")
        else:
            self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _move(self, row: Row[T], step: int) -> None:
        place = self._rows.index(row)
        target = place + step
        if not 0 <= target < len(self._rows):
            return
        self._rows.insert(target, self._rows.pop(place))
        self._column.removeWidget(row)
        self._column.insertWidget(target, row)
        self._renumber()
        self._focus_button(row, "Move up" if step < 0 else "Move down")
        self.changed.emit()

    @staticmethod
    def _focus_button(row: Row[Any], verb: str) -> None:
        """Stay on the button that was pressed, or on the one beside it."""
        by_verb = {str(one.property("verb")): one for one in row.buttons}
        button = by_verb[verb]
        if not button.isEnabled():
            button = next(one for one in row.buttons if one.isEnabled())
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, row: Row[T]) -> None:
        self._column.removeWidget(row)
        row.hide()
        for one in row.findChildren(QWidget):
            # Until Qt deletes it, nobody is to find it by a name that another row has now.
            one.setObjectName("")
        row.deleteLater()

    def _renumber(self) -> None:
        for place, row in enumerate(self._rows):
            row.set_place(place, len(self._rows))
        self.headings.setVisible(bool(self._rows))
        self.rows_changed.emit()

    def each(self) -> Iterator[Row[T]]:
        """Yield the rows in their order."""
        yield from self._rows
