"""A row of small widgets that goes on in the next line where the width ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_GAP = 5


class FlowBar(QWidget):
    """Places what is added to it; its height follows from the width that it is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[QWidget] = []
        # What there is to show must not move the panes about.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What was added, in order."""
        return tuple(self._parts)

    def add(self, part: QWidget) -> None:
        """Add a widget at the end; it becomes part of this one."""
        part.setParent(self)
        self._parts.append(part)

    def clear(self) -> None:
        """Throw all widgets away."""
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts.clear()

    def fit(self, width: int) -> int:
        """Place the widgets within a width; give the height that they take."""
        left = top = height = 0
        for part in self._parts:
            if part.isHidden():
                continue
            size = part.sizeHint()
            if left and left + size.width() > width:
                left, top, height = 0, top + height + _GAP, 0
            part.setGeometry(QRect(left, top, min(size.width(), width), size.height()))
            left += size.width() + _GAP
            height = max(height, size.height())
        return top + height

    def arrange(self) -> None:
        """Place the widgets anew, and take the height for it."""
        height = self.fit(self.width())
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the lines elsewhere."""
        super().resizeEvent(event)
        self.arrange()

    def event(self, event: QEvent) -> bool:
        """Place the widgets anew when one of them has come, gone or grown."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.arrange()
        return super().event(event)
