"""The exit code of a run whose cases ended in several ways."""

from itertools import combinations

import pytest

from gms_console.cli.exits import exit_of_run
from gms_console.runner.results import RunSummary, Verdict
from tests.engine.evidence_items import summary

IN_ORDER = [
    (Verdict.INTERRUPTED, 130),
    (Verdict.MISSING_FILE, 5),
    (Verdict.REFUSED, 2),
    (Verdict.ERROR, 3),
    (Verdict.NOT_REACHED, 4),
    (Verdict.FAILED, 1),
    (Verdict.PASSED, 0),
]


def of(*verdicts: Verdict) -> RunSummary:
    passed = sum(verdict is Verdict.PASSED for verdict in verdicts)
    pairs = tuple((verdict, 1) for verdict in reversed(verdicts))
    return summary(cases=len(verdicts), passed=passed, verdicts=pairs)


@pytest.mark.parametrize(
    ("first", "second"), list(combinations(IN_ORDER, 2)), ids=lambda one: one[0].replace(" ", "-")
)
def test_the_first_in_the_order_of_the_contract_counts(
    first: tuple[Verdict, int], second: tuple[Verdict, int]
) -> None:
    assert exit_of_run(of(first[0], second[0])) == first[1]


def test_one_that_was_interrupted_is_that_whatever_failed() -> None:
    assert exit_of_run(summary(verdicts=((Verdict.MISSING_FILE, 1),), interrupted=True)) == 130
