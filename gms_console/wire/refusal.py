"""Why a Form cannot be sent as asked: said before anything is sent, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row. `index` counts from 0 in the Form."""

    index: int
    key: str
    message: str
    missing_file: bool = False

    def __str__(self) -> str:
        name = f" ({self.key})" if self.key else ""
        return f"Row {self.index + 1}{name}: {self.message}"


class FormRefusedError(Exception):
    """The Form cannot be sent as asked, so nothing is sent. Holds every problem found."""

    def __init__(self, problems: Iterable[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def missing_file(self) -> bool:
        """Whether a file of the Form is missing or cannot be read."""
        return any(problem.missing_file for problem in self.problems)
