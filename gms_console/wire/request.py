"""A request that is ready to go: what a preview shows is what the client sends."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from gms_console import __version__
from gms_console.model.environment import Environment
from gms_console.model.exchange import HeaderList, Operation, OperationKind
from gms_console.model.form import Form
from gms_console.wire.body import Body, BodyKind
from gms_console.wire.encode import encode

_BODYLESS = {"GET", "HEAD", "DELETE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """Method, URL, headers in order and Body: all that will go out, and nothing else."""

    operation: Operation
    method: str
    url: str
    headers: HeaderList
    body: Body

    @property
    def target(self) -> str:
        """The request target, as it stands in the request line."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def head(self) -> str:
        """The request line and headers as they go out, lines ended by CR LF."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "".join(f"{line}\r\n" for line in (*lines, ""))

    def preview(self) -> str:
        """The whole request as text, each file's content as a placeholder."""
        return self.head() + self.body.preview()


def prepare_create(
    environment: Environment,
    service: str,
    form: Form | None = None,
    *,
    kind: BodyKind = BodyKind.AUTO,
    boundary: str | None = None,
) -> PreparedRequest:
    """Prepare `POST {base}/1/service/{service}` (reference page, Create).

    Raises FormRefusedError and PathSegmentError; nothing has been sent then.
    """
    return _prepare(
        environment,
        Operation(kind=OperationKind.CREATE, service=service),
        environment.service_url(service),
        encode(form or Form(), kind, boundary=boundary),
    )


def prepare_request(
    environment: Environment,
    operation: Operation,
    form: Form | None = None,
    *,
    method: str = "POST",
    kind: BodyKind = BodyKind.AUTO,
    boundary: str | None = None,
    cookie: str | None = None,
) -> PreparedRequest:
    """Prepare `POST {base}/1/service/{id}/{request}` (reference page, Service specific Request).

    `cookie` is the instance's Cookie header, when it has one.
    Raises FormRefusedError and PathSegmentError; nothing has been sent then.
    """
    return _prepare(
        environment,
        operation,
        environment.service_url(operation.instance_id, operation.request),
        encode(form or Form(), kind, boundary=boundary),
        method=method,
        cookie=cookie,
    )


def _prepare(
    environment: Environment,
    operation: Operation,
    url: str,
    body: Body,
    *,
    method: str = "POST",
    cookie: str | None = None,
) -> PreparedRequest:
    own = {name.lower() for name, _ in environment.headers}
    # Host comes first whoever sets it: h11 sends it so.
    host = [pair for pair in environment.headers if pair[0].lower() == "host"]
    headers = [
        ("User-Agent", f"GMS-Console/{__version__}"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "keep-alive"),
    ]
    headers = [pair for pair in headers if pair[0].lower() not in own]
    headers += [pair for pair in environment.headers if pair[0].lower() != "host"]
    headers[:0] = host or [("Host", urlsplit(environment.origin).netloc)]
    if cookie and "cookie" not in own:
        headers.append(("Cookie", cookie))
    if body.content_type is not None:
        headers.append(("Content-Type", body.content_type))
    if body.size or method.upper() not in _BODYLESS:
        headers.append(("Content-Length", str(body.size)))
    return PreparedRequest(
        operation=operation, method=method.upper(), url=url, headers=tuple(headers), body=body
    )
