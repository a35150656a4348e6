"""A Flow that is being edited: as it stands, as it was saved, and the steps back."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.flow.types import Flow, FlowError

from .mistakes import FieldMistake, mistakes_of

if TYPE_CHECKING:
    from gms_console.flow.folder import Stamp

_MOST_STEPS_BACK = 500


@dataclass(frozen=True, slots=True)
class _Edit:
    """The flow before an edit, what the edit was, and what it may be merged with."""

    before: Flow
    label: str
    merge: Hashable


class FlowDocument:
    """One flow with its unsaved edits. A Flow is immutable: to undo is to show the one before.

    `text` and `stamp` are of the file as it was read or written last; `saved` is the flow in it,
    None for one that was never saved. `error` is why a file could not be read as a flow.
    `conflict` says what became of the file on the disk meanwhile; empty for nothing.
    """

    def __init__(
        self,
        flow: Flow,
        *,
        text: str = "",
        stamp: Stamp | None = None,
        saved: bool = False,
        error: FlowError | None = None,
    ) -> None:
        self.flow = flow
        self.text = text
        self.stamp = stamp
        self.saved: Flow | None = flow if saved else None
        self.error = error
        self.conflict = ""
        self.step = 0 if flow.steps else -1
        self._back: list[_Edit] = []
        self._forth: list[_Edit] = []
        self._found: tuple[Flow, tuple[FieldMistake, ...]] | None = None

    @property
    def file(self) -> Path | None:
        """Where it was read from or saved to; None for a flow that was never saved."""
        return self.flow.file

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.flow.title

    @property
    def edited(self) -> bool:
        """Whether it has edits that were never in its file."""
        return self.error is None and self.flow != self.saved

    @property
    def modified(self) -> bool:
        """Whether it has what is not in its file: edits, or all of it where the file is gone."""
        return self.edited or (self.error is None and self.conflict == "gone")

    @property
    def has_work(self) -> bool:
        """Whether something would be lost with it; a new flow without a step is nothing."""
        started = self.saved is not None or bool(self.flow.steps) or bool(self.flow.vars)
        return self.modified and started

    @property
    def mistakes(self) -> tuple[FieldMistake, ...]:
        """What is wrong with the flow as it stands; it cannot be saved so."""
        if self._found is None or self._found[0] is not self.flow:
            self._found = self.flow, mistakes_of(self.flow)
        return self._found[1]

    # --- edits and steps back --------------------------------------------------------------------

    def edit(self, after: Flow, label: str, merge: Hashable = None) -> bool:
        """Take an edit as a step that can be undone; edits with one `merge` key are one step."""
        if after == self.flow or self.error is not None:
            return False
        last = self._back[-1] if self._back and not self._forth else None
        if merge is None or last is None or last.merge != merge:
            self._back.append(_Edit(self.flow, label, merge))
            del self._back[:-_MOST_STEPS_BACK]
        self._forth.clear()
        self.flow = after
        self._keep_step()
        return True

    def end_merging(self) -> None:
        """Let the next edit be a step of its own, whatever it edits."""
        if self._back and self._back[-1].merge is not None:
            self._back[-1] = replace(self._back[-1], merge=None)

    @property
    def undo_text(self) -> str:
        """What an undo would undo; empty for nothing."""
        return self._back[-1].label if self._back else ""

    @property
    def redo_text(self) -> str:
        """What would be done again; empty for nothing."""
        return self._forth[-1].label if self._forth else ""

    def undo(self) -> None:
        """Go back to the flow before the last edit."""
        self._step(self._back, self._forth)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._step(self._forth, self._back)

    def _step(self, taken: list[_Edit], given: list[_Edit]) -> None:
        if taken:
            edit = taken.pop()
            given.append(_Edit(self.flow, edit.label, None))
            # Saved under another name meanwhile, it stays there.
            self.flow = replace(edit.before, file=self.flow.file)
            self._keep_step()

    def _keep_step(self) -> None:
        self.step = min(self.step, len(self.flow.steps) - 1)
        if self.step < 0 and self.flow.steps:
            self.step = 0

    # --- the file --------------------------------------------------------------------------------

    def was_saved(self, flow: Flow, file: Path, text: str, stamp: Stamp) -> None:
        """Note that `flow` is in `file` now; edits made meanwhile stay unsaved."""
        self.flow = replace(self.flow, file=file)
        self.saved = replace(flow, file=file)
        self.text, self.stamp, self.conflict = text, stamp, ""
        self.end_merging()

    def take(self, flow: Flow, text: str, stamp: Stamp, error: FlowError | None = None) -> None:
        """Take over what is in the file now, in the place of all edits; these can be undone."""
        if error is None and self.error is None and flow != self.flow:
            self._back.append(_Edit(self.flow, "reload", None))
            self._forth.clear()
        elif error is not None:
            self._back.clear()
            self._forth.clear()
        self.flow, self.error = flow, error
        self.saved = None if error is not None else flow
        self.text, self.stamp, self.conflict = text, stamp, ""
        self._keep_step()
