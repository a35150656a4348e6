"""The editor of the step at hand: fields, rows, what ends a poll, checks, captures."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gms_console.flow.types import StepKind

from ...console import Console
from ...flows.mistakes import FieldMistake
from ...models.flow_checks import CheckModel
from ...models.flow_pairs import CaptureModel
from ..common import Pane, label, named
from .rows_box import RowsBox
from .step_fields import StepFields
from .step_form import StepForm

ROWS, UNTIL, CHECKS, CAPTURES = range(4)
"""Places of tabs."""

_WIDEST = 720
"""Pixels that the editor asks for at most, however large the text is."""

_TITLES = ("Rows", "Until", "Checks", "Captures")
_NOTHING = "No step is at hand. Choose one, or add one (Ctrl+1 to Ctrl+5)."
_UNTIL_HINT = "Add what the answer has to say for the poll to be done (Insert)."
_FAIL_HINT = "Optional: what the answer says when it will never be done (Insert)."
_CHECKS_HINT = (
    "No checks. Add what has to hold of the answer (Insert): a value, the HTTP status, the time."
)
_CAPTURES_HINT = "Take a value of the answer for later steps (Insert): number from _access_number."


class StepEditor(Pane):
    """Shows the desk's step at hand; each edit goes to the desk, and comes back by its signal."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._console = console
        self._desk = console.flows
        self.fields = StepFields(console)
        self.form = StepForm(console, self.fields)
        self.checks = RowsBox(CheckModel(), "checks", "Checks", _CHECKS_HINT)
        until = CheckModel(values_only=True)
        self.until = RowsBox(until, "until", "Until any of", _UNTIL_HINT, heading="Done when any:")
        fail_on = CheckModel(values_only=True)
        self.fail_on = RowsBox(
            fail_on, "failOn", "Fail on any of", _FAIL_HINT, heading="Failed when any:"
        )
        self.captured = CaptureModel()
        self.captures = RowsBox(self.captured, "captures", "Captures", _CAPTURES_HINT)
        self._wanted_tab = ROWS
        self._make_foot()
        self._lay_out()
        self._order_parts()
        self._connect()
        self.refresh()
        self._open_tab()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for the fields, but for no more than a screen has beside the steps."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _WIDEST), hint.height())

    def _make_foot(self) -> None:
        self.keep_box = named(QCheckBox("&Keep going"), "keepGoingBox", "Keep going when it fails")
        self.keep_box.setToolTip("A failure of this step does not end the run")
        self.always_box = named(QCheckBox("Alwa&ys run"), "alwaysBox", "Always run: clean-up")
        self.always_box.setToolTip("A clean-up step: it runs even when a step before failed")
        self.note_edit = named(QLineEdit(), "stepNoteEdit", "Note on the step")
        self.note_edit.setPlaceholderText("note for people")

    def _lay_out(self) -> None:
        # From the outside in: a part is styled again for each thing that it is put into later.
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        nothing = named(label(_NOTHING, "muted"), "stepNothing", "No step is at hand")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setWordWrap(True)
        edited = QWidget()
        self.stack.addWidget(nothing)
        self.stack.addWidget(edited)
        self.tabs = named(QTabWidget(), "stepTabs", "Parts of the step")
        self._below = QWidget()
        column = QVBoxLayout(edited)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.fields)
        column.addWidget(self.tabs, 1)
        column.addWidget(self._below, 1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        column.addLayout(foot)
        foot.addWidget(self.keep_box)
        foot.addWidget(self.always_box)
        foot.addWidget(self.note_edit, 1)
        self._lay_out_tabs()

    def _lay_out_tabs(self) -> None:
        both = QWidget()
        column = QVBoxLayout(both)
        for part, title in zip((self.form, both, self.checks, self.captures), _TITLES, strict=True):
            inner = part.layout()
            if inner is not None:
                inner.setContentsMargins(0, 6, 0, 0)
            self.tabs.addTab(part, title)
        column.addWidget(self.until, 1)
        column.addWidget(self.fail_on, 1)
        self.tabs.currentChanged.connect(self._fit)
        self.tabs.tabBarClicked.connect(self._want_tab)
        self._fit()

    def _order_parts(self) -> None:
        """Have the Tab key go from part to part as they are seen."""
        parts: list[QWidget] = [*self.fields.tab_parts, self.tabs.tabBar(), *self.form.tab_parts]
        for box in (self.until, self.fail_on, self.checks, self.captures):
            parts += box.tab_parts
        parts += [self.keep_box, self.always_box, self.note_edit]
        for one, following in pairwise(parts):
            QWidget.setTabOrder(one, following)

    def _fit(self) -> None:
        """Need the height of the page that is seen, not that of the highest one."""
        for place in range(self.tabs.count()):
            page, seen = self.tabs.widget(place), place == self.tabs.currentIndex()
            policy = QSizePolicy.Policy.Preferred if seen else QSizePolicy.Policy.Ignored
            if page is not None:
                page.setSizePolicy(QSizePolicy.Policy.Preferred, policy)

    def _connect(self) -> None:
        desk = self._desk
        for box, field, words in (
            (self.checks, "expect", "checks"),
            (self.until, "until", "until"),
            (self.fail_on, "fail_on", "fail on"),
            (self.captures, "capture", "captures"),
        ):
            box.model.edited.connect(
                lambda rows, text, field=field, words=words: desk.change_step(
                    f"{words}: {text}", **{field: rows}
                )
            )
        self.keep_box.clicked.connect(
            lambda on: desk.change_step("switch keep going", keep_going=on)
        )
        self.always_box.clicked.connect(lambda on: desk.change_step("switch always", always=on))
        self.note_edit.textEdited.connect(
            lambda text: desk.change_step("change note", "note", note=text)
        )
        for box in (self.checks, self.until, self.fail_on, self.captures):
            box.offer_paths(self._paths)
        desk.changed.connect(self.refresh)
        desk.step_chosen.connect(self._on_step)
        desk.marks_changed.connect(self._show_captured)
        self._console.services.catalogue_changed.connect(self.refresh)

    # --- what is shown ---------------------------------------------------------------------------

    def _on_step(self) -> None:
        self.fields.leave_step()
        for box in self._boxes():
            box.clear_message()
        self.refresh()
        self._open_tab()

    def _open_tab(self) -> None:
        """Show the part that was chosen last, or, of a step without it, what it is about."""
        step, wanted = self._desk.step, self._wanted_tab
        if step is None:
            return
        no_rows = step.kind is not StepKind.CREATE and not len(step.form)
        if (wanted == ROWS and no_rows) or (wanted == UNTIL and step.kind is not StepKind.POLL):
            wanted = UNTIL if step.kind is StepKind.POLL else CHECKS
        self.tabs.setCurrentIndex(wanted)

    def _want_tab(self, place: int) -> None:
        self._wanted_tab = place

    def _paths(self) -> tuple[str, ...]:
        from ...flows.paths import paths_for  # noqa: PLC0415 - not before a path is typed

        step, fields = self._desk.step, self.fields
        if step is None:
            return ()
        request = fields.request_kind(step.name)
        return paths_for(step, self._console.session, fields.service_kind, request)

    def _boxes(self) -> tuple[RowsBox, ...]:
        return self.checks, self.until, self.fail_on, self.captures

    def refresh(self) -> None:
        """Show the step at hand."""
        step = self._desk.step
        self.stack.setCurrentIndex(0 if step is None else 1)
        if step is None:
            return
        self.fields.refresh()
        self.form.refresh()
        self._show_rows(self.checks, step.expect, "checks")
        self._show_rows(self.until, step.until, "until")
        self._show_rows(self.fail_on, step.fail_on, "fail on")
        self._show_rows(self.captures, step.capture, "captures")
        self._show_captured()
        self._show_tabs()
        self.keep_box.setChecked(step.keep_going)
        self.always_box.setChecked(step.always)
        if self.note_edit.text() != step.note:
            self.note_edit.setText(step.note)

    def _show_rows(self, box: RowsBox, rows: tuple[Any, ...], field: str) -> None:
        place = self._desk.current_step
        mine = [one for one in self._desk.mistakes if one.step == place and one.field == field]
        box.show_rows(rows, {one.row: one.text for one in mine if one.row is not None})

    def _show_captured(self) -> None:
        place = self._desk.current_step
        values = self._desk.captured.items()
        self.captured.show_captured({name: value for (at, name), value in values if at == place})

    def _show_tabs(self) -> None:
        step = self._desk.step
        if step is None:
            return
        waits, follows = step.kind is StepKind.WAIT, step.kind is StepKind.FOLLOW
        self.tabs.setVisible(not waits)
        self._below.setVisible(waits)
        self.tabs.setTabVisible(ROWS, not waits and not follows)
        self.tabs.setTabVisible(UNTIL, step.kind is StepKind.POLL)
        counts = (
            len(step.form),
            len(step.until) + len(step.fail_on),
            len(step.expect),
            len(step.capture),
        )
        at_hand = {one.field for one in self._desk.mistakes if one.step == self._desk.current_step}
        fields = ({"rows"}, {"until", "fail on"}, {"checks"}, {"captures"})
        for place, (title, count) in enumerate(zip(_TITLES, counts, strict=True)):
            sign = "⚠ " if fields[place] & at_hand else ""
            self.tabs.setTabText(place, f"{sign}{title} ({count})" if count else f"{sign}{title}")

    def show_mistake(self, mistake: FieldMistake) -> None:
        """Go to what is wrong with a step."""
        if mistake.step is None:
            return
        self._desk.choose_step(mistake.step)
        tabs = {"until": UNTIL, "fail on": UNTIL, "checks": CHECKS, "captures": CAPTURES}
        boxes = dict(
            zip(("checks", "until", "fail on", "captures"), self._boxes(), strict=True),
        )
        if mistake.field in tabs:
            self.tabs.setCurrentIndex(tabs[mistake.field])
            box = boxes[mistake.field]
            box.table.setFocus(Qt.FocusReason.OtherFocusReason)
            if mistake.row is not None:
                box.table.go_to(mistake.row)
        elif mistake.field == "rows":
            self.tabs.setCurrentIndex(ROWS)
            self.form.go_to(mistake.row or 0)
        else:
            self.fields.go_to(mistake.field)

    def go(self) -> None:
        """Have the keyboard in the first field."""
        self.fields.go_to("time" if self._is_wait else "name")

    @property
    def _is_wait(self) -> bool:
        step = self._desk.step
        return step is not None and step.kind is StepKind.WAIT

    def take_open_edits(self, focused: QWidget) -> None:
        """Take over what is still being typed."""
        for box in self._boxes():
            box.clear_message()
            box.table.take_open_edit(focused)
        self.form.take_open_edits(focused)
        self.fields.take_open_edits()
