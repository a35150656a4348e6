"""The editor of whole numbers: arrows step, and any text can be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from .value_editors import LineValueEdit

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter


class FreeSpin(QAbstractSpinBox):
    """A spin box over a text: it steps a number in it, and never alters it by itself."""

    def __init__(self, parent: QWidget, least: int | None, most: int | None) -> None:
        super().__init__(parent)
        self._least, self._most = least, most

    def line(self) -> QLineEdit:
        """Give the field of the text."""
        return self.lineEdit()

    def _number(self) -> int | None:
        try:
            return int(self.line().text())
        except ValueError:
            return None

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go up or down, and into the range; from no number, to the least one."""
        number = self._number()
        wanted = (self._least or 0) if number is None else number + steps
        if self._least is not None:
            wanted = max(wanted, self._least)
        if self._most is not None:
            wanted = min(wanted, self._most)
        self.line().setText(str(wanted))
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:  # noqa: N802 - Qt's name
        """Stop the arrows at the ends of the range."""
        number = self._number()
        flag = QAbstractSpinBox.StepEnabledFlag
        steps = flag.StepNone
        if number is None or self._most is None or number < self._most:
            steps |= flag.StepUpEnabled
        if number is None or self._least is None or number > self._least:
            steps |= flag.StepDownEnabled
        return steps


class IntegerEdit(LineValueEdit):
    """Edits a whole number, with its unit beside it."""

    def __init__(self, parent: QWidget, parameter: Parameter, unit: QWidget) -> None:
        self._range = (parameter.least, parameter.most)
        super().__init__(parent, parameter, unit)

    def make_outer(self) -> QWidget:
        """Make a spin box that takes any text."""
        self.spin = FreeSpin(self, *self._range)
        return self.spin

    def line(self) -> QLineEdit:
        """Give the line in the spin box."""
        return self.spin.line()
