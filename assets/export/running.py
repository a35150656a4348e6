"""Part of exported Python scripts: carries out steps, one after the other, as GMS Console does."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import sys
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import quote, urlencode

from .reading import (
    captured_text,
    find,
    holds,
    id_of,
    is_transient,
    problem_of,
    read_json,
    rule_text,
    shown,
)

Rule = tuple[str, str, Any]


class StepFailed(Exception):
    """A step that did not pass; `code` is the exit code."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


class File(NamedTuple):
    """A row with a file."""

    path: Path
    type: str
    name: str


class Typed(NamedTuple):
    """A row with a text that has a content type of its own."""

    value: str
    type: str


class Body(NamedTuple):
    """The rows of a request, and how they are encoded."""

    kind: str
    rows: tuple[tuple[str, Any], ...] = ()

    @property
    def type(self) -> str:
        if self.kind == "urlencoded":
            return "application/x-www-form-urlencoded"
        return "application/json" if self.kind == "json" else ""

    @property
    def content(self) -> bytes:
        if self.kind == "urlencoded":
            return urlencode(self.rows).encode()
        if self.kind == "json":
            return json.dumps(dict(self.rows), ensure_ascii=False).encode()
        return b""

    def parts(self) -> list[tuple[str, tuple[Any, ...]]]:
        """Give the rows of a multipart body in their order, files read."""
        return [(key, self._part(value)) for key, value in self.rows]

    @staticmethod
    def _part(value: Any) -> tuple[Any, ...]:
        if isinstance(value, Typed):
            return (None, value.value.encode(), value.type)
        if isinstance(value, str):
            return (None, value.encode())
        try:
            return (value.name, value.path.read_bytes(), value.type)
        except OSError as error:
            raise StepFailed(5, f"{value.path}: {error.strerror}") from None


class Reply(NamedTuple):
    """What came back; `ms` is how long it took."""

    status: int
    body: bytes
    ms: float


class Variables(dict[str, str]):
    """The variables of a run; a step that asks for one without a value is not sent."""

    def __missing__(self, name: str) -> str:
        raise StepFailed(2, f"{name} has no value, so this cannot be sent")


NOTHING = Body("none")
COUNT = itertools.count(1)


def screen_of(data: Any) -> dict[str, Any] | None:
    """Give what an answer shows on the customer's phone; None where it has nothing for one."""
    fields = data if isinstance(data, dict) else {}
    inner = fields.get("dialog")
    if isinstance(inner, str) and inner.strip():
        return {"_action": "page", "path": inner}
    if isinstance(inner, dict):
        return inner
    names = ("_action", "_text", "_chatIxnAPI-CREATE-URL", "_access_number", "_access_code")
    return fields if any(fields.get(name) for name in names) else None


def url_path(*segments: str) -> str:
    return "/".join(quote(segment, safe="") for segment in segments)


