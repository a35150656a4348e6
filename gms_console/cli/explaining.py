"""Problems explained on the command line, with the table of the person's own first."""

from __future__ import annotations

import sys
from functools import lru_cache

from gms_console.cli.output import printable, write_err
from gms_console.model.exchange import Exchange
from gms_console.model.problem import Problem
from gms_console.problems import Explanation, ProblemTable, explain, load_problems
from gms_console.workspace import config_folder


def explained(problem: Problem, exchange: Exchange) -> Explanation:
    """Look a problem up as the window does; entries that cannot be used are told once."""
    return explain(problem, exchange, _table())


@lru_cache(maxsize=1)
def _table() -> ProblemTable:
    table, errors = load_problems(config_folder())
    for error in errors:
        write_err(printable(f"Left out: {error}", sys.stderr))
    return table
