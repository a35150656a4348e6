"""The steps of the flow: chosen, added, moved and removed."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gms_console.flow.types import StepKind

from ...actions import ActionSpec
from ...console import Console
from ...models.flow_steps import StepModel
from ..common import Hint, Pane, icon_button, named
from .step_list import StepList

KIND_WORDS = {
    StepKind.CREATE: "Create a service",
    StepKind.REQUEST: "Request on an instance",
    StepKind.POLL: "Poll until a state",
    StepKind.FOLLOW: "Follow on the phone",
    StepKind.WAIT: "Wait",
}
_KEYS = dict(
    zip(StepKind, ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5"), strict=True),
)


class StepPane(Pane):
    """The list of steps and what can be done with the one at hand."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("Steps", parent)
        self._desk = console.flows
        self.model = StepModel(self)
        self.view = StepList(self.model)
        self._make_head()
        self.body.addWidget(self.view, 1)
        Hint(self.view, "No steps yet. Add one: Create a service (Ctrl+1) comes first.")
        self.model.moved.connect(self._desk.move_step)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.move_wanted.connect(self._move)
        self.view.remove_wanted.connect(self._desk.remove_step)
        self._desk.changed.connect(self.refresh)
        self._desk.step_chosen.connect(self._show_current)
        self._desk.marks_changed.connect(lambda: self.model.show_marks(self._desk.marks))
        self.refresh()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Have room for the title, too, which gives way otherwise."""
        hint = super().minimumSizeHint()
        return QSize(max(hint.width() + self.fontMetrics().height() * 2, 250), hint.height())

    def _make_head(self) -> None:
        self.add_button = named(
            icon_button("add", "Add a step below the one at hand (Ctrl+1 to Ctrl+5)", "Step"),
            "addStepButton",
            "Add a step",
        )
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add_menu = named(QMenu(self), "addStepMenu", "Steps that can be added")
        for kind, words in KIND_WORDS.items():
            action = self.add_menu.addAction(f"{words}\t{_KEYS[kind]}")
            action.triggered.connect(lambda _=False, kind=kind: self._desk.insert_step(kind))
        self.add_button.setMenu(self.add_menu)
        buttons = (
            ("duplicate", "Duplicate the step (Ctrl+D)", "duplicateStepButton"),
            ("up", "Move the step up (Alt+Up)", "stepUpButton"),
            ("down", "Move the step down (Alt+Down)", "stepDownButton"),
            ("remove", "Delete the step (Ctrl+Delete)", "removeStepButton"),
        )
        actions = (
            self._desk.duplicate_step,
            lambda: self._move(-1),
            lambda: self._move(1),
            self._desk.remove_step,
        )
        self.head.addStretch(1)
        self.head.addWidget(self.add_button)
        self.buttons: list[QToolButton] = []
        for (picture, tip, name), run in zip(buttons, actions, strict=True):
            button = icon_button(picture, tip)
            button.setObjectName(name)
            button.clicked.connect(run)
            self.head.addWidget(button)
            self.buttons.append(button)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions of steps."""
        spec, desk = ActionSpec, self._desk
        return (
            *(
                spec(
                    f"add{kind.value.capitalize()}",
                    "&Step",
                    f"Add: {words}",
                    (_KEYS[kind],),
                    lambda kind=kind: desk.insert_step(kind),  # type: ignore[misc]
                )
                for kind, words in KIND_WORDS.items()
            ),
            spec("duplicateStep", "&Step", "&Duplicate the step", ("Ctrl+D",), desk.duplicate_step),
            spec("removeStep", "&Step", "D&elete the step", ("Ctrl+Delete",), desk.remove_step),
            spec(
                "stepUp", "&Step", "Move the step &up", ("Ctrl+Shift+Up",), lambda: self._move(-1)
            ),
            spec(
                "stepDown",
                "&Step",
                "Move the step d&own",
                ("Ctrl+Shift+Down",),
                lambda: self._move(1),
            ),
        )

    def _move(self, step: int) -> None:
        place = self._desk.current_step
        self._desk.move_step(place, place + step)

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self._desk.choose_step(current.row())

    def refresh(self) -> None:
        """Show the steps of the flow at hand."""
        flow = self._desk.flow
        counts = Counter(one.step for one in self._desk.mistakes if one.step is not None)
        self.model.show_steps(flow.steps if flow is not None else (), counts)
        self._show_current()
        for button in self.buttons:
            button.setEnabled(self._desk.step is not None)

    def _show_current(self) -> None:
        place = self._desk.current_step
        if self.view.currentIndex().row() != place and 0 <= place < self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(place))
            self.view.scrollTo(self.model.index(place))

    def go(self) -> None:
        """Have the keyboard in the list."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