class Run:
    """One run of the flow: its variables `v`, its instances, and the last answer.

    What the script talks through has a `base` URL, and a method
    `send(instance, name, method, path, body, headers, check)`, whose `path` may be a whole URL;
    `check` gives the error of a Reply, or nothing. It is told of whole polls (`polled`) and of the
    checks that a step failed (`missed`). `screens` are what the phones show.
    """

    def __init__(self, talk: Any, variables: dict[str, str]) -> None:
        self.talk = talk
        self.v = variables
        self.ids: dict[str, str] = {}
        self.screens: dict[str, dict[str, Any]] = {}
        self.reply = Reply(0, b"", 0.0)
        self.data: Any = None
        self.failures: list[str] = []
        self.counter = 0
        self.now = datetime.now(timezone.utc)
        self.uuid = ""

    def begin(self) -> dict[str, str]:
        """Begin a step: all its rows have the same time, UUID and number."""
        self.counter = next(COUNT)
        self.failures = []
        self.now = datetime.now(timezone.utc)
        self.uuid = str(uuid.uuid4())
        return self.v

    def at(self, seconds: float = 0.0) -> str:
        time_then = (self.now + timedelta(seconds=seconds)).replace(tzinfo=None)
        return f"{time_then.isoformat(timespec='milliseconds')}Z"

    def id(self, instance: str) -> str:
        if not self.ids.get(instance):
            raise StepFailed(2, f"{instance} was not created, so this cannot be sent")
        return self.ids[instance]

    def send(
        self,
        instance: str,
        name: str,
        method: str,
        path: str,
        body: Body = NOTHING,
        *,
        headers: dict[str, str] | None = None,
        asked: Sequence[int] | None = (),
    ) -> str:
        """Send a request; give the error that GMS answered with, or nothing."""
        said = [""]

        def check(reply: Reply) -> str:
            self.reply, self.data = reply, read_json(reply.body)
            said[0] = problem_of(reply.status, reply.body, self.data, asked)
            self._show(instance)
            return said[0]

        self.talk.send(instance, name, method, path, body, headers or {}, check)
        return said[0]

    def _show(self, instance: str) -> None:
        status, body, _ = self.reply
        problem = problem_of(status, body, self.data)
        screen = {} if problem else screen_of(self.data)
        if screen is not None and not (problem and is_transient(status, self.data, problem)):
            self.screens[instance] = screen

    def create(
        self, instance: str, name: str, method: str, path: str, *rest: Any, **more: Any
    ) -> None:
        """Create a service; later steps find its id by the name of the instance."""
        self.request(instance, name, method, path, *rest, **more)
        self.ids[instance] = id_of(self.data)

    def request(
        self, instance: str, name: str, method: str, path: str, *rest: Any, **more: Any
    ) -> None:
        problem = self.send(instance, name, method, path, *rest, **more)
        if problem:
            raise StepFailed(1, problem)

    def poll(
        self,
        instance: str,
        name: str,
        method: str,
        path: str,
        body: Body = NOTHING,
        *,
        headers: dict[str, str] | None = None,
        every: float,
        within: float,
        tolerate: int,
        until: list[Rule],
        fail_on: list[Rule] = [],  # noqa: B006 - never changed
        max_ms: float | None = None,
    ) -> None:
        """Repeat a request until a rule holds; `every` counts from start to start."""
        begun, errors, code, message = time.monotonic(), 0, 4, f"not reached within {within:g} s"
        reached = False
        while not reached:
            started = time.monotonic()
            try:
                problem = self.send(instance, name, method, path, body, headers=headers)
            except StepFailed as failure:
                if failure.code != 3:
                    raise
                problem = str(failure)
                self.reply, self.data = Reply(0, b"", 0.0), None
            if max_ms is not None and not problem and self.reply.ms > max_ms:
                code, message = (
                    1,
                    f"an attempt took {self.reply.ms:.0f} ms, wanted {max_ms:g} at most",
                )
                break
            errors = errors + 1 if problem else 0
            transient = is_transient(self.reply.status, self.data, problem)
            if problem and (not transient or errors > tolerate):
                code = 3 if self.reply.status == 0 else 1
                message = problem
                break
            if not problem and any(holds(self.data, *rule) for rule in until):
                reached = True
            elif not problem and any(holds(self.data, *rule) for rule in fail_on):
                message = f"came to {self.reply.body[:200]!r}"
                break
            else:
                wait = min(started + every, begun + within) - time.monotonic()
                time.sleep(max(0.0, wait))
                if time.monotonic() >= begun + within:
                    break
        words = " or ".join(rule_text(*rule) for rule in until)
        taken = time.monotonic() - begun
        self.talk.polled(f"{name} until {words}", taken, "" if reached else message)
        if not reached:
            raise StepFailed(code, message)

    def expect(self, path: str, operator: str, wanted: Any) -> None:
        """Judge a check; what fails is kept for the end of the step, which judges all of them."""
        if not holds(self.data, path, operator, wanted):
            found = shown(find(path, self.data))
            self.failures.append(f"{rule_text(path, operator, wanted)}: found {found}")

    def expect_status(self, *statuses: int) -> None:
        status = self.reply.status
        if status not in statuses:
            one = f"http {statuses[0]}"
            text = one if len(statuses) == 1 else f"http in [{', '.join(map(str, statuses))}]"
            self.failures.append(f"{text}: found {status}")

    def expect_time(self, max_ms: float) -> None:
        if self.reply.ms > max_ms:
            self.failures.append(f"time at most {max_ms:g} ms: found {self.reply.ms:.0f} ms")

    def capture(self, name: str, path: str) -> None:
        value = find(path, self.data)
        if value is None:
            self.failures.append(f"capture {name}: nothing at {path}")
        else:
            self.v[name] = captured_text(value)

    def finish(self) -> None:
        """End a step. Raises StepFailed with all checks and captures that failed."""
        if self.failures:
            message = "; ".join(self.failures)
            self.talk.missed(message)
            raise StepFailed(1, message)


Step = tuple[str, str, Callable[[Run], None]]


def carry_out(run: Run, steps: list[Step], tell: Callable[[str, str], None]) -> int:
    """Carry out steps; a failure ends the run, but for clean-up steps. Give the exit code."""
    code = 0
    stopped = False
    for title, mode, step in steps:
        if stopped and mode != "always":
            continue
        try:
            step(run)
            run.finish()
        except (StepFailed, ImportError) as failure:
            code = code or getattr(failure, "code", 2)
            stopped = stopped or mode != "keep going"
            hint = ": pip install jmespath" if isinstance(failure, ImportError) else ""
            tell(title, f"{failure}{hint}")
        except KeyboardInterrupt:
            code, stopped = 130, True
            tell(title, "interrupted")
        else:
            tell(title, "")
    return code


def data_rows() -> Iterator[dict[str, str]]:
    """Give the rows of the CSV file that DATA names, or one without values."""
    file = os.environ.get("DATA")
    if not file:
        yield {}
        return
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        give_up(5, f"{file}: {error.strerror}")
    except ValueError:
        give_up(2, f"{file}: expected UTF-8")
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    header, *rows = [cells for cells in lines if cells and cells != [""]] or [[]]
    for cells in rows:
        if len(cells) != len(header):
            give_up(2, f"{file}: found {len(cells)} cells, expected {len(header)}: {cells}")
    if not rows:
        give_up(2, f"{file}: found no row")
    for cells in rows:
        yield {name: cells[place] for place, name in enumerate(header)}


def give_up(code: int, message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(code)


def needed(name: str) -> str:
    """Give an environment variable that has to be set, such as one for a password."""
    value = os.environ.get(name)
    if value is None:
        give_up(2, f"Set the environment variable {name} first; the script says what for.")
    return value


def system(name: str) -> str:
    """Give an environment variable; a step that asks for one that is not set is not sent."""
    value = os.environ.get(name)
    if value is None:
        raise StepFailed(2, f"the environment variable {name} is not set")
    return value


def checked(variables: Callable[[dict[str, str]], dict[str, str]], row: Any) -> dict[str, str]:
    """Give the variables of a run; one without a value ends the script."""
    try:
        return variables(row)
    except StepFailed as failure:
        give_up(failure.code, str(failure))


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def bearer(token: str) -> str:
    return f"Bearer {token}"
