"""A body of any size is shown as rows, and long lines are cut or come in several."""

import base64
import codecs
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gms_console.json_text.indent import indented
from gms_console.viewing.errors import ViewingError
from gms_console.viewing.lines import ROW
from gms_console.viewing.types import Find, Row, View
from tests.engine.viewing import ROWS, all_rows, in_file, in_memory, indexed, lines_of, looking

LINES = st.lists(
    st.sampled_from(["", "a", "é" * 30, "x" * (ROW - 1), "x" * ROW, "y" * (ROW + 1), "ö€😀" * 4000])
    | st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=40),
    max_size=12,
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(LINES, st.lists(ENDS, min_size=12, max_size=12), st.sampled_from([1, 3, 1000, 1 << 20]))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
def test_rows_are_the_lines_of_the_text(lines: list[str], ends: list[str], step: int) -> None:
    text = "".join(line + end for line, end in zip(lines, ends, strict=False))
    data = text.encode()
    view = indexed(data, step if len(data) < 2000 else 5000)
    wanted = lines_of(text)
    assert view.layout(whole=False).lines == len(wanted)
    rows = view.rows(0, 100, whole=False)
    assert [row.text for row in rows] == [
        line[: len(row.text)] for line, row in zip(wanted, rows, strict=True)
    ]
    for at in range(len(wanted)):
        assert view.rows(at, 1, whole=False) == [rows[at]]
    whole = view.rows(0, 1000, whole=True)
    assert len(whole) == view.layout(whole=True).rows
    assert [row.continues for row in whole] == [row.column > 0 for row in whole]
    joined = [""] * len(wanted)
    for at, row in enumerate(whole):
        assert row.column == len(joined[row.line - 1])
        assert len(row.text) <= ROW
        joined[row.line - 1] += row.text
        assert view.rows(at, 1, whole=True) == [row]
        assert view.row_of(row.line - 1, row.column, whole=True) == (at, 0)
    assert joined == wanted


async def test_a_large_answer_is_shown_raw_and_indented(tmp_path: Path) -> None:
    text = json.dumps(ROWS)
    async with looking() as worker:
        reader = in_file(worker, tmp_path, text)
        wanted = indented(text).split("\n")
        layout = await reader.layout(View.PRETTY)
        assert (layout.lines, layout.rows) == (len(wanted), len(wanted))
        for first in (0, 12_345, len(wanted) - 30):
            rows = await reader.rows(View.PRETTY, first, 50)
            assert [row.text for row in rows] == wanted[first : first + 50]
            assert [row.line for row in rows] == [first + 1 + at for at in range(len(rows))]
        assert await reader.rows(View.PRETTY, len(wanted), 10) == ()
        (row,) = await all_rows(reader, View.RAW)
        assert (row.text, row.cut) == (text[:10_000], f"{len(text) - 10_000:,} more characters")
        whole = await reader.rows(View.RAW, 0, 1000, whole=True)
        assert "".join(row.text for row in whole) == text


@pytest.mark.parametrize(
    ("body", "row"),
    [("a line\n" * 100_000, 90_000), ("one long line " * 100_000, 0)],
    ids=["lines", "one line"],
)
async def test_a_file_that_has_become_shorter_says_so(body: str, row: int, tmp_path: Path) -> None:
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        await reader.layout(View.RAW)
        assert reader.source.path is not None
        os.truncate(reader.source.path, 100)
        with pytest.raises(ViewingError, match="has become shorter"):
            await reader.rows(View.RAW, row, 10)
        with pytest.raises(ViewingError, match="has become shorter"):
            await reader.find(View.RAW, Find("b"))


async def test_line_ends_of_any_kind_count(tmp_path: Path) -> None:
    async with looking() as worker:
        for reader in (
            in_memory(worker, "one\r\ntwo\rthree\n\nfive"),
            in_file(worker, tmp_path, "one\r\ntwo\rthree\n\nfive"),
        ):
            rows = await all_rows(reader, View.RAW)
            assert [row.text for row in rows] == ["one", "two", "three", "", "five"]
            assert await all_rows(reader, View.PRETTY) == rows


