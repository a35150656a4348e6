"""An admin's table comes first, and its faults are told by file, line and field."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from gms_console.model.answer import Problem, ProblemKind
from gms_console.problems import ProblemTable, explain, load_problems
from gms_console.problems_file import read_problems
from tests.engine.helpers import exchange_with

ANYTHING = exchange_with(b"the key expired today", status=403)
DENIED = Problem(kind=ProblemKind.HTTP, said="No", status=403, code="7", phrase="Key is old")


def table(folder: Path, text: str) -> tuple[ProblemTable, tuple[str, ...]]:
    """Load a table of that text."""
    (folder / "problems.yaml").write_text(text, "utf-8")
    return load_problems(folder)


def entry(match: str) -> str:
    """A table of one entry with that match."""
    return f"problems:\n  - match: {match}\n    means: Ours.\n"


def test_the_consoles_own_table_has_no_fault() -> None:
    entries, errors = read_problems(files("gms_console.assets") / "problems.yaml")
    assert errors == ()
    assert len(entries) > 50
    assert entries[-1].match == {}
    assert all(one.explanation.advice for one in entries)


def test_no_entry_of_the_consoles_own_hides_behind_the_same_match() -> None:
    entries, _ = read_problems(files("gms_console.assets") / "problems.yaml")
    matches = [one.match for one in entries]
    assert all(match not in matches[:place] for place, match in enumerate(matches))


@pytest.mark.parametrize("folder", [None, "missing", "empty"])
def test_without_a_file_only_the_consoles_own_table_is_read(
    tmp_path: Path, folder: str | None
) -> None:
    (tmp_path / "empty").mkdir()
    found, errors = load_problems(None if folder is None else tmp_path / folder)
    assert (found, errors) == (ProblemTable(), ())
    assert explain(DENIED, ANYTHING, found) == explain(DENIED, ANYTHING)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ("{}", True),
        ("{status: 403}", True),
        ("{status: [401, 403]}", True),
        ("{status: 401}", False),
        ("{body: KEY EXPIRED}", True),
        ("{body: key renewed}", False),
        ("{phrase: key is}", True),
        ("{code: 7}", True),
        ('{code: "7"}', True),
        ("{code: 70}", False),
        ("{kind: http, slots: false}", True),
        ("{slots: true}", False),
        ("{operation: create, service: 'request-*'}", True),
        ("{operation: request}", False),
        ("{service: request}", False),
        ("{said: [maybe, 'no']}", True),
        ("{status: 403, exception: x}", False),
        ("{failure: [timed out]}", False),
    ],
)
def test_an_entry_fits_when_all_it_names_fits(tmp_path: Path, match: str, fits: bool) -> None:
    own, errors = table(tmp_path, entry(match))
    assert errors == ()
    found = explain(DENIED, ANYTHING, own)
    assert (found.means == "Ours.") is fits
    if fits:
        assert (found.look, found.advice) == ("", "")
    else:
        assert found == explain(DENIED, ANYTHING)


def test_the_first_entry_that_fits_is_used(tmp_path: Path) -> None:
    text = (
        "problems:\n"
        "  - {match: {status: 404}, means: Not this.}\n"
        "  - {match: {status: 403}, means: This., look: There., try: That.}\n"
        "  - {match: {}, means: Too late.}\n"
    )
    own, _ = table(tmp_path, text)
    found = explain(DENIED, ANYTHING, own)
    assert (found.means, found.look, found.advice) == ("This.", "There.", "That.")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "the file needs a list named problems"),
        ("problems:", 1, "the file needs a list named problems"),
        ("- match: {}\n", 1, "the file needs a list named problems"),
        ("# ours\nproblem: []\n", 1, "the file needs a list named problems"),
        ("problems: []\nextra: 1\n", 2, "extra: not known"),
        ("problems:\n  - text\n", 2, "problems.0: an entry has match"),
        ("problems:\n  - match: {}\n", 2, "problems.0: means is missing"),
        ("problems:\n  - match: {}\n    means:\n", 3, "problems.0.means: means is missing"),
        ("problems:\n  - means: x\n", 2, "problems.0: match is missing"),
        ("problems:\n  - means: x\n    match: all\n", 3, "problems.0.match: match is missing"),
        (
            "problems:\n  - match: {}\n    means: x\n    tries: y\n",
            4,
            "problems.0.tries: not known",
        ),
        ("problems:\n  - match: {}\n    means: 7\n", 3, "problems.0.means: must be a text"),
        ("problems:\n  - match: {}\n    means: [x]\n", 3, "problems.0.means: must be a text"),
        (entry("\n      statsu: 403"), 3, "problems.0.match.statsu: not known; known are body"),
        (entry("{status: '403'}"), 2, "problems.0.match.status: '403' must be a number"),
        (entry("{status: true}"), 2, "problems.0.match.status: True must be a number"),
        (entry("{status: []}"), 2, "problems.0.match.status: the list is empty"),
        (entry("{status: [403, x]}"), 2, "problems.0.match.status: 'x' must be a number"),
        (entry("{kind: HTTP}"), 2, "problems.0.match.kind: 'HTTP' is none of broken json"),
        (entry("{kind: [[http]]}"), 2, "problems.0.match.kind: ['http'] is none of"),
        (entry("{failure: tired}"), 2, "problems.0.match.failure: 'tired' is none of"),
        (entry("{operation: delete}"), 2, "problems.0.match.operation: 'delete' is none of"),
        (entry("{said: 403}"), 2, "problems.0.match.said: 403 must be a text; put it between"),
        (entry("{said: ''}"), 2, "problems.0.match.said: empty text"),
        (entry("{slots: 1}"), 2, "problems.0.match.slots: 1 must be true or false"),
        (entry("{7: x}"), 2, "problems.0.match.7: not known"),
        ("problems:\n  - match: {}\n   means: x\n", 3, ""),
        ("problems:\n  - match: {status: 1\n", 3, ""),
        ("problems: []\nproblems: []\n", 2, "duplicate key"),
        ("problems:\n  - match: \x07\n", 2, ""),
    ],
)
def test_a_fault_is_told_with_file_line_and_field(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    own, errors = table(tmp_path, text)
    assert own == ProblemTable()
    assert len(errors) == 1, errors
    assert errors[0].startswith(f"{tmp_path / 'problems.yaml'}, line {line}")
    assert said in errors[0]
    assert "\n" not in errors[0]


def test_a_faulty_entry_takes_no_other_down(tmp_path: Path) -> None:
    text = (
        "problems:\n"
        "  - match: {statsu: 403, kind: x}\n"
        "    means: Faulty.\n"
        "  - match: {status: 403}\n"
        "    means: Good.\n"
    )
    own, errors = table(tmp_path, text)
    assert len(errors) == 2
    assert explain(DENIED, ANYTHING, own).means == "Good."


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "problems.yaml"
    file.write_bytes(b"problems: \xff\n")
    assert load_problems(tmp_path)[1] == (f"{file}: not UTF-8 at byte 10",)
    file.write_bytes(b"problems:\n  - {match: {}, means: 2026-13-45}\n")
    assert load_problems(tmp_path)[1][0].startswith(f"{file}")
    file.write_text("[" * 10_000)
    assert len(load_problems(tmp_path)[1]) == 1
    file.unlink()
    file.mkdir()
    assert load_problems(tmp_path)[1] == (f"{file}: Is a directory",)


def test_a_bom_does_no_harm(tmp_path: Path) -> None:
    own, errors = table(tmp_path, "\ufeff" + entry("{status: 403}"))
    assert errors == ()
    assert explain(DENIED, ANYTHING, own).means == "Ours."


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    text = Path(__file__).parents[2].joinpath("docs", "problems.md").read_text("utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    own, errors = table(tmp_path, example[1])
    assert errors == ()
    assert explain(DENIED, ANYTHING, own).means == "The gateway's key for the app has expired."
