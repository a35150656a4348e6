"""What pydantic found wrong in a file: the way to the field, and words for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from gms_console.yaml_text import Steps

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

MISFIT = "misfit"
"""The pydantic error type of own checks; its context holds `at`, the steps to the field."""

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text; put it in quotes",
}


def misfit(text: str, *at: int | str) -> PydanticCustomError:
    """Make an error that points `at` a field within the entry that is being checked."""
    return PydanticCustomError(MISFIT, "{text}", {"text": text, "at": at})


def mistakes(error: ValidationError) -> Iterator[tuple[Steps, str]]:
    """Yield the way to each mistake that a check found, and what is wrong there."""
    for one in error.errors(include_url=False):
        yield steps_of(one), _WORDS.get(one["type"], one["msg"])


def first_mistake(error: ValidationError) -> tuple[Steps, str]:
    """Give the way to the first mistake that a check found, and what is wrong there."""
    return next(mistakes(error))


def steps_of(one: ErrorDetails) -> Steps:
    """Give the way to what is wrong."""
    return (*one["loc"], *one["ctx"]["at"]) if one["type"] == MISFIT else one["loc"]
