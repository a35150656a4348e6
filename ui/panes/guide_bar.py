"""The bar of the guided tour: which step it is, what to do and why, and its buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ..guide.desk import GuideDesk
from .common import label, named, set_label, set_look


class GuideBar(QFrame):
    """Stands at the bottom of a window; in a dialog it has words alone, and no buttons."""

    def __init__(self, desk: GuideDesk, *, buttons: bool = True) -> None:
        super().__init__()
        self._desk = desk
        self._with_buttons = buttons
        named(self, "guideBar", "Guided tour")
        self.heading = label("", "accent")
        self.do = label("", "section")
        self.why = label("", "muted")
        self.note = label("", "muted")
        for one, name in (
            (self.heading, "guideHeading"),
            (self.do, "guideDo"),
            (self.why, "guideWhy"),
            (self.note, "guideNote"),
        ):
            one.setObjectName(name)
            one.setWordWrap(one is not self.heading)
        self.show_button = self._button("guideShow", desk.show_me)
        self.back_button = self._button("guideBack", desk.back)
        self.skip_button = self._button("guideSkip", desk.skip)
        self.leave_button = self._button("guideLeave", desk.leave)
        self._lay_out()
        desk.changed.connect(self.refresh)
        self.refresh()

    def _button(self, name: str, run: object) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        # A dialog's Enter is for the dialog.
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        first, words = QHBoxLayout(), QVBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.heading)
        first.addWidget(self.note, 1)
        words.setSpacing(2)
        words.addLayout(first)
        words.addWidget(self.do)
        words.addWidget(self.why)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 12, 9)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in self._buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            button.setVisible(self._with_buttons)

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.show_button, self.back_button, self.skip_button, self.leave_button)

    def refresh(self) -> None:
        """Say what the desk says."""
        desk, said = self._desk, self._desk.said
        new = said.do != self.do.text() and bool(said.do)
        self.heading.setText(said.heading)
        self.do.setText(said.do)
        self.why.setText(said.why)
        self.why.setVisible(bool(said.why))
        set_label(self.note, said.note, said.tone)
        if self.parentWidget() is not None:  # else it would be a window of its own
            self.setVisible(desk.active)
        if self._with_buttons:
            self._show_buttons()
        if new and self.isVisible() and self.window().isActiveWindow():
            self._announce(f"{said.heading}. {said.do}")

    def _show_buttons(self) -> None:
        desk = self._desk
        end = desk.chapter is None
        if end:
            self._text(self.show_button, "From the start", "Walk the tour again from its start")
        elif not desk.on_simulator:
            self._text(self.show_button, "To the simulator", "Send to the simulator again")
        elif desk.showing:
            self._text(self.show_button, "Stop", "Stop showing it")
        else:
            self._text(self.show_button, "Show me", "Have this step done by itself")
        self._text(self.back_button, "Back", "To the step before")
        self._text(self.skip_button, "Next" if desk.ticked else "Skip", "To the next step")
        self._text(self.leave_button, "Leave", "Leave the tour; it goes on here the next time")
        self.back_button.setEnabled(desk.place > 0)
        self.skip_button.setVisible(not end)
        set_look(self.show_button, "role", "primary" if not end else "")
        set_look(self.leave_button, "role", "primary" if end else "")

    @staticmethod
    def _text(button: QPushButton, text: str, tip: str) -> None:
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)

    def _announce(self, text: str) -> None:
        """Have a screen reader say what is asked now, wherever the keyboard is."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def take_focus(self) -> None:
        """Have the keyboard at the first button."""
        self.show_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
