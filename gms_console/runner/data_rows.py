"""Reads the data rows of a Run from a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from gms_console.variables import name_problem

DELIMITERS = (",", ";", "\t")
"""What may stand between two cells; the header says which."""


class DataError(ValueError):
    """A file of data rows that cannot be read; the text has file and line."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        self.file = file
        self.line = line
        super().__init__(f"{file}:{line}: {message}")


def read_rows(file: Path) -> list[dict[str, str]]:
    """Read a CSV file whose first line names the variables; UTF-8, with or without a mark.

    Cells are taken as they are, blanks too. A line without anything in it is no row.
    Raises DataError, and OSError for a file that cannot be read.
    """
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(file, line, "found a byte that is not UTF-8, expected UTF-8") from None
    rows = _lines(file, text)
    line, header = next(rows, (1, []))
    if not header:
        raise DataError(file, 1, "found nothing, expected a header that names the variables")
    _check_header(file, line, header)
    read = [_row(file, at, header, cells) for at, cells in rows]
    if not read:
        found = "no rows below the header"
        raise DataError(file, line, f"found {found}, expected one at least: each row is a run")
    return read


def _lines(file: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the lines that have something in them, each with its number in the file."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(file, begins, f"found a row that cannot be read: {error}") from None
        if cells and cells != [""]:
            yield begins, cells


def _delimiter(text: str) -> str:
    """Choose what the header has most of, outside quotes."""
    header: list[str] = []
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif character in "\r\n" and not quoted and header:
            break
        elif not quoted:
            header.append(character)
    return max(DELIMITERS, key=header.count)


def _check_header(file: Path, line: int, header: list[str]) -> None:
    seen: set[str] = set()
    for place, name in enumerate(header, start=1):
        if not name.strip():
            raise DataError(file, line, f"column {place} has no name, expected one in each column")
        problem = name_problem(name)
        if problem:
            raise DataError(file, line, f"found the column {name!r}: {problem}")
        if name in seen:
            raise DataError(file, line, f"found the column {name!r} twice, expected it once")
        seen.add(name)


def _row(file: Path, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        found = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
        raise DataError(file, line, f"found {found}, expected {len(header)} as in the header")
    return dict(zip(header, cells, strict=True))
