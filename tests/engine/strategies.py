"""What people may type into a Form, for hypothesis."""

from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st

from gms_console.model.form import Row
from tests.engine.helpers import file_with

# What breaks encoders comes as often as all other characters.
_AWKWARD = st.sampled_from("\"\r\n%&=+;\\'\t -\x00\x0b\x1c\x85\u2028\ufeffé€😀")
_CHARACTER = st.one_of(st.characters(codec="utf-8"), _AWKWARD)

texts = st.text(_CHARACTER, max_size=30) | st.sampled_from(["", "\r\n", "\n--", "%22", "a=b&c"])
keys = st.text(_CHARACTER, min_size=1, max_size=12) | st.sampled_from(["_phone_number", "a", "b"])
content_types = st.sampled_from([None, "image/png", "text/plain; charset=utf-8", "a/b;c=d"])


def _is_file_name(name: str) -> bool:
    return name not in {".", ".."} and len(name.encode()) <= 255


file_names = (
    st.text(_CHARACTER, min_size=1, max_size=30)
    .map(lambda name: name.replace("/", "_").replace("\0", "_"))
    .filter(_is_file_name)
)


@dataclass(frozen=True)
class Typed:
    """A row as it was typed; a file among its fields is not on the disk yet."""

    row: Row
    content: bytes | None = None
    disk_name: str = ""

    def put(self, folder: Path) -> Row:
        """Give the Row, its file written into the folder."""
        if self.content is None:
            return self.row
        return replace(self.row, file=file_with(folder, self.disk_name, self.content))


def rows_in(folder: Path, typed: list[Typed]) -> tuple[Row, ...]:
    """Give the Rows, each file in a folder of its own so that names may repeat."""
    return tuple(one.put(folder / str(place)) for place, one in enumerate(typed))


text_rows = st.builds(
    Typed, st.builds(Row, key=keys, value=texts, enabled=st.booleans(), note=texts)
)
typed_text_rows = st.builds(
    Typed, st.builds(Row, key=keys, value=texts, content_type=content_types)
)
file_rows = st.builds(
    Typed,
    st.builds(Row, key=keys, content_type=content_types, filename=st.none() | texts),
    content=st.binary(max_size=60) | st.sampled_from([b"\r\n", b"\r\n--", b"--"]),
    disk_name=file_names,
)