@pytest.mark.parametrize("charset", ["cp1252", "utf-16", "utf-16-le", "iso8859-15", "utf-8-sig"])
async def test_other_charsets_are_read(tmp_path: Path, charset: str) -> None:
    text = '{"état": "prêt", "n": [1.10]}'
    async with looking() as worker:
        for reader in (in_memory(worker, text, charset), in_file(worker, tmp_path, text, charset)):
            rows = await all_rows(reader, View.PRETTY)
            assert [row.text for row in rows] == indented(text).split("\n")
            assert (await reader.children(await reader.root()))[0].key == "état"


async def test_a_byte_order_mark_stays_in_the_raw_text_only() -> None:
    async with looking() as worker:
        reader = in_memory(worker, codecs.BOM_UTF8 + b'{"a": 1}')
        assert (await all_rows(reader, View.RAW))[0].text == '\ufeff{"a": 1}'
        assert (await all_rows(reader, View.PRETTY))[0].text == "{"


async def test_bytes_that_are_no_text_are_marked(tmp_path: Path) -> None:
    body = b'{"a": "\xff\xfe", "b": "' + b"\xe2\x82" * 6000 + b'"}'
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        rows = await all_rows(reader, View.RAW, whole=True)
        assert "".join(row.text for row in rows) == body.decode("utf-8", "replace")
        assert (await all_rows(reader, View.PRETTY))[1].text == '  "a": "\ufffd\ufffd",'


async def test_what_is_no_json_is_shown_as_it_came() -> None:
    page = "<html>\n  <p>a, b: [c]</p>\n</html>"
    async with looking() as worker:
        reader = in_memory(worker, page)
        assert [row.text for row in await all_rows(reader, View.PRETTY)] == page.split("\n")
        assert await all_rows(in_memory(worker, b""), View.PRETTY) == []


@pytest.mark.parametrize("size", [900, 6_000, 3_000_000], ids=["short", "long", "very long"])
@pytest.mark.parametrize(
    ("magic", "what"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"GIF89a", "a GIF picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"abc", ""),
    ],
)
async def test_base64_is_folded_and_named(
    tmp_path: Path, size: int, magic: bytes, what: str
) -> None:
    value = base64.b64encode(magic + bytes(size)).decode()
    async with looking() as worker:
        reader = in_file(worker, tmp_path, json.dumps({"file": value, "n": 1}))
        rows = await all_rows(reader, View.PRETTY)
        assert rows[1].text == f'  "file": "{value[:64]}'
        assert re.fullmatch(rf"[\d.,]+ (B|KiB|MiB) of base64{what and ', '}{what}", rows[1].cut)
        assert rows[2] == Row(3, '  "n": 1')
        whole = await reader.rows(View.PRETTY, 0, 2000, whole=True)
        assert "".join(row.text for row in whole if row.line == 2) == f'  "file": "{value}",'


async def test_a_long_text_that_only_begins_like_base64_is_cut_as_any(tmp_path: Path) -> None:
    value = "A" * 20_000 + " and then words " + "A" * 30_000
    async with looking() as worker:
        rows = await all_rows(in_file(worker, tmp_path, json.dumps([value])), View.PRETTY)
        assert rows[1].text == '  "' + "A" * 9_997
        assert rows[1].cut == f"{len(value) + 4 - 10_000:,} more characters"


async def test_one_line_of_50_mb_is_shown(tmp_path: Path) -> None:
    body = b'{"a": "' + b"words and \xc3\xa4 " * 3_900_000 + b'"}'
    assert len(body) > 50_000_000
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        text = body.decode()
        pretty = await reader.rows(View.PRETTY, 0, 10)
        assert [len(row.text) for row in pretty] == [1, 10_000, 1]
        layout = await reader.layout(View.RAW, whole=True)
        assert (layout.lines, layout.rows) == (1, -(-len(text) // ROW))
        (last,) = await reader.rows(View.RAW, layout.rows - 1, 5, whole=True)
        assert last.text == text[last.column :]


async def test_ten_thousand_levels_are_shown(tmp_path: Path) -> None:
    body = '{"a": [' * 10_000 + "1" + "]}" * 10_000
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        layout = await reader.layout(View.PRETTY)
        assert layout.lines == 40_001
        (middle,) = await reader.rows(View.PRETTY, 20_000, 1)
        assert middle.text.strip() == "1"
        node = await reader.root()
        for _ in range(30):
            (node,) = await reader.children(node)
        assert node.path == ".".join(["a[0]"] * 15)
