"""Data rows are read from CSV as spreadsheets write it, or refused with file and line."""

from pathlib import Path

import pytest

from gms_console.runner.data_rows import DataError, read_rows


def rows_of(folder: Path, data: str | bytes) -> list[dict[str, str]]:
    file = folder / "rows.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_rows(file)


@pytest.mark.parametrize(
    "text",
    [
        "phone,name\n650,Ann\n651,Bob\n",
        "phone;name\r\n650;Ann\r\n651;Bob\r\n",
        "phone\tname\n650\tAnn\n651\tBob",
        "\ufeffphone,name\n650,Ann\n\n651,Bob\n\n",
        '"phone","name"\n"650","Ann"\n651,Bob\n',
    ],
    ids=["commas", "semicolons", "tabs", "mark-and-empty-lines", "quotes"],
)
def test_a_table_is_read(tmp_path: Path, text: str) -> None:
    assert rows_of(tmp_path, text) == [
        {"phone": "650", "name": "Ann"},
        {"phone": "651", "name": "Bob"},
    ]


def test_cells_are_taken_as_they_are(tmp_path: Path) -> None:
    text = 'a,b,c\n" x ","line 1\nline 2","say ""hi"", you"\n,,\n'
    assert rows_of(tmp_path, text) == [
        {"a": " x ", "b": "line 1\nline 2", "c": 'say "hi", you'},
        {"a": "", "b": "", "c": ""},
    ]


def test_the_header_decides_what_stands_between_cells(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a;b\n1,5;2,5\n") == [{"a": "1,5", "b": "2,5"}]
    assert rows_of(tmp_path, "only\nx;y\n") == [{"only": "x;y"}]
    assert rows_of(tmp_path, '"a,b;c";d\n1;2\n') == [{"a,b;c": "1", "d": "2"}]


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        ("", 1, "found nothing, expected a header that names the variables"),
        ("\n\n", 1, "found nothing, expected a header"),
        ("\na,b\n\n", 2, "found no rows below the header, expected one at least"),
        ("a,,b\n1,2,3\n", 1, "column 2 has no name"),
        ("a,b,a\n1,2,3\n", 1, "found the column 'a' twice, expected it once"),
        ("a, b\n1,2\n", 1, "found the column ' b': A name has no blanks around it."),
        ("$uuid\n1\n", 1, "found the column '$uuid'"),
        ("a,b\n1,2\n3\n", 3, "found 1 cell, expected 2 as in the header"),
        ('a,b\n"1\n1",2\n3,4,5\n', 4, "found 3 cells, expected 2 as in the header"),
        ('a,b\n1,2\n"3,4\n', 3, "found a row that cannot be read"),
        (b"a,b\n1,2\n\xff,4\n", 3, "found a byte that is not UTF-8"),
    ],
    ids=["empty", "blank", "no-rows", "unnamed", "twice", "blanks", "built-in", "few", "many",
         "quote", "latin-1"],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused_with_file_and_line(
    tmp_path: Path, data: str | bytes, line: int, said: str
) -> None:
    with pytest.raises(DataError) as refusal:
        rows_of(tmp_path, data)
    assert refusal.value.line == line
    assert str(refusal.value).startswith(f"{tmp_path / 'rows.csv'}:{line}: ")
    assert said in str(refusal.value)


def test_a_file_that_is_missing_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_rows(tmp_path / "none.csv")
