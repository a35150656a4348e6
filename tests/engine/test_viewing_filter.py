"""A JMESPath gives a document of its own, with each number as it was sent."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.json_text.exact import read_exact, write_exact
from gms_console.viewing.errors import ViewingError
from gms_console.viewing.filtering import LARGEST
from gms_console.viewing.reader import BodyReader
from gms_console.viewing.source import BodySource
from gms_console.viewing.types import View
from tests.engine.json_documents import VALUES
from tests.engine.viewing import all_rows, in_file, in_memory, looking

BODY = r"""{"list": [{"price": 1.10, "name": "é\u00e9"}, {"price": 2.50, "name": "\ud800"}],
  "big": 12345678901234567890, "zero": -0, "small": 1E-7, "long": 0.10000000000000000555,
  "twice": 1, "twice": 2.0, "none": null}"""


async def result(reader: BodyReader, expression: str) -> str:
    source = await reader.filter(expression)
    return (source.data if source.path is None else source.path.read_bytes()).decode()


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("list[0].price", "1.10"),
        ("list[*].price", "[1.10,2.50]"),
        ("list[?price > `2`].price", "[2.50]"),
        ("list[?price == `1.1`] | [0]", '{"price":1.10,"name":"éé"}'),
        ("list[1].name", r'"\ud800"'),
        (
            "{a: big, b: zero, c: [small, long]}",
            '{"a":12345678901234567890,"b":-0,"c":[1E-7,0.10000000000000000555]}',
        ),
        ("sort_by(list, &price)[-1].price", "2.50"),
        ("max(list[*].price)", "2.50"),
        ("to_string(list[0].price)", '"1.10"'),
        ("type(list[0].price)", '"number"'),
        ("twice", "2.0"),
        ("nothing.there", "null"),
        ("length(list)", "2"),
    ],
)
async def test_numbers_stay_as_they_were_sent(expression: str, wanted: str) -> None:
    async with looking() as worker:
        assert await result(in_memory(worker, BODY), expression) == wanted


@given(VALUES)
def test_what_is_read_exactly_is_written_the_same(value: object) -> None:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    read, exact = read_exact(text)
    assert repr(json.loads(write_exact(read, exact=exact))) == repr(json.loads(text))
    assert write_exact(read) == write_exact(read, exact=exact)


@given(
    st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
)
def test_any_number_is_written_as_it_was_sent(number: str) -> None:
    read, exact = read_exact(f'{{"a":[{number}]}}')
    assert write_exact(read, exact=exact) == f'{{"a":[{number}]}}'


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "The expression is empty"),
        ("list[", "The expression ends too early"),
        ("a b", "At character 3: unexpected 'b'"),
        ("list[?a=='x'", "The expression ends too early"),
        ("a.#", "At character 3: Unknown token #"),
        ("what(@)", "Unknown function: what()"),
    ],
)
async def test_a_wrong_expression_says_what_is_wrong(expression: str, said: str) -> None:
    async with looking() as worker:
        reader = in_memory(worker, BODY)
        with pytest.raises(ViewingError) as error:
            await reader.filter(expression)
        assert str(error.value) == said
        assert await result(reader, "twice") == "2.0"


async def test_a_large_result_is_a_body_to_look_at_and_goes_with_its_reader(tmp_path: Path) -> None:
    rows = [{"n": n, "name": f"agent {n}"} for n in range(60_000)]
    async with looking() as worker:
        reader = in_file(worker, tmp_path, json.dumps({"rows": rows}))
        source = await reader.filter("rows")
        assert source.path is not None
        assert source.path.stat().st_mode & 0o077 == 0
        assert json.loads(source.path.read_text()) == rows
        shown = BodyReader(source, worker)
        assert (await shown.rows(View.PRETTY, 1, 2))[1].text == '    "n": 0,'
        await shown.close()
        await reader.close()
        assert not source.path.exists()


async def test_what_cannot_be_filtered_says_why(tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as stream:
        stream.truncate(LARGEST + 1)
    async with looking() as worker:
        for reader, said in (
            (in_memory(worker, b"<html>"), "Only JSON can be filtered"),
            (in_memory(worker, "[" * 100_000 + "]" * 100_000), "nested too deeply"),
            (BodyReader(BodySource(LARGEST + 1, path=huge), worker), "more than 64 MiB"),
        ):
            with pytest.raises(ViewingError, match=said):
                await reader.filter("@")


async def test_other_charsets_are_filtered() -> None:
    async with looking() as worker:
        reader = in_memory(worker, '{"état": "prêt"}', "utf-16")
        assert await result(reader, '"état"') == '"prêt"'
        assert len(await all_rows(reader, View.PRETTY)) == 3
