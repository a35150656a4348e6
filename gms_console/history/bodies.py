"""Bodies of answers, each of them once: small ones in the database, others in files."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import suppress
from enum import IntEnum
from pathlib import Path

from gms_console.body_files import BodyFiles
from gms_console.history.codec import Record, pack, unpack
from gms_console.history.indexes import put_words, take_words
from gms_console.history.numbers import with_numbers
from gms_console.history.words import MOST_TEXT, as_bound, body_words
from gms_console.json_text.digest import digested
from gms_console.model.exchange import Response, StoredBody
from gms_console.model.reading import charset_in, known_charset
from gms_console.redaction import Masker

SMALL = 64 * 1024
"""Bytes of the largest body that is in the database itself."""

_PIECE = 1024 * 1024
"""Bytes that are copied at a time."""


class Place(IntEnum):
    """Where a body is: in the database as it is or packed, or in a file."""

    PLAIN = 0
    PACKED = 1
    FILE = 2


OF_FILES = f"place = {Place.FILE:d}"
"""Finds bodies in files by their index, which a value that is bound would not."""


def keep_body(
    connection: sqlite3.Connection, folder: Path, response: Response, masker: Masker
) -> tuple[int | None, int]:
    """Keep the body of an answer; give the number of its row, None for an empty one, and its size.

    Raises OSError and sqlite3.Error.
    """
    if response.stored is not None:
        stored = response.stored
        return _keep_file(connection, folder, response, stored, masker), stored.size
    data = masker.mask_bytes(response.body)
    if not data:
        return None, 0
    digest = hashlib.sha256(data).hexdigest()
    number = _known(connection, digest)
    if number is None or (len(data) > SMALL and not (folder / digest).exists()):
        if len(data) > SMALL:
            _write(folder, [data])
        if number is None:
            number = _insert(connection, digest, data, response, masker)
    return number, len(data)


def _keep_file(
    connection: sqlite3.Connection,
    folder: Path,
    response: Response,
    stored: StoredBody,
    masker: Masker,
) -> int | None:
    path = folder / stored.sha256
    if not path.exists():
        # It came while nothing was to be kept, and is in the folder of this start.
        if not stored.path.exists():
            return None  # its twin was deleted meanwhile; the rest of the Exchange is kept
        with stored.path.open("rb") as stream:
            _write(folder, iter(lambda: stream.read(_PIECE), b""))
    number = _known(connection, stored.sha256)
    if number is not None:
        return number
    with path.open("rb") as stream:
        start = stream.read(MOST_TEXT)
    columns = stored.sha256, stored.size, Place.FILE, None
    return _add(connection, columns, start, response, masker)


def _known(connection: sqlite3.Connection, digest: str) -> int | None:
    found = connection.execute("SELECT number FROM bodies WHERE sha256 = ?", (digest,)).fetchone()
    return None if found is None else int(found[0])


def _write(folder: Path, pieces: Iterable[bytes]) -> None:
    file = BodyFiles(folder).begin(Masker())
    try:
        for piece in pieces:
            file.write(piece)
        file.finish()
    except OSError:
        file.discard()
        raise


def _insert(
    connection: sqlite3.Connection, digest: str, data: bytes, response: Response, masker: Masker
) -> int:
    place, kept = Place.FILE, None
    if len(data) <= SMALL:
        packed = zlib.compress(data, 6)
        smaller = len(packed) < len(data)
        place, kept = (Place.PACKED, packed) if smaller else (Place.PLAIN, data)
    return _add(connection, (digest, len(data), place, kept), data, response, masker)


def _add(
    connection: sqlite3.Connection,
    columns: tuple[str, int, Place, bytes | None],
    start: bytes,
    response: Response,
    masker: Masker,
) -> int:
    # Masked once more: a secret may show only now that escapes and charset have been read.
    words = as_bound(masker.mask(body_words(start, response)))
    # Of most answers, the words are the body itself.
    same = columns[2] is not Place.FILE and words == as_bound(start.decode("utf-8", "replace"))
    cursor = connection.execute(
        "INSERT INTO bodies (sha256, size, place, data, words, numbers) VALUES (?, ?, ?, ?, ?, 1)",
        (*columns, None if same else pack(words)),
    )
    number = int(cursor.lastrowid or 0)
    put_words(connection, "body_words", number, with_numbers(words))
    return number


def load_body(
    connection: sqlite3.Connection, folder: Path, number: int | None, record: Record
) -> tuple[bytes, StoredBody | None, bool]:
    """Give what is in memory of a body, the file that has all of it, and whether it is there."""
    kept = None if record["response"] is None else record["response"]["stored"]
    if kept is not None:
        return _load_stored(folder, kept, _charset(record))
    if number is None:
        return b"", None, True
    found = connection.execute(
        "SELECT sha256, place, data FROM bodies WHERE number = ?", (number,)
    ).fetchone()
    if found is None:
        return b"", None, False
    digest, place, data = found
    if place != Place.FILE:
        return (zlib.decompress(data) if place == Place.PACKED else bytes(data)), None, True
    try:
        return (folder / digest).read_bytes(), None, True
    except OSError:
        return b"", None, False


def _charset(record: Record) -> str:
    headers = record["response"]["headers"]
    kinds = (value for name, value in headers if name.lower() == "content-type")
    return known_charset(charset_in(next(kinds, "")) or "utf-8")


def _load_stored(folder: Path, kept: Record, charset: str) -> tuple[bytes, StoredBody | None, bool]:
    path = folder / kept["sha256"]
    stored = StoredBody(path, kept["size"], kept["sha256"], kept["members"], kept["broken"])
    try:
        with path.open("rb") as stream:
            start = stream.read(kept["held"])
        return start, stored if kept["known"] else digested(stored, charset), True
    except OSError:
        return b"", stored, False


def size_of_files(connection: sqlite3.Connection) -> int:
    """Give the bytes of all bodies in files. Raises sqlite3.Error."""
    query = f"SELECT coalesce(sum(size), 0) FROM bodies WHERE {OF_FILES}"  # noqa: S608
    (size,) = connection.execute(query).fetchone()
    return int(size)


def delete_unused(connection: sqlite3.Connection, numbers: Iterable[int]) -> tuple[list[str], int]:
    """Delete bodies that no Exchange has any more; give the names of their files, and bytes freed.

    The files are to be deleted once the database has been written.
    """
    names: list[str] = []
    freed = 0
    for number in numbers:
        found = connection.execute(
            "SELECT sha256, size, place, data, words, numbers FROM bodies WHERE number = ?"
            " AND NOT EXISTS (SELECT 1 FROM exchanges WHERE body = bodies.number)",
            (number,),
        ).fetchone()
        if found is None:
            continue
        digest, size, place, data, words, numbers = found
        indexed = _indexed(place, data, words)
        take_words(connection, "body_words", number, with_numbers(indexed) if numbers else indexed)
        connection.execute("DELETE FROM bodies WHERE number = ?", (number,))
        if place == Place.FILE:
            names.append(digest)
        freed += (size if place == Place.FILE else len(data)) + len(words or b"")
    return names, freed


def _indexed(place: int, data: bytes | None, words: bytes | None) -> str:
    """Give the very text that was put into the index."""
    if words is not None:
        return unpack(words)
    plain = zlib.decompress(data or b"") if place == Place.PACKED else data or b""
    return as_bound(plain.decode("utf-8", "replace"))


def unlink(folder: Path, names: Iterable[str]) -> None:
    """Delete files of bodies; one that is in use elsewhere stays until the next start."""
    for name in names:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError:
            with suppress(OSError):
                os.utime(folder / name, (0, 0))  # so old that the next start takes it away
