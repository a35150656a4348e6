"""What of a body is shown at once, and finding in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.first_part import BYTES, LINES, first_part
from gms_console.json_text.indent import indented
from gms_console.json_text.shortening import LONGEST_LINE
from gms_console.text_search import MOST, find_in
from gms_console.viewing.types import Find, Hit


def test_a_small_body_is_shown_whole() -> None:
    part = first_part(b'{"a":[1.10]}', 12, "utf-8", pretty=True)
    assert part.whole
    assert part.text == '{\n  "a": [\n    1.10\n  ]\n}'
    assert part.cuts == {}


def test_a_large_body_begins_as_all_of_it_would() -> None:
    body = json.dumps([{"id": number} for number in range(10_000)]).encode()
    part = first_part(body[: 1024 * 1024], len(body), "utf-8", pretty=True)
    assert not part.whole
    assert part.extent == f"{LINES:,} lines"
    assert indented(body.decode()).startswith(part.text)


def test_bytes_bound_what_has_few_lines() -> None:
    body = b"x y\n" * 15 + b"z" * BYTES
    part = first_part(body, len(body), "utf-8", pretty=False)
    assert part.extent == "64 KiB"
    assert part.cuts == {15: LONGEST_LINE}
    last = part.text.split("\n")[15]
    assert last == "z" * LONGEST_LINE + f" «{BYTES - 60 - LONGEST_LINE:,} more characters»"


def test_a_character_that_the_part_ends_in_is_left_out() -> None:
    body = b"x" + "é".encode() * BYTES
    part = first_part(body, len(body), "utf-8", pretty=False)
    assert "\ufffd" not in part.text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_each_line_end_counts(end: str) -> None:
    assert first_part(f"a{end}b".encode(), 2 + len(end), "utf-8", pretty=False).text == "a\nb"


@given(st.text(alphabet="aAb\n😀", max_size=60), st.text(alphabet="aAb😀", min_size=1, max_size=2))
def test_hits_are_where_the_text_is(text: str, wanted: str) -> None:
    found = find_in(text, Find(wanted, match_case=True))
    assert found.count == text.count(wanted)
    lines = text.split("\n")
    assert len(found.hits) == found.count
    for hit in found.hits:
        assert lines[hit.row][hit.start : hit.start + hit.length] == wanted


def test_case_is_ignored_unless_it_counts() -> None:
    assert find_in("Ab\nab", Find("AB")).hits == (Hit(0, 0, 2), Hit(1, 0, 2))
    assert find_in("Ab\nab", Find("AB", match_case=True)).count == 0


def test_what_looks_like_an_expression_is_plain_text() -> None:
    assert find_in("a.c abc", Find("a.c")).count == 1
    assert find_in("abc", Find("")).count == 0


def test_all_hits_are_counted_and_the_first_are_given() -> None:
    found = find_in("x" * (MOST + 5), Find("x"))
    assert found.count == MOST + 5
    assert len(found.hits) == MOST
