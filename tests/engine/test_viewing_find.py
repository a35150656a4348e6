"""Find in a body of any size: each hit at its row, and all of them counted."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.viewing.errors import ViewingError
from gms_console.viewing.finding import MOST_HITS, Finder
from gms_console.viewing.lines import ROW
from gms_console.viewing.types import Find, Hit, View
from tests.engine.viewing import ROWS, all_rows, in_file, in_memory, indexed, lines_of, looking

TEXTS = st.text(st.sampled_from('abAB .é\u212aK\n\r"{'), max_size=60)
EXPRESSIONS = [
    "a",
    "a+",
    "a*",
    "^a",
    "b$",
    "[^a]+",
    r"\s",
    "(?i:B)",
    "a|b$",
    r"\bab?",
    ".",
    "a.b",
    "(?<=a)b",
    r"[a-b]\.?",
]


def nothing() -> None:
    """Let a search go on."""


def hits(data: bytes, wanted: Find) -> list[tuple[int, int, int]]:
    finder = Finder(wanted, nothing)
    finder.search(indexed(data, 1000))
    assert finder.count == len(finder.hits)
    return finder.hits


def plainly(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int, int]]:
    return [
        (line, found.start(), len(found[0]))
        for line, content in enumerate(lines_of(text))
        for found in pattern.finditer(content)
        if found[0]
    ]


@given(TEXTS, st.text(st.sampled_from("abAB .éK\u212a"), min_size=1, max_size=3), st.booleans())
def test_a_text_is_found_wherever_it_is(text: str, wanted: str, match_case: bool) -> None:
    pattern = re.compile(re.escape(wanted), 0 if match_case else re.IGNORECASE)
    found = hits(text.encode(), Find(wanted, match_case=match_case))
    assert found == plainly(text, pattern)


@given(TEXTS, st.sampled_from(EXPRESSIONS), st.booleans())
def test_an_expression_is_found_line_by_line(text: str, wanted: str, match_case: bool) -> None:
    pattern = re.compile(wanted, 0 if match_case else re.IGNORECASE)
    found = hits(text.encode(), Find(wanted, regex=True, match_case=match_case))
    assert found == plainly(text, pattern)


@pytest.mark.parametrize(
    "wanted",
    [Find("needle"), Find("né+dle|needle", regex=True), Find("^st.|d$", regex=True), Find("né")],
)
def test_in_one_very_long_line_all_is_found_once(wanted: Find) -> None:
    unit = "some words, a Needle, and a néédle. " + "x" * 997
    text = "start " + unit * 1500 + "end"
    pattern = re.compile(wanted.text, re.IGNORECASE)
    assert hits(f"one\n{text}\nthree".encode(), wanted) == plainly(f"one\n{text}\nthree", pattern)


async def test_in_rows_that_go_on_hits_are_in_their_row() -> None:
    line = "x" * (2 * ROW + 5) + "Needle" + "y" * ROW + "needle"
    async with looking() as worker:
        reader = in_memory(worker, f"needle\n{line}\n needle")
        cut = await reader.find(View.RAW, Find("needle"))
        assert [hit.row for hit in cut.hits] == [0, 1, 1, 2]
        assert cut.hits[1] == Hit(1, 2 * ROW + 5, 6)
        whole = await reader.find(View.RAW, Find("needle"), whole=True)
        rows = await all_rows(reader, View.RAW, whole=True)
        assert [rows[hit.row].text[hit.start :][:6].lower() for hit in whole.hits] == ["needle"] * 4
        assert whole.hits[-1] == Hit(5, 1, 6)
        exact = await reader.find(View.RAW, Find("needle", match_case=True))
        assert exact.count == 3


async def test_more_hits_than_are_told_are_counted(tmp_path: Path) -> None:
    async with looking() as worker:
        body = json.dumps(ROWS[:5000])
        reader = in_file(worker, tmp_path, body)
        for view in View:
            for wanted in (Find("N"), Find("[nN]", regex=True), Find("[^a-mo-z]", regex=True)):
                found = await reader.find(view, wanted)
                assert len(found.hits) == MOST_HITS
        count = body.lower().count("n")
        assert (await reader.find(View.RAW, Find("N"))).count == count
        assert (await reader.find(View.PRETTY, Find("[nN]", regex=True))).count == count


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("a(b", "At character 2: missing ), unterminated subpattern"),
        ("a**", "At character 3: multiple repeat"),
        ("[a", "At character 1: unterminated character set"),
    ],
)
async def test_a_wrong_expression_says_where(expression: str, said: str) -> None:
    async with looking() as worker:
        reader = in_memory(worker, b"{}")
        with pytest.raises(ViewingError) as error:
            await reader.find(View.RAW, Find(expression, regex=True))
        assert str(error.value) == said
        assert (await reader.find(View.RAW, Find(expression))).count == 0


async def test_nothing_is_found_for_no_text() -> None:
    async with looking() as worker:
        reader = in_memory(worker, b"{\n}")
        assert (await reader.find(View.RAW, Find(""))).count == 0
        assert (await reader.find(View.RAW, Find("{\n}"))).count == 0


async def test_10_mb_are_searched_at_once(tmp_path: Path) -> None:
    rows = [{"n": n, "name": f"agent {n}", "state": "ready", "at": None} for n in range(90_000)]
    async with looking() as worker:
        reader = in_file(worker, tmp_path, json.dumps(rows))
        await reader.layout(View.PRETTY)
        for wanted in (Find("AGENT 89999"), Find(r"agent 8999\d", regex=True)):
            began = time.perf_counter()
            found = await reader.find(View.PRETTY, wanted)
            assert time.perf_counter() - began < 3  # many times what it takes
            assert found.count in {1, 10}
