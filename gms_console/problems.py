"""What a Problem probably means and what to try, from a table that an admin can extend."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gms_console.model.answer import Problem
from gms_console.model.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Explanation:
    """A Problem in plain words: what it probably means, and what to try."""

    means: str
    advice: str


def explain(problem: Problem, exchange: Exchange) -> Explanation:
    """Look the problem up; the last entry of the table fits all."""
    facts = {
        "kind": problem.kind.value,
        "failure": problem.failure.value if problem.failure is not None else None,
        "status": problem.status,
        "exception": problem.exception,
        "said": problem.said,
        "service": exchange.operation.service,
    }
    for entry in _table():
        if all(_fits(name, wanted, facts[name]) for name, wanted in entry["match"].items()):
            return Explanation(entry["means"], entry["try"])
    return Explanation("", "")


@lru_cache(maxsize=1)
def _table() -> list[dict[str, Any]]:
    from ruamel.yaml import YAML  # noqa: PLC0415 - needed only once there is a problem

    text = (files("gms_console.assets") / "problems.yaml").read_text("utf-8")
    entries: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(text)["problems"]
    return entries


def _fits(name: str, wanted: Any, found: Any) -> bool:  # noqa: ANN401 - scalars of the table
    if name in {"exception", "said"}:
        return found is not None and str(wanted).lower() in found.lower()
    if name == "service":
        return found is not None and fnmatchcase(found, wanted)
    return found in wanted if isinstance(wanted, list) else bool(found == wanted)
