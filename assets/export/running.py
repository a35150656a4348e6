"""Part of exported Python scripts: carries out steps, one after the other, as GMS Console does."""

from __future__ import annotations

import csv
import json
import os
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from .reading import find, holds, id_of, is_transient, problem_of, read_json, text_of

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


NOTHING = Body("none")


def url_path(*segments: str) -> str:
    return "/".join(quote(segment, safe="") for segment in segments)


class Run:
    """One run of the flow: its variables `v`, its instances, and the last answer.

    What the script talks through has a `send(instance, name, method, path, body, headers, check)`
    method; `check` gives the error of a Reply, or nothing.
    """

    def __init__(self, talk: Any, variables: dict[str, str]) -> None:
        self.talk = talk
        self.v = variables
        self.ids: dict[str, str] = {}
        self.reply = Reply(0, b"", 0.0)
        self.data: Any = None
        self.counter = 0
        self.now = datetime.now(timezone.utc)
        self.uuid = ""

    def begin(self) -> dict[str, str]:
        """Begin a step: all its rows have the same time, UUID and number."""
        self.counter += 1
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
            return said[0]

        self.talk.send(instance, name, method, path, body, headers or {}, check)
        return said[0]

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
        words = " or ".join(f"{path} {operator} {wanted}" for path, operator, wanted in until)
        self.talk.told(
            "POLL", f"{name} until {words}", time.monotonic() - begun, "" if reached else message
        )
        if not reached:
            raise StepFailed(code, message)

    def expect(self, path: str, operator: str, wanted: Any) -> None:
        found = text_of(find(path, self.data))
        self._check(
            holds(self.data, path, operator, wanted),
            f"{path} {operator} {wanted!r}",
            f"it is {found}",
        )

    def expect_status(self, *statuses: int) -> None:
        status = self.reply.status
        self._check(status in statuses, f"http in {list(statuses)}", f"it is {status}")

    def expect_time(self, max_ms: float) -> None:
        taken = self.reply.ms
        self._check(taken <= max_ms, f"time at most {max_ms:g} ms", f"it took {taken:.0f} ms")

    def _check(self, passed: bool, text: str, found: str) -> None:
        self.talk.told("CHECK", text, 0.0, "" if passed else found)
        if not passed:
            raise StepFailed(1, f"{text}: {found}")

    def capture(self, name: str, path: str) -> None:
        value = find(path, self.data)
        if value is None:
            raise StepFailed(1, f"there is nothing to capture at {path}")
        self.v[name] = text_of(value)


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
        except StepFailed as failure:
            code = code or failure.code
            stopped = stopped or mode != "keep going"
            tell(title, str(failure))
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
    with Path(file).open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def needed(name: str) -> str:
    """Give an environment variable that has to be set, such as one for a password."""
    value = os.environ.get(name)
    if value is None:
        raise SystemExit(f"Set the environment variable {name} first; the script says what for.")
    return value


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def bearer(token: str) -> str:
    return f"Bearer {token}"
