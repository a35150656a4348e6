"""Answers of the simulator, and the exception that carries a refusal to the wire."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from gms_console.simulator.web.uploads import Upload

GSG_EXCEPTION = "com.genesyslab.gsg.GSGException"
"""The general exception class in error bodies (domain: seen in the vendor's tests)."""

FORMAT_852 = "8.5.2"
"""The `error_format` in which refusals have `code` and `phrase`."""

JSON_TYPE = "application/json;charset=utf-8"
TEXT_TYPE = "text/plain;charset=utf-8"

NO_CACHE = (
    ("Cache-Control", "no-cache"),
    ("Cache-Control", "no-store"),
    ("Pragma", "no-cache"),
)
"""Headers of JSON answers; two Cache-Control lines (domain: documented example)."""


@dataclass(frozen=True)
class Answer:
    """A status, headers in order and a body, which may lie on disk."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Upload = b""

    @property
    def size(self) -> int:
        """The length of the body in bytes."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.size

    def chunks(self) -> Iterator[bytes]:
        """Yield the body piece by piece."""
        if isinstance(self.body, bytes):
            yield self.body
        else:
            yield from self.body.chunks()

    def start(self, length: int) -> bytes:
        """Return the first bytes of the body, at most `length`."""
        taken = bytearray()
        for chunk in self.chunks():
            taken += chunk[: length - len(taken)]
            if len(taken) >= length:
                break
        return bytes(taken)

    def with_header(self, name: str, value: str) -> "Answer":
        """Return the same answer with one more header line at the end."""
        return replace(self, headers=(*self.headers, (name, value)))


class GmsError(Exception):
    """A refusal: an HTTP status with `{"exception": ..., "message": ...}` as its body."""

    def __init__(
        self,
        status: int,
        message: str,
        exception: str = GSG_EXCEPTION,
        details: Mapping[str, object] | None = None,
        phrase: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.exception = exception
        self.details = dict(details or {})
        self.phrase = phrase

    def answer(self, error_format: str = "") -> Answer:
        """Return the refusal as an answer.

        GMS 8.1 to 8.5.1 says `exception` and `message`, 8.5.2 also `code` and `phrase` (domain:
        seen in the vendor's iOS library); `phrase` is that of the status unless the refusal has
        its own. `details` are the keys that some refusals carry besides.
        """
        said: dict[str, object] = {"exception": self.exception, "message": self.message}
        if error_format == FORMAT_852:
            said |= {"code": self.status, "phrase": self.phrase or _phrase(self.status)}
        return json_answer({**said, **self.details}, status=self.status)


def json_answer(data: Mapping[str, object] | Sequence[object], status: int = 200) -> Answer:
    """Return a JSON object or array with the headers that GMS puts on one."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    headers = (("Content-Type", JSON_TYPE), *NO_CACHE)
    return Answer(status, headers, body.encode("utf-8", "replace"))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def empty_answer() -> Answer:
    """Return a success that says nothing (domain: GMS answers deletes so)."""
    return Answer(200, NO_CACHE)
