"""The tree of a run: what it shows of what the runner tells, and what it lets go."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from gms_console.flow.types import Flow, HttpCheck
from gms_console.model.environment import Environment
from gms_console.runner.events import CaseEnded, CaseStarted, RunEvent, StepEnded, StepStarted
from gms_console.runner.results import Case, CaseResult, CheckResult, StepResult, Verdict
from gms_console.ui.models.run_model import DETAILED_CASES, RunModel
from tests.window.runs import cancel, create

FLOW = Flow(name="Story", steps=(create(), cancel()))
PLACE = Environment(scheme="http", host="localhost")
THEN = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@pytest.fixture
def model(qapp: QApplication) -> Iterator[RunModel]:
    """A model that Qt itself checks at each change."""
    made = RunModel()
    tester = QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Fatal, made
    )
    yield made
    tester.deleteLater()


@pytest.fixture
def unchecked(qapp: QApplication) -> RunModel:
    """A model that nobody checks: that takes long where there are many rows."""
    return RunModel()


def case(number: int = 1) -> Case:
    return Case(number=number, flow=FLOW, repetition=number, repetitions=20_000)


def step_ended(one: Case, index: int, verdict: Verdict, message: str = "") -> StepEnded:
    check = CheckResult(
        check=HttpCheck((200,)), passed=verdict is Verdict.PASSED, text="http 200", found="503"
    )
    return StepEnded(
        one,
        StepResult(
            index=index,
            step=FLOW.steps[index],
            title=FLOW.steps[index].title,
            started=THEN,
            elapsed=12.0,
            verdict=verdict,
            message=message,
            checks=(check,),
            captured=(("number", "4321"),) if verdict is Verdict.PASSED else (),
        ),
    )


def case_ended(one: Case, verdict: Verdict) -> CaseEnded:
    return CaseEnded(
        CaseResult(
            case=one, started=THEN, elapsed=30.0, verdict=verdict, steps=2, failed=0, skipped=0
        )
    )


def whole(number: int, verdict: Verdict = Verdict.PASSED) -> Iterator[RunEvent]:
    one = case(number)
    yield CaseStarted(one, PLACE)
    for index in range(2):
        yield StepStarted(one, index, FLOW.steps[index])
        yield step_ended(one, index, verdict, "found 503" if verdict is Verdict.FAILED else "")
    yield case_ended(one, verdict)


def cells(model: RunModel, index: QModelIndex) -> list[str]:
    return [str(index.siblingAtColumn(column).data()) for column in range(4)]


def test_a_case_has_all_its_steps_from_the_beginning(model: RunModel) -> None:
    one = case()
    model.take([CaseStarted(one, PLACE), StepStarted(one, 0, FLOW.steps[0])])
    top = model.index(0, 0)
    assert cells(model, top)[:2] == ["Story, repetition 1", "▸ running"]
    assert [cells(model, model.index(row, 0, top))[:2] for row in range(2)] == [
        ["create request-interaction", "▸ running"],
        ["request cancel", "· waiting"],
    ]


def test_checks_and_captured_values_stand_below_their_step(model: RunModel) -> None:
    one = case()
    model.take([CaseStarted(one, PLACE)])
    model.take([step_ended(one, 0, Verdict.PASSED)])
    model.take([step_ended(one, 1, Verdict.FAILED, "the answer was 503")])
    top = model.index(0, 0)
    first, second = model.index(0, 0, top), model.index(1, 0, top)
    assert cells(model, model.index(0, 0, first)) == ["http 200", "✓ passed", "", "found 503"]
    assert cells(model, model.index(1, 0, first))[:2] == ["number = 4321", "captured"]
    assert cells(model, second)[1:] == ["✗ failed", "12 ms", "the answer was 503"]
    model.take([case_ended(one, Verdict.FAILED)])
    assert cells(model, top)[1:] == ["✗ failed", "30 ms", "request cancel: the answer was 503"]


def test_a_long_run_keeps_one_line_for_what_passed(unchecked: RunModel) -> None:
    model = unchecked
    last = DETAILED_CASES + 10
    for number in range(1, last):
        model.take(whole(number))
    model.take(whole(last, Verdict.FAILED))
    rows = [model.rowCount(model.index(row, 0)) for row in range(model.rowCount())]
    assert rows == [2] * DETAILED_CASES + [0] * 9 + [2]


def test_only_failures_are_shown_when_only_they_are_wanted(model: RunModel) -> None:
    for number in range(1, 6):
        model.take(whole(number, Verdict.FAILED if number == 3 else Verdict.PASSED))
    model.show_only_failures(on=True)
    assert [cells(model, model.index(row, 0))[0] for row in range(model.rowCount())] == [
        "Story, repetition 3"
    ]
    model.take(whole(6))
    model.take(whole(7, Verdict.ERROR))
    assert model.rowCount() == 2
    model.show_only_failures(on=False)
    assert model.rowCount() == 7


def test_what_came_together_is_told_together(unchecked: RunModel) -> None:
    model = unchecked
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))
    model.take(event for number in range(1, 2001) for event in whole(number))
    assert inserted == [(0, 1999)]
    assert model.verdicts == {Verdict.PASSED: 2000}


def test_a_verdict_is_told_by_words_and_not_by_its_colour_alone(model: RunModel) -> None:
    for number, verdict in enumerate(Verdict, start=1):
        model.take(whole(number, verdict))
        shown = model.index(number - 1, 1).data(Qt.ItemDataRole.DisplayRole)
        assert str(shown).endswith(verdict.value)


def test_a_case_that_begins_late_shows_its_steps_once_it_has_failed(model: RunModel) -> None:
    """Steps that come and go have a view lay out all rows, so those of late cases wait."""
    removed: list[int] = []
    model.rowsRemoved.connect(lambda *_: removed.append(1))
    for number in range(1, DETAILED_CASES + 3):
        model.take([CaseStarted(case(number), PLACE)])
    late = [model.index(DETAILED_CASES + place, 0) for place in (0, 1)]
    assert [model.rowCount(index) for index in late] == [0, 0]
    model.take([step_ended(case(DETAILED_CASES + 1), 0, Verdict.FAILED, "no")])
    model.take([case_ended(case(DETAILED_CASES + 1), Verdict.FAILED)])
    model.take([step_ended(case(DETAILED_CASES + 2), 0, Verdict.PASSED)])
    model.take([case_ended(case(DETAILED_CASES + 2), Verdict.PASSED)])
    assert model.rowCount(late[0]) == 2
    assert model.rowCount(model.index(0, 0, late[0])) > 0
    for number in range(1, DETAILED_CASES + 1):
        model.take([case_ended(case(number), Verdict.PASSED)])
    assert model.rowCount(late[1]) == 2
    assert removed == [1]
