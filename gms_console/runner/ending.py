"""How a step ends that comes to no answer."""

from __future__ import annotations

from gms_console.guard import GuardError
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import PathSegmentError
from gms_console.runner.results import Verdict
from gms_console.variables import VariableError
from gms_console.wire.refusal import FormRefusedError

REFUSALS = (FormRefusedError, GuardError, PathSegmentError, VariableError, BaseUrlError)
"""What says that a step cannot be sent as asked; nothing was sent then."""


class StepEnd(Exception):  # noqa: N818 - it need not be an error: a step may be skipped
    """A step that has no answer to judge; the text says why in a sentence."""

    def __init__(self, verdict: Verdict, message: str) -> None:
        self.verdict = verdict
        super().__init__(message)


def refused(error: Exception) -> StepEnd:
    """Say how a step ends that cannot be sent."""
    missing = isinstance(error, FormRefusedError) and error.missing_file
    return StepEnd(Verdict.MISSING_FILE if missing else Verdict.REFUSED, str(error))
