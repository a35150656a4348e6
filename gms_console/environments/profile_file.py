"""Reads and writes the file of a Profile, and says what is wrong in one and where."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from gms_console.environments.profile import Profile
from gms_console.environments.profile_text import changed_text, new_text
from gms_console.mistakes import steps_of
from gms_console.whole_file import write_whole
from gms_console.yaml_text import Place, Steps, YamlTextError, parse, place_of

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MOST_SHOWN = 40

_SHOWN = frozenset(
    {
        *("gms", "colour", "guard", "api_version", "base_path", "max_body", "http"),
        *("connect", "read", "total", "mode", "verify"),
    }
)
"""Fields whose value an error may repeat; in others a password could stand wrongly."""

_EXPECTED = {
    "model_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
    "string_type": "text; put it in quotes",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "string_pattern_mismatch": "1.1 or 2",
}
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "too_short": "is empty; give one at least",
}


class ProfileError(ValueError):
    """A profile's file that cannot be used or written.

    The text names the file and, where they are known, line, column and field. It never repeats
    a value that could be a secret. `name` is that of the environment where that could be read.
    """

    def __init__(
        self, file: Path, problem: str, place: Place | None = None, field: str = "", name: str = ""
    ) -> None:
        self.file = file
        self.problem = problem
        self.place = place
        self.field = field
        self.name = name
        super().__init__(f"{', '.join(self._where())}: {problem}")

    def _where(self) -> list[str]:
        place = self.place
        return [
            self.file.name,
            *([f"line {place.line}"] if place is not None and place.line else []),
            *([f"column {place.column}"] if place is not None and place.column else []),
            *([self.field] if self.field else []),
        ]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash(str(self))


class ProfileChangedError(ProfileError):
    """A file that is no longer the one that was read; nothing was written."""


def read_profile(file: Path) -> Profile:
    """Read a profile. Raises ProfileError."""
    return profile_from(file, read_bytes(file))


def read_bytes(file: Path) -> bytes:
    """Read a file whole. Raises ProfileError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ProfileError(file, f"cannot be read: {error.strerror or error}") from None


def profile_from(file: Path, content: bytes) -> Profile:
    """Make the profile of a file's content. Raises ProfileError."""
    text = _text(file, content)
    try:
        data = parse(text)
    except YamlTextError as error:
        raise ProfileError(file, error.problem, error.place) from None
    if not isinstance(data, dict):
        problem = f"found {_kind(data)}, expected a mapping with name and nodes"
        raise ProfileError(file, problem, Place(1))
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        first: ErrorDetails = error.errors(include_url=False)[0]
        raise _refusal(file, text, data, first) from None


def write_profile(file: Path, profile: Profile) -> None:
    """Write a profile whole or not at all; of a file that is there, only what changed.

    Its comments and all that is not changed stay as they are. Raises ProfileError.
    """
    old = read_bytes(file) if file.exists() else None
    write_bytes(file, content_with(file, old, profile))


def content_with(file: Path, old: bytes | None, profile: Profile) -> bytes:
    """Give the content of a file that has `profile`; `old` is what it has now.

    Raises ProfileError for a text that cannot be changed, as with anchors in use.
    """
    if old is None:
        text = new_text(profile)
    else:
        text = changed_text(_text(file, old), profile_from(file, old), profile)
    content = text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")
    try:
        whole = profile_from(file, content) == profile
    except ProfileError:
        whole = False
    if not whole:
        raise ProfileError(file, "is written in a way that only you can edit, as with anchors")
    return content


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, in its folder, made if need be. Raises ProfileError."""
    # A link stays a link.
    target = file.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
    except OSError as error:
        raise ProfileError(file, f"cannot be written: {error.strerror or error}") from None


def stamp_of(content: bytes) -> str:
    """Give what tells one content of a file from another."""
    return sha256(content).hexdigest()


def _text(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"found the byte 0x{content[error.start]:02x}, expected text in UTF-8"
        raise ProfileError(file, problem, Place(line)) from None


def _refusal(
    file: Path, text: str, data: dict[object, object], first: ErrorDetails
) -> ProfileError:
    steps = steps_of(first)
    # What pydantic says of a key comes after the key.
    shown = steps[:-1] if steps and steps[-1] == "[key]" else steps
    field = ".".join(str(step) for step in shown)
    name = data.get("name")
    return ProfileError(
        file,
        _problem(steps, first),
        place_of(text, shown),
        field,
        name if isinstance(name, str) else "",
    )


def _problem(steps: Steps, one: ErrorDetails) -> str:
    kind, message = one["type"], one["msg"]
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    expected = _EXPECTED.get(kind, message.removeprefix("Input should be "))
    value = one["input"]
    if steps and steps[-1] in _SHOWN and isinstance(value, str | int | float):
        return f"found {str(value)[:_MOST_SHOWN]!r}, expected {expected}"
    return f"found {_kind(value)}, expected {expected}"


def _kind(value: object) -> str:
    """Say what kind of thing stands in a file, without the thing itself."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (str, "text"),
        (bool, "true or false"),
        ((int, float), "a number"),
        (list, "a list"),
        (dict, "a mapping"),
    )
    if value is None:
        return "nothing"
    return next((name for kind, name in kinds if isinstance(value, kind)), "a date")
