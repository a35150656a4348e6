"""JSON is indented as it streams by, and not a character of its values changes."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.json_text.indent import DEEPEST, indented, indented_pieces
from tests.engine.json_documents import WRITTEN

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def plainly_indented(text: str) -> str:
    """Indent JSON token by token, in the simplest way there is."""
    parts = _TOKEN.findall(text)
    written, depth = "", 0
    for part, before, after in zip(parts, ["", *parts], [*parts[1:], ""], strict=False):
        if part in "{[":
            depth += 1
            written += part if after in {"}", "]"} else f"{part}\n{'  ' * depth}"
        elif part in "}]":
            depth -= 1
            written += part if before in {"{", "["} else f"\n{'  ' * depth}{part}"
        else:
            written += {",": f",\n{'  ' * depth}", ":": ": "}.get(part, part)
    return written


@given(WRITTEN)
def test_it_is_what_the_simplest_way_gives(text: str) -> None:
    assert indented(text) == plainly_indented(text)


@given(WRITTEN)
def test_it_says_the_same(text: str) -> None:
    assert repr(json.loads(indented(text))) == repr(json.loads(text))


@given(WRITTEN, st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_pieces_of_any_size_give_the_same(text: str, sizes: list[int]) -> None:
    pieces: list[str] = []
    at = 0
    while at < len(text):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(text[at : at + size])
        at += size
    assert "".join(indented_pieces(pieces)) == indented(text)


@given(WRITTEN, st.integers(0, 200))
def test_the_beginning_of_a_text_gives_the_beginning_of_the_whole(text: str, cut: int) -> None:
    whole = indented(text)
    assert whole.startswith(indented(text[:cut]))


@given(st.text(alphabet='{}[],: "\\a1\n\0\x01', max_size=60), st.integers(1, 20))
def test_broken_json_loses_nothing_but_blanks(text: str, size: int) -> None:
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    kept = re.sub(r"\s", "", "".join(indented_pieces(pieces)))
    assert kept == re.sub(r"\s", "", text)


def test_numbers_duplicate_keys_and_escapes_stay_as_they_were_sent() -> None:
    text = r'{"a":1.10,"a":12345678901234567890,"é":"\u00e9\/\"","b":1E5,"c":-0}'
    assert indented(text).split("\n") == [
        "{",
        '  "a": 1.10,',
        '  "a": 12345678901234567890,',
        r'  "é": "\u00e9\/\"",',
        '  "b": 1E5,',
        '  "c": -0',
        "}",
    ]


def test_large_texts_are_as_small_ones() -> None:
    rows = [
        {"n": n, "t": 'a "quoted" \\ text', "x": [], "y": {}, "z": [n, None]} for n in range(9000)
    ]
    text = json.dumps(rows)
    assert indented(text) == json.dumps(rows, indent=2)


@pytest.mark.parametrize(
    "sent", [json.dumps("x\\n" * 400_000), "1" * 1_000_000], ids=["text", "number"]
)
def test_a_value_longer_than_a_piece_goes_through(sent: str) -> None:
    assert indented(f'{{"a":{sent}}}') == f'{{\n  "a": {sent}\n}}'


def test_ten_thousand_levels_are_indented_no_further_than_can_be_read() -> None:
    lines = indented("[" * 10_000 + "1" + "]" * 10_000).split("\n")
    assert len(lines) == 20_001
    assert max(map(len, lines)) == 2 * DEEPEST + 1
    assert lines[:2] + lines[-2:] == ["[", "  [", "  ]", "]"]
    assert lines[10_000].strip() == "1"
