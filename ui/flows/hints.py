"""What may be wrong with a flow, and does not keep it from being saved and run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.flow.types import Flow, Step, ValueCheck

from .mistakes import FieldMistake

if TYPE_CHECKING:
    from ..console import Console
    from .desk import FlowDesk

_PAUSE_MS = 300
"""Files are not looked for with each key that is typed."""


class FlowHints(QObject):
    """Looks at the shown flow when nobody has edited it for a moment; `changed` tells of news.

    Variables that nothing in the flow or its environment defines may come with `--var` or data
    rows, and a file may be there tomorrow: so these are no mistakes.
    """

    changed = Signal()

    def __init__(self, console: Console, desk: FlowDesk) -> None:
        super().__init__(desk)
        self._console = console
        self._desk = desk
        self.found: tuple[FieldMistake, ...] = ()
        self._seen: Flow | None = None
        self._soon = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._soon.timeout.connect(self._look)
        desk.changed.connect(self._on_change)
        console.environment_changed.connect(self._on_place)

    def _on_change(self) -> None:
        flow = self._desk.flow
        if flow is self._seen:
            return
        self._seen = flow
        if flow is None:
            self._show(())
        self._soon.start()

    def _on_place(self) -> None:
        if self._desk.flow is not None:
            self._soon.start()

    def end(self) -> None:
        """Look at nothing any more: the program is closing."""
        self._soon.stop()

    def _look(self) -> None:
        flow = self._desk.flow
        if flow is not None:
            tasks = self._console.session.tasks
            tasks.start(self._look_at(flow), name="look for files of the flow", owner=self._desk)

    async def _look_at(self, flow: Flow) -> None:
        unknown = tuple(unknown_variables(flow, self._known(flow)))
        missing = await asyncio.to_thread(lambda: tuple(missing_files(flow)))
        if flow is self._desk.flow:
            found = sorted((*unknown, *missing), key=lambda one: (one.step or 0, one.row or 0))
            self._show(tuple(found))

    def _known(self, flow: Flow) -> frozenset[str]:
        """Give the names that the flow's environment defines, and those of chosen data rows."""
        environment = self._console.environment
        if flow.env and (environment is None or environment.name != flow.env):
            try:
                environment = self._console.environments.resolved(flow.env)
            except (ValueError, KeyError):
                environment = None
        return frozenset(dict(environment.variables) if environment is not None else ())

    def _show(self, found: tuple[FieldMistake, ...]) -> None:
        if found != self.found:
            self.found = found
            self.changed.emit()


def unknown_variables(flow: Flow, known: frozenset[str]) -> Iterator[FieldMistake]:
    """Find `{{name}}` that no step before, no variable of the flow, and none of `known` defines."""
    from gms_console.variables import names_in  # noqa: PLC0415 - not before a flow is open

    names = known | {name for name, _ in flow.vars}
    told: set[str] = set()
    for place, step in enumerate(flow.steps):
        for field, row, text in _texts(step):
            for name in names_in(text) if "{{" in text else ():
                if name not in names and name not in told and not name.startswith("$"):
                    told.add(name)
                    said = f"{{{{{name}}}}} is not known here. Data rows may have it."
                    yield FieldMistake(place, field, said, row)
        names |= {name for name, _ in step.capture}


def _texts(step: Step) -> Iterator[tuple[str, int | None, str]]:
    """Give the texts of a step that may have variables, with their field and row."""
    yield "name", None, step.name
    yield "instance", None, step.instance
    for row, one in enumerate(step.form):
        if one.enabled:
            yield "rows", row, f"{one.key}\n{one.value}\n{one.file or ''}"
    for field, checks in (
        ("until", step.until),
        ("fail on", step.fail_on),
        ("checks", step.expect),
    ):
        for row, check in enumerate(checks):
            if isinstance(check, ValueCheck):
                operand = check.operand if isinstance(check.operand, list) else [check.operand]
                texts = "\n".join(one for one in operand if isinstance(one, str))
                yield field, row, f"{check.path}\n{texts}"
    for row, (_, path) in enumerate(step.capture):
        yield "captures", row, path


def missing_files(flow: Flow) -> Iterator[FieldMistake]:
    """Find files of rows that are not there. Touches the disk."""
    for place, step in enumerate(flow.steps):
        for row, one in enumerate(step.form):
            if one.file is None or not one.enabled or "{{" in str(one.file):
                continue
            if flow.file is None and not Path(one.file).is_absolute():
                continue  # relative to where the flow will be saved
            file = flow.folder / one.file
            try:
                there = file.is_file()
            except OSError:
                there = False
            if not there:
                said = f"There is no file {one.file} in {flow.folder}."
                if Path(one.file).is_absolute():
                    said = f"There is no file {one.file}."
                yield FieldMistake(place, "rows", said, row)
