"""Flows and desks for the tests that run flows in the window."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from gms_console.flow.types import Flow, HttpCheck, Operator, Step, StepKind, ValueCheck
from gms_console.model.form import Form, Row

REACHED = ValueCheck("status", Operator.EQUALS, "agent-ready")


def create(service: str = "request-interaction", **fields: object) -> Step:
    """Make a step that creates a service as `call`, and wants HTTP 200."""
    made: dict[str, object] = {
        "kind": StepKind.CREATE,
        "name": service,
        "instance": "call",
        "form": Form((Row(key="language", value="french"),)),
        "expect": (HttpCheck((200,)),),
    }
    return Step(**(made | fields))  # type: ignore[arg-type]


def poll(**fields: object) -> Step:
    """Make a step that polls `call` until an agent is ready."""
    made: dict[str, object] = {
        "kind": StepKind.POLL,
        "name": "status",
        "instance": "call",
        "every": 0.05,
        "within": 20.0,
        "until": (REACHED,),
    }
    return Step(**(made | fields))  # type: ignore[arg-type]


def cancel(**fields: object) -> Step:
    """Make the clean-up step that cancels `call`."""
    made: dict[str, object] = {
        "kind": StepKind.REQUEST,
        "name": "cancel",
        "instance": "call",
        "always": True,
    }
    return Step(**(made | fields))  # type: ignore[arg-type]


class OpenFlows(QObject):
    """Stands in for the desk of flows: one flow is open, and what is marked is kept."""

    changed = Signal()

    def __init__(self, flow: Flow | None = None) -> None:
        super().__init__()
        self.flow = flow
        self.current_step = 0
        self.marks: dict[int, object] = {}
        self.captured: dict[tuple[int, str], str] = {}

    def open(self, *steps: Step, **fields: object) -> Flow:
        """Have another flow open."""
        self.flow = Flow(steps=steps, **({"name": "Story"} | fields))  # type: ignore[arg-type]
        self.changed.emit()
        return self.flow

    def set_marks(
        self, marks: Mapping[int, object], captured: Mapping[tuple[int, str], str]
    ) -> None:
        """Keep what is said beside the steps."""
        self.marks, self.captured = dict(marks), dict(captured)
