"""Compares the bodies of two answers: by structure, by lines, or by size and hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from gms_console.comparison.alignment import Aligner
from gms_console.comparison.document import NotJsonError, Reader, Value, cut, texts_of
from gms_console.comparison.rules import IgnoreRules
from gms_console.comparison.structure import Structure
from gms_console.comparison.types import Change, DiffNode, Side
from gms_console.model.exchange import Response
from gms_console.model.reading import charset_of, is_announced_json, known_charset, whole_body
from gms_console.sizes import size_text

LARGEST = 16 * 1024**2
"""Bytes of a body that is compared by what is in it."""

MOST_LINES = 20_000
"""Lines that are listed; all are counted."""

Line = tuple[Change, str | None, str | None]


@dataclass(slots=True)
class BodyDifference:
    """What two bodies tell; as in a Comparison."""

    node: DiffNode | None = None
    lines: tuple[Line, ...] = ()
    differences: int = 0
    ignored: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Read:
    """A body as it is compared; `text` None where it is none, `why` says why it is no JSON."""

    data: bytes
    text: str | None = None
    value: Value = None
    is_json: bool = False
    why: str = ""


def compare_bodies(left: Response, right: Response, rules: IgnoreRules) -> BodyDifference:
    """Compare two bodies. Never raises."""
    if max(left.size, right.size) > LARGEST:
        return _by_hash(left, right, f"Bodies of more than {size_text(LARGEST)}")
    data: list[bytes] = []
    for side, response in ((Side.LEFT, left), (Side.RIGHT, right)):
        try:
            data.append(whole_body(response))
        except OSError as error:
            reason = error.strerror or str(error)
            note = f"The {side} body cannot be read any more: {reason}. Send the request again."
            return BodyDifference(notes=[note])
    reader = Reader()
    found = _compare_read(
        _read(left, data[0], reader), _read(right, data[1], reader), reader, rules
    )
    reader.release()
    return found or _by_hash(left, right, "Bytes that are no text")


def _compare_read(
    left: _Read, right: _Read, reader: Reader, rules: IgnoreRules
) -> BodyDifference | None:
    """Compare what was read; None for bytes that are no text."""
    if left.is_json and right.is_json:
        structure = Structure(reader, rules)
        node = structure.compare(left.value, right.value)
        notes = list(structure.notes)
        return BodyDifference(node, (), node.differences, structure.ignored, notes)
    if left.text is None or right.text is None:
        return None
    return _by_lines(left, right) if left.data or right.data else BodyDifference()


def _read(response: Response, data: bytes, reader: Reader) -> _Read:
    text = data.decode(known_charset(charset_of(response) or "utf-8"), "replace")
    text = text.removeprefix("\ufeff")
    if "\0" in text or text.count("\ufffd") > len(text) // 10:
        return _Read(data)
    if not text.strip():
        return _Read(data, text, why="empty")
    if not is_announced_json(response) and text.lstrip()[:1] not in {"{", "["}:
        return _Read(data, text, why="no JSON")
    try:
        return _Read(data, text, reader.read(text), is_json=True)
    except NotJsonError as error:
        return _Read(data, text, why=f"broken JSON, {error}")


def _by_hash(left: Response, right: Response, what: str) -> BodyDifference:
    """Compare sizes and hashes, and say of what."""
    first, second = _hash(left), _hash(right)
    differs = first != second
    sizes = f"{left.size:,} bytes", f"{right.size:,} bytes"
    lines: tuple[Line, ...] = (
        (Change.SAME if left.size == right.size else Change.CHANGED, *sizes),
        (
            Change.CHANGED if differs else Change.SAME,
            f"SHA-256 {first}",
            f"SHA-256 {second}",
        ),
    )
    note = f"{what} are compared by size and SHA-256 only."
    if differs:
        note += " To see what differs, save both answers and compare the files."
    return BodyDifference(lines=lines, differences=int(differs), notes=[note])


def _hash(response: Response) -> str:
    if response.stored is not None:
        return response.stored.sha256
    return hashlib.sha256(response.body).hexdigest()


def _by_lines(left: _Read, right: _Read) -> BodyDifference:
    mine, theirs = (left.text or "").splitlines(), (right.text or "").splitlines()
    found = Aligner(find_moves=False).align(mine, theirs, lambda _i, _j: 0.0)
    lines: list[Line] = []
    differences = 0
    for i, j in found.rows:
        line = _line(None if i is None else mine[i], None if j is None else theirs[j])
        differences += line[0] is not Change.SAME
        if len(lines) < MOST_LINES:
            lines.append(line)
    result = BodyDifference(None, tuple(lines), differences)
    for side, read in ((Side.LEFT, left), (Side.RIGHT, right)):
        if read.why not in {"", "no JSON"}:
            result.notes.append(f"The {side} body is {read.why}.")
    if (left.is_json or right.is_json) and left.text and right.text:
        result.notes.append("As only one of them is JSON, they are compared line by line.")
    if not differences and left.data != right.data:
        result.differences = 1
        result.notes.append("The lines are the same; the bytes differ in line ends or encoding.")
    if not found.exact:
        result.notes.append("There are too many lines to find the best match of those that repeat.")
    if len(found.rows) > MOST_LINES:
        result.notes.append(f"The first {MOST_LINES:,} lines are listed; all are counted.")
    return result


def _line(left: str | None, right: str | None) -> Line:
    if left is None or right is None:
        change = Change.ADDED if left is None else Change.REMOVED
        return change, left and cut(left), right and cut(right)
    if left == right:
        return Change.SAME, cut(left), cut(right)
    return Change.CHANGED, *texts_of(left, right)
