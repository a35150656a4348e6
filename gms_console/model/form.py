"""The Form that a person edits: ordered rows of keys with text or files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path


class RowGroup(StrEnum):
    """Where GMS puts the value of a row, decided by its key alone.

    Source: reference page, Notes: parameters that begin with an underscore go to
    the service (ORS); anything else is user data and is saved in storage.
    """

    SERVICE_PARAMETER = "service parameter"
    USER_DATA = "user data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a Form: a key with a text value, or with a file when `file` is set.

    `content_type` is sent as the Content-Type of this row's part (multipart only);
    `filename` replaces the file's own name on the wire; `note` is never sent.
    """

    key: str
    value: str = ""
    file: Path | None = None
    content_type: str | None = None
    filename: str | None = None
    enabled: bool = True
    note: str = ""

    @property
    def is_file(self) -> bool:
        """Whether the row sends a file's content rather than text."""
        return self.file is not None

    @property
    def group(self) -> RowGroup:
        """Service parameter or user data, by the key's first character."""
        return RowGroup.SERVICE_PARAMETER if self.key.startswith("_") else RowGroup.USER_DATA

    @property
    def sent_filename(self) -> str:
        """The file name as it is sent; empty for a text row."""
        if self.filename is not None:
            return self.filename
        return self.file.name if self.file is not None else ""


@dataclass(frozen=True, slots=True)
class Form:
    """Ordered rows, immutable: every edit gives a new Form, so an undo is the old one.

    Keys may repeat. The order of the rows is the order on the wire.
    """

    rows: tuple[Row, ...] = ()

    @classmethod
    def of(cls, *pairs: tuple[str, str]) -> Form:
        """Make a Form of enabled text rows from (key, value) pairs."""
        return cls(tuple(Row(key=key, value=value) for key, value in pairs))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def enabled(self) -> Iterator[tuple[int, Row]]:
        """Yield (index in the Form, row) for each row that will be sent."""
        return ((index, row) for index, row in enumerate(self.rows) if row.enabled)

    def inserted(self, index: int, *rows: Row) -> Form:
        """Return a Form with `rows` put in before `index`."""
        return Form((*self.rows[:index], *rows, *self.rows[index:]))

    def removed(self, indices: Iterable[int]) -> Form:
        """Return a Form without the rows at `indices`."""
        gone = set(indices)
        return Form(tuple(row for index, row in enumerate(self.rows) if index not in gone))

    def changed(self, index: int, row: Row) -> Form:
        """Return a Form with the row at `index` replaced by `row`."""
        return Form((*self.rows[:index], row, *self.rows[index + 1 :]))

    def duplicated(self, indices: Iterable[int]) -> Form:
        """Return a Form in which a copy follows each row at `indices`."""
        chosen = set(indices)
        rows: list[Row] = []
        for index, row in enumerate(self.rows):
            rows.append(row)
            if index in chosen:
                rows.append(replace(row))
        return Form(tuple(rows))

    def moved(self, indices: Iterable[int], step: int) -> tuple[Form, list[int]]:
        """Move the rows at `indices` up (`step` -1) or down (+1) by one place.

        Returns the new Form and the new indices of the moved rows. A block that
        already touches the edge stays where it is.
        """
        order = list(range(len(self.rows)))
        chosen = set(indices)
        walk = order if step < 0 else order[::-1]
        for place in list(walk):
            target = place + step
            if order[place] not in chosen or not 0 <= target < len(order):
                continue
            if order[target] in chosen:
                continue
            order[place], order[target] = order[target], order[place]
        places = [place for place, index in enumerate(order) if index in chosen]
        return Form(tuple(self.rows[index] for index in order)), places
