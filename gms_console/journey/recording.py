"""Recordings of a session: a file of JSON lines that can be played again without network."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from gms_console import __version__
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.rules import RedactionRules, Rule
from gms_console.history.codec import exchange_from, record_of
from gms_console.journey.events import Captioned, JourneyEvent, Noted, Placed, Sent
from gms_console.model.exchange import Exchange, Response, StoredBody
from gms_console.model.reading import body_json
from gms_console.redaction import Masker

SUFFIX = ".gms-recording"
VERSION = 1

MOST_BODY = 256 * 1024
"""Bytes of a body that a recording keeps; of JSON that is longer, its small members stay."""

MOST_LINE = 8 * 1024 * 1024
MOST_EVENTS = 100_000
MOST_FILE = 256 * 1024 * 1024
"""Bounds of what is written and read; a file beyond them is refused with a sentence."""

_MARK = "gms-recording"
_BAD = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What reading raises of an event that is not as it was written."""


class RecordingError(ValueError):
    """A recording cannot be read or written; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a recording says of itself. `masked`: data of customers has pseudonyms in it."""

    started: datetime
    environment: str
    name: str = ""
    masked: bool = True

    @property
    def title(self) -> str:
        """Name it in a line, as in `Recording of 27 Nov 2026 11:40 · Simulator`."""
        return self.title_at(self.environment)

    def title_at(self, environment: str) -> str:
        """Name it where another environment is sent to than at its start."""
        when = f"{self.started.astimezone():%d %b %Y %H:%M}"
        parts = (f"Recording of {when}", environment or self.environment, self.name)
        return " · ".join(part for part in parts if part)


def recording_file(file: Path) -> Path:
    """Give the file that a name stands for: one that ends as recordings do."""
    return file if file.name.endswith(SUFFIX) else file.with_name(file.name + SUFFIX)


