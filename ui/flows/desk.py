"""The FlowDesk: the flows that are open, and the steps of the one that is being edited."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gms_console.flow.types import Flow, Operator, Step, StepKind, ValueCheck

from .document import FlowDocument
from .files import FlowFiles
from .hints import FlowHints

if TYPE_CHECKING:
    from gms_console.runner.results import Verdict

    from ..console import Console
    from .mistakes import FieldMistake


@dataclass(frozen=True, slots=True)
class StepMark:
    """What the last run says of a step: its verdict, and a sentence of it for people.

    Without a verdict it is under way. `count` says of how many cases, as in `1 of 3`.
    """

    verdict: Verdict | None
    text: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class _Before:
    """What is told of apart when an edit changes it."""

    step: int
    modified: bool
    title: str

    @classmethod
    def of(cls, document: FlowDocument) -> _Before:
        return cls(document.step, document.modified, document.title)


class FlowDesk(QObject):
    """Several flows can have unsaved edits at a time; one of them is shown.

    `changed` comes when the shown flow, or which one it is, is another. `step_chosen` when
    another step is at hand. `documents_changed` when flows were opened, closed, saved, or begin or
    cease to have unsaved edits. `marks_changed` when there is more, or less, to say of a run.
    `show_wanted` asks for the window of flows, with the shown flow in it.
    """

    changed = Signal()
    step_chosen = Signal()
    documents_changed = Signal()
    marks_changed = Signal()
    show_wanted = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.documents: list[FlowDocument] = []
        self.document: FlowDocument | None = None
        self.marks: dict[int, StepMark] = {}
        self.captured: dict[tuple[int, str], str] = {}
        self._marked: Flow | None = None
        self.files = FlowFiles(console, self)
        self.hints = FlowHints(console, self)

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def flow(self) -> Flow | None:
        """The flow that is shown, with its unsaved edits; None for none, or one not readable."""
        document = self.document
        return None if document is None or document.error is not None else document.flow

    @property
    def current_step(self) -> int:
        """The place of the step at hand; -1 for none."""
        return self.document.step if self.document is not None else -1

    @property
    def step(self) -> Step | None:
        """The step at hand."""
        flow, place = self.flow, self.current_step
        return flow.steps[place] if flow is not None and 0 <= place < len(flow.steps) else None

    @property
    def mistakes(self) -> tuple[FieldMistake, ...]:
        """What keeps the shown flow from being saved and run."""
        return self.document.mistakes if self.document is not None and self.flow else ()

    @property
    def modified(self) -> list[FlowDocument]:
        """The flows that have unsaved edits which are worth a question."""
        return [one for one in self.documents if one.has_work]

    def show_document(self, document: FlowDocument | None) -> None:
        """Show another flow of those that are open."""
        if self.document is not None:
            self.document.end_merging()
        before, self.document = self.document, document
        if before is not document:
            self._drop_marks()
        self.changed.emit()
        self.step_chosen.emit()

    def add_document(self, document: FlowDocument) -> None:
        """Open a flow, and show it."""
        self.documents.append(document)
        self.documents_changed.emit()
        self.show_document(document)

    def set_flow(self, flow: Flow) -> None:
        """Open a flow that is not saved yet, such as a recorded one, and ask for the window."""
        self.add_document(FlowDocument(replace(flow, name=self._own_name(flow), file=None)))
        self.show_wanted.emit()

    def _own_name(self, flow: Flow) -> str:
        """Name a flow that has no file: no two of them alike, and one without by its service."""
        creates = (one.name for one in flow.steps if one.kind is StepKind.CREATE and one.name)
        base = flow.name or next(creates, "Untitled flow")
        taken = {one.title for one in self.documents}
        name, number = base, 2
        while name in taken:
            name = f"{base} {number}"
            number += 1
        return name

    def new_flow(self) -> None:
        """Open an empty flow."""
        self.set_flow(Flow(name=self._free_title()))

    def _free_title(self) -> str:
        taken = {one.title for one in self.documents}
        number = 1
        while f"New flow {number}" in taken:
            number += 1
        return f"New flow {number}"

    def close_document(self, document: FlowDocument) -> None:
        """Let go a flow with all its unsaved edits."""
        if document in self.documents:
            self.documents.remove(document)
        self.documents_changed.emit()
        if document is self.document:
            self.show_document(None)

    def choose_step(self, place: int) -> None:
        """Have another step at hand."""
        document = self.document
        if document is not None and place != document.step:
            document.end_merging()
            document.step = place
            self.step_chosen.emit()

    # --- edits -----------------------------------------------------------------------------------

    def edit(self, after: Flow, label: str, merge: Hashable = None) -> None:
        """Take an edit of the shown flow; edits with one `merge` key are one step to undo."""
        document = self.document
        if document is None:
            return
        before = _Before.of(document)
        if document.edit(after, label, merge):
            self._tell(before)

    def _tell(self, before: _Before) -> None:
        document = self.document
        if document is None:
            return
        self.changed.emit()
        if document.step != before.step:
            self.step_chosen.emit()
        if (document.modified, document.title) != (before.modified, before.title):
            self.documents_changed.emit()

    def change(self, label: str, merge: Hashable = None, **values: Any) -> None:  # noqa: ANN401 - Flow's fields
        """Change fields of the shown flow."""
        if self.flow is not None:
            self.edit(replace(self.flow, **values), label, merge)

    def change_step(self, label: str, merge: Hashable = None, **values: Any) -> None:  # noqa: ANN401 - Step's fields
        """Change fields of the step at hand."""
        if self.step is not None:
            self._replace_step(replace(self.step, **values), label, merge)

    def _replace_step(self, step: Step, label: str, merge: Hashable = None) -> None:
        flow, place = self.flow, self.current_step
        if flow is not None:
            steps = (*flow.steps[:place], step, *flow.steps[place + 1 :])
            key = None if merge is None else (place, merge)
            self.edit(replace(flow, steps=steps), label, key)

    def change_kind(self, kind: StepKind) -> None:
        """Make the step at hand one of another kind; what that kind has not goes."""
        step = self.step
        if step is not None and kind is not step.kind:
            self._replace_step(with_kind(step, kind), "change kind")

    def append_steps(self, steps: Iterable[Step]) -> None:
        """Add steps at the end of the shown flow, or to a new one where none is shown."""
        added = tuple(steps)
        if self.flow is None:
            self.new_flow()
        self._insert(len(self.flow.steps) if self.flow is not None else 0, added, "add steps")

    def insert_step(self, kind: StepKind) -> None:
        """Put a new step below the one at hand."""
        if self.flow is None:
            self.new_flow()
        self._insert(self.current_step + 1, (fresh_step(kind),), f"add {kind.value}")

    def duplicate_step(self) -> None:
        """Put a copy below the step at hand; a copied create gets no name twice."""
        if self.step is not None:
            copy = self.step
            if copy.kind is StepKind.CREATE and copy.instance:
                copy = replace(copy, instance=self._free_instance(copy.instance))
            self._insert(self.current_step + 1, (copy,), "duplicate step")

    def _free_instance(self, name: str) -> str:
        steps = self.flow.steps if self.flow is not None else ()
        taken = {one.instance for one in steps}
        base, number = name.rstrip("0123456789") or name, 2
        while f"{base}{number}" in taken:
            number += 1
        return f"{base}{number}"

    def _insert(self, place: int, steps: tuple[Step, ...], label: str) -> None:
        flow, document = self.flow, self.document
        if flow is None or document is None or not steps:
            return
        before = _Before.of(document)
        after = (*flow.steps[:place], *steps, *flow.steps[place:])
        if document.edit(replace(flow, steps=after), label):
            document.step = place
            self._tell(before)

    def remove_step(self) -> None:
        """Remove the step at hand; the next one is at hand then."""
        flow, place = self.flow, self.current_step
        if flow is not None and 0 <= place < len(flow.steps):
            steps = (*flow.steps[:place], *flow.steps[place + 1 :])
            self.edit(replace(flow, steps=steps), "delete step")
            self.step_chosen.emit()

    def move_step(self, place: int, target: int) -> None:
        """Move a step to another place, counted without it."""
        flow, document = self.flow, self.document
        if flow is None or document is None:
            return
        last = len(flow.steps) - 1
        if not 0 <= place <= last or not 0 <= target <= last or place == target:
            return
        steps = list(flow.steps)
        steps.insert(target, steps.pop(place))
        before = _Before.of(document)
        if document.edit(replace(flow, steps=tuple(steps)), "move step"):
            document.step = target
            self._tell(before)

    def undo(self) -> None:
        """Undo the last edit of the shown flow."""
        self._go(forth=False)

    def redo(self) -> None:
        """Do again what was undone."""
        self._go(forth=True)

    def _go(self, *, forth: bool) -> None:
        document = self.document
        if document is None:
            return
        before = replace(_Before.of(document), step=-2)
        if forth:
            document.redo()
        else:
            document.undo()
        self._tell(before)

    # --- what a run says of it -------------------------------------------------------------------

    def set_marks(
        self, marks: Mapping[int, StepMark], captured: Mapping[tuple[int, str], str]
    ) -> None:
        """Show verdicts by the places of steps, and captured values by place and variable."""
        self.marks, self.captured = dict(marks), dict(captured)
        self.marks_changed.emit()

    def _drop_marks(self) -> None:
        if self.marks or self.captured:
            self.set_marks({}, {})


def fresh_step(kind: StepKind) -> Step:
    """Make a step of a kind as a person begins with it."""
    if kind is StepKind.WAIT:
        return Step(kind=kind, seconds=2.0)
    if kind is StepKind.POLL:
        done = ValueCheck("status", Operator.EQUALS, "agent-ready")
        return Step(kind=kind, name="status", until=(done,))
    return Step(kind=kind)


_SHARED = ("method", "encoding", "form", "expect", "capture")
"""Fields that several kinds of steps have; they are called so in the file, too."""


def with_kind(step: Step, kind: StepKind) -> Step:
    """Give a step of another kind with what both kinds have; the rest would not be saved."""
    from gms_console.flow.keys import STEP_KEYS  # noqa: PLC0415 - not before a kind is changed

    made = fresh_step(kind)
    kept: dict[str, Any] = {
        field: getattr(step, field) for field in _SHARED if field in STEP_KEYS[kind]
    }
    waits, was_waiting = kind is StepKind.WAIT, step.kind is StepKind.WAIT
    if not waits and not was_waiting:
        kept["name"] = step.name
        if StepKind.CREATE not in {kind, step.kind}:
            # What a create is called by is not what another step is sent to.
            kept["instance"] = step.instance
    return replace(made, **kept, keep_going=step.keep_going, always=step.always, note=step.note)