@dataclass(frozen=True, slots=True)
class Timed:
    """An event, and how many seconds after the start of the recording it came."""

    at: float
    event: JourneyEvent


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as it was read, its events in order; `note` says what is missing of it."""

    head: Head
    events: tuple[Timed, ...]
    note: str = ""

    @property
    def duration(self) -> float:
        """Seconds from its start to its last event."""
        return self.events[-1].at if self.events else 0.0


# --- writing -------------------------------------------------------------------------------------


class Recorder:
    """Writes a recording as it goes on: what was written stays, whatever ends the program.

    Secrets are never written; phone numbers and e-mail addresses get pseudonyms unless `masked`
    of its head is off. One thread of its own masks and writes, in order.
    """

    def __init__(
        self,
        file: Path,
        head: Head,
        secrets: Iterable[str] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        on_trouble: Callable[[str], None] | None = None,
    ) -> None:
        """Begin the file. Raises OSError when that cannot be done.

        `on_trouble` is called once, maybe in the thread that writes, when it cannot go on.
        """
        self.file = file
        self.head = head
        self.events = 0
        self.trouble = ""
        self._clock = clock
        self._on_trouble = on_trouble
        self._secrets = tuple(dict.fromkeys(secrets))
        personal = frozenset({Rule.PHONES, Rule.EMAILS})
        rules = RedactionRules(off=frozenset() if head.masked else personal)
        self._redactor = Redactor(rules, self._secrets)
        self._masker = Masker(self._secrets)
        self._begun = clock()
        self._written = 0
        self._stream: BinaryIO = file.open("wb")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recording")
        self._pending: Future[None] | None = None
        self._submit(lambda: _head_line(head))

    def add(self, event: JourneyEvent, secrets: Iterable[str] = ()) -> None:
        """Write an event; `secrets` are values that may have become known with it.

        After MOST_EVENTS it ends by itself, as with any trouble, and as a file that is full.
        """
        if self.events >= MOST_EVENTS:
            self._fail(f"It has {MOST_EVENTS:,} events, and takes no more.")
            return
        at = round(self._clock() - self._begun, 3)
        named = tuple(secrets)
        self.events += 1
        self._submit(lambda: self._line(at, event, named))

    def close(self) -> None:
        """Write what is left, and end; it blocks until that is done."""
        self._thread.shutdown(wait=True)
        with suppress(OSError):  # of a disk that is full, which was told of already
            self._stream.close()
        self._redactor.close()

    def _submit(self, make: Callable[[], dict[str, Any]]) -> None:
        self._pending = self._thread.submit(self._write, make)

    def _write(self, make: Callable[[], dict[str, Any]]) -> None:
        if self.trouble:
            return
        try:
            record = make()
            line = _line_of(record)
            if len(line) > MOST_LINE:
                when = self.head.started + timedelta(seconds=record["at"])
                text = "A request that is too long for a recording was sent"
                line = _line_of({"at": record["at"], "note": text, "when": when.isoformat()})
            if self._written + len(line) > MOST_FILE:
                size = f"{MOST_FILE // 1024**2:,} MiB"
                self._fail(f"{self.file.name} is {size} long, and takes no more.")
                return
            self._stream.write(line)
            self._stream.flush()
            self._written += len(line)
        except (OSError, *_BAD) as error:
            self._fail(f"{self.file.name} could not be written on: {error}")

    def _fail(self, text: str) -> None:
        """Write no more, and say why, once."""
        if not self.trouble:
            self.trouble = text
            if self._on_trouble is not None:
                self._on_trouble(text)

    def _line(self, at: float, event: JourneyEvent, secrets: tuple[str, ...]) -> dict[str, Any]:
        new = tuple(one for one in secrets if one not in self._secrets)
        if new:
            self._secrets += new
            self._redactor.also(new)
            self._masker = Masker(self._secrets)
        match event:
            case Captioned(text):
                return {"at": at, "caption": self._redactor.text(text)}
            case Noted(text, when):
                return {"at": at, "note": self._redactor.text(text), "when": when.isoformat()}
            case Placed(environment):
                return {"at": at, "environment": self._redactor.text(environment)}
            case Sent(exchange):
                return {"at": at, **self._exchange(exchange)}

    def _exchange(self, exchange: Exchange) -> dict[str, Any]:
        light, members = _light(exchange)
        masked = self._redactor.exchange(light)
        record: dict[str, Any] = {"exchange": record_of(masked, self._masker)}
        if masked.response is not None:
            record |= _body_fields(masked.response.body)
        if members is not None:
            record["members"] = self._redactor.data("", members)
        if light.response is not None and exchange.response is not None:
            record["size"] = exchange.response.size
        return record


def _line_of(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _head_line(head: Head) -> dict[str, Any]:
    return {
        _MARK: VERSION,
        "console": __version__,
        "started": head.started.isoformat(),
        "environment": head.environment,
        "name": head.name,
        "masked": head.masked,
    }


def _light(exchange: Exchange) -> tuple[Exchange, dict[str, Any] | None]:
    """Give an Exchange with a body of bounded size, and the members that a longer one had.

    Redirects and what was typed belong to no recording.
    """
    response = exchange.response
    request = exchange.request
    if len(request.body_preview) > MOST_BODY:
        request = replace(request, body_preview=request.body_preview[:MOST_BODY])
    light = replace(exchange, redirected_from=None, draft=None, request=request)
    if response is None or (response.stored is None and len(response.body) <= MOST_BODY):
        return light, None
    data, broken = body_json(response)
    members = dict(data) if isinstance(data, dict) and not broken else None
    if members is not None and len(json.dumps(members, default=str)) > MOST_BODY:
        members = {name: value for name, value in members.items() if _is_small(value)}
    cut = replace(response, body=response.body[:MOST_BODY], stored=None)
    return replace(light, response=cut), members


def _is_small(value: object) -> bool:
    return value is None or (isinstance(value, str | int | float) and len(str(value)) < 2000)


def _body_fields(body: bytes) -> dict[str, Any]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


# --- reading -------------------------------------------------------------------------------------


def read_recording(file: Path) -> Recording:
    """Read a recording whole. Raises RecordingError, which names the line, and OSError.

    A last line that was cut off, as a crash leaves one, is left out with a note.
    """
    if file.stat().st_size > MOST_FILE:
        raise RecordingError(f"{file.name} is larger than {MOST_FILE // 1024**2:,} MiB.")
    events: list[Timed] = []
    note = ""
    with file.open("rb") as stream:
        head = _read_head(file, stream.readline(MOST_LINE))
        for number, line in enumerate(iter(lambda: stream.readline(MOST_LINE + 1), b""), start=2):
            if not line.strip():
                continue
            whole = line.endswith(b"\n")
            if not whole and len(line) > MOST_LINE:
                raise RecordingError(f"{file.name}, line {number}: it is too long.")
            try:
                events.append(_read_event(line, head, events[-1].at if events else 0.0))
            except _BAD as error:
                if not whole:
                    note = f"Its last line ({number}) was cut off, and is left out."
                    break
                raise RecordingError(
                    f"{file.name}, line {number}: it is damaged. {_words(error)}"
                ) from error
            if len(events) > MOST_EVENTS:
                raise RecordingError(f"{file.name} has more than {MOST_EVENTS:,} events.")
    return Recording(head, tuple(events), note)


def _read_head(file: Path, line: bytes) -> Head:
    try:
        fields = json.loads(line)
        version = int(fields[_MARK])
    except _BAD as error:
        raise RecordingError(
            f"{file.name} is no recording of GMS Console: its first line does not say so."
        ) from error
    if version > VERSION:
        raise RecordingError(f"{file.name} was made by a later version of GMS Console.")
    try:
        started = datetime.fromisoformat(fields["started"])
        if started.tzinfo is None:
            started = started.replace(tzinfo=UTC)
        environment, name = str(fields.get("environment", "")), str(fields.get("name", ""))
        return Head(started, environment, name, bool(fields.get("masked", True)))
    except _BAD as error:
        raise RecordingError(f"{file.name}, line 1: it is damaged. {_words(error)}") from error


def _read_event(line: bytes, head: Head, before: float) -> Timed:
    fields = json.loads(line.decode("utf-8", "surrogatepass"))
    at = float(fields["at"])
    if not 0 <= at < 1e9:
        raise ValueError(f"The time {at:g} is none.")
    at = max(at, before)  # they came in this order, whatever a clock said
    if "exchange" in fields:
        return Timed(at, Sent(_read_exchange(fields)))
    if "caption" in fields:
        return Timed(at, Captioned(str(fields["caption"])))
    if "note" in fields:
        return Timed(at, Noted(str(fields["note"]), head.started + timedelta(seconds=at)))
    if "environment" in fields:
        return Timed(at, Placed(str(fields["environment"])))
    raise ValueError("It has neither an exchange nor a caption nor a note.")


def _read_exchange(fields: dict[str, Any]) -> Exchange:
    record = fields["exchange"]
    text = fields.get("body")
    body = base64.b64decode(fields["base64"]) if "base64" in fields else (text or "").encode()
    size = int(fields.get("size", len(body)))
    stored: StoredBody | None = None
    if "members" in fields:
        stored = StoredBody(Path(), size, "", dict(fields["members"]))
    exchange = exchange_from(record, body, stored, None)
    moment, response = exchange.started, exchange.response
    if moment.tzinfo is None:
        raise ValueError("Its time has no zone.")
    if response is not None and not isinstance(response, Response):
        raise TypeError("Its answer is none.")
    return exchange


def _words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}."
    if isinstance(error, KeyError):
        return f"It has no {error.args[0]}."
    return str(error) or type(error).__name__
