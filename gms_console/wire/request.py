"""A request that is ready to go: what a preview shows is what the client sends."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from gms_console import __version__
from gms_console.model.draft import Draft
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import HeaderList, Operation, OperationKind
from gms_console.model.form import Form
from gms_console.redaction import MASK
from gms_console.wire.body import Body, BodyKind
from gms_console.wire.encode import encode, json_body
from gms_console.wire.query import BODYLESS, encode_query

CALLBACK_PREFIX = "callback/"
"""Callback services are created below this (domain: documented, Callback Services API)."""

REQUEST_PATH = "{id}/{request}"
"""Where a service-specific request goes, below `/genesys/1/service/` (reference page)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """Method, URL, headers in order and Body: all that will go out, and nothing else.

    `secret_headers` (lower case) are masked wherever the request is shown. `environment` and
    `node` are names, and `environment` is empty for a base URL that was typed. `form` has the
    rows that Body and query were made of; `draft` what a person typed, for the Exchange to keep.
    """

    operation: Operation
    method: str
    url: str = field(repr=False)
    headers: HeaderList = field(repr=False)
    body: Body
    secret_headers: frozenset[str] = frozenset()
    environment: str = ""
    node: str = ""
    http_version: str = "HTTP/1.1"
    form: Form | None = field(default=None, repr=False)
    draft: Draft | None = field(default=None, repr=False)

    @property
    def shown_headers(self) -> HeaderList:
        """The headers with secrets masked, as an Exchange keeps them."""
        return shown_headers(self.headers, self.secret_headers)

    @property
    def target(self) -> str:
        """The request target, as it stands in the request line."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def head(self) -> str:
        """The request line and headers as they go out, secrets masked, lines ended by CR LF."""
        lines = [f"{self.method} {self.target} {self.http_version}"]
        lines += [f"{name}: {value}" for name, value in self.shown_headers]
        return "".join(f"{line}\r\n" for line in (*lines, ""))

    def preview(self) -> str:
        """The whole request as text, each file's content as a placeholder."""
        return self.head() + self.body.preview()


def prepare_create(
    environment: Environment,
    service: str,
    form: Form | None = None,
    *,
    method: str = "POST",
    kind: BodyKind = BodyKind.AUTO,
    boundary: str | None = None,
    asks: bool = False,
) -> PreparedRequest:
    """Prepare `POST {base}/1/service/{service}` (reference page, Create).

    `service` may be `callback/{name}`: callback services are created there (domain: documented).
    One that begins with `/` is a path from the base path on, such as `/2/chat/{name}`; by GET it
    only asks, as far as GMS is known to read there by GET.
    Calendar and capacity services are asked by GET, with the rows in the address; `asks` says that
    this is one of them, which creates nothing.
    Raises FormRefusedError and PathSegmentError; nothing has been sent then.
    """
    segments = service_segments(service)
    own = service.startswith("/") and method.upper() == "GET"
    asks = asks or (own and _is_read_by_get(segments))
    return _prepare(
        environment,
        Operation(kind=OperationKind.CREATE, service=service, asks=asks),
        environment.service_url(*segments),
        _Content(form or Form(), kind, boundary),
        method=method,
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
    path: str = REQUEST_PATH,
) -> PreparedRequest:
    """Prepare `POST {base}/1/service/{id}/{request}` (reference page, Service specific Request).

    `cookie` is the instance's Cookie header, when it has one. `path` is another place below
    `/1/service/`, as the callback API has them, or below the base path if it begins with `/`.
    Raises FormRefusedError and PathSegmentError; nothing has been sent then.
    """
    segments = request_segments(operation, path)
    if path != REQUEST_PATH and method.upper() == "GET" and _is_read_by_get(segments):
        operation = replace(operation, asks=True)
    return _prepare(
        environment,
        operation,
        environment.service_url(*segments),
        _Content(form or Form(), kind, boundary),
        method=method,
        cookie=cookie,
    )


def prepare_document(
    environment: Environment,
    operation: Operation,
    path: str,
    document: object,
    *,
    method: str = "POST",
) -> PreparedRequest:
    """Prepare a request whose body is JSON that rows cannot say, such as one with lists.

    `path` is as in `prepare_request`. Raises PathSegmentError; nothing has been sent then.
    """
    return _prepare(
        environment,
        operation,
        environment.service_url(*request_segments(operation, path)),
        _Content(Form(), BodyKind.JSON, None, document),
        method=method,
    )


def prepare_url(
    environment: Environment,
    operation: Operation,
    url: str,
    *,
    method: str = "POST",
    cookie: str | None = None,
) -> PreparedRequest:
    """Prepare a request without rows to an address that GMS gave, as a dialog's choice sends it.

    `environment` is that of the address; its headers go along (domain 3.2).
    """
    nothing = _Content(Form(), BodyKind.NONE, None)
    return _prepare(environment, operation, url, nothing, method=method, cookie=cookie)


def shown_headers(headers: HeaderList, secret: frozenset[str]) -> HeaderList:
    """Mask the values of the headers named in `secret`; the scheme of Authorization stays."""
    return tuple(
        (name, _masked(value) if name.lower() in secret else value) for name, value in headers
    )


def _masked(value: str) -> str:
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} {MASK}" if blank and scheme in {"Basic", "Bearer"} else MASK


def service_segments(service: str) -> tuple[str, ...]:
    """Give the path segments of a service name; only `callback/` is a segment of its own.

    A name that begins with `/` is a path from the base path on: its first segment is empty.
    """
    if service.startswith("/"):
        return tuple(service.split("/"))
    if not service.startswith(CALLBACK_PREFIX):
        return (service,)
    return (CALLBACK_PREFIX.rstrip("/"), execution_name(service))


def execution_name(service: str) -> str:
    """Give the execution name of a service as it stands in an address, such as `callme`."""
    return service.removeprefix(CALLBACK_PREFIX)


def request_segments(operation: Operation, path: str = REQUEST_PATH) -> tuple[str, ...]:
    """Fill `{service}`, `{id}` and `{request}` of a path in; give its segments, not yet quoted.

    Raises PathSegmentError where the first of them is not known: an empty segment in front would
    lead away from services.
    """
    known: dict[str, tuple[str, ...]] = {
        "{service}": service_segments(operation.service),
        "{id}": (operation.instance_id,),
        "{request}": (operation.request,),
    }
    first = path.partition("/")[0]
    if known.get(first) == ("",):
        raise PathSegmentError("The name is empty; type the name of a service or request.")
    return tuple(segment for part in path.split("/") for segment in known.get(part, (part,)))


def _is_read_by_get(segments: tuple[str, ...]) -> bool:
    """Whether a GET is known to change nothing there, as in the APIs of domain 4.

    GMS takes a GET for a create, a request on an instance and a chat just as a POST (domain 1.2,
    4.3); below services only callbacks and stored data are read by it. A node is set online or
    offline by no GET, and whoever types one means to change it.
    """
    if segments[0]:
        return segments[0] == "callback" or segments[1:2] == ("storage",)
    if segments[2:3] == ("service",):
        return _is_read_by_get(segments[3:]) if segments[3:] and segments[3] else False
    return segments[2:3] != ("chat",) and "changestatus" not in segments


@dataclass(frozen=True, slots=True)
class _Content:
    """Rows that are to be sent, and how."""

    form: Form
    kind: BodyKind
    boundary: str | None
    document: object = None

    def encoded(self, method: str) -> tuple[str, Body]:
        """Give the query and the Body."""
        if self.document is not None:
            return "", json_body(self.document)
        if method in BODYLESS and self.kind is BodyKind.AUTO:
            return encode_query(self.form, method), Body(BodyKind.NONE, None)
        return "", encode(self.form, self.kind, boundary=self.boundary)


def _prepare(
    environment: Environment,
    operation: Operation,
    url: str,
    content: _Content,
    *,
    method: str = "POST",
    cookie: str | None = None,
) -> PreparedRequest:
    method = method.upper()
    query, body = content.encoded(method)
    url = f"{url}?{query}" if query else url
    headers = _headers(environment, cookie)
    secret = environment.secret_headers
    names = {name.lower() for name, _ in headers}
    authorization = environment.credentials.header(execution_name(operation.service))
    if authorization is not None and "authorization" not in names:
        headers.append(("Authorization", authorization))
        secret |= {"authorization"}
    if body.content_type is not None:
        headers.append(("Content-Type", body.content_type))
    if body.size or method not in BODYLESS:
        headers.append(("Content-Length", str(body.size)))
    return PreparedRequest(
        operation=operation,
        method=method,
        url=url,
        headers=tuple(headers),
        body=body,
        secret_headers=secret,
        environment=environment.name,
        node=environment.node,
        http_version="HTTP/2" if _speaks_http2(environment) else "HTTP/1.1",
        form=content.form,
    )


def _headers(environment: Environment, cookie: str | None) -> list[tuple[str, str]]:
    """Give the headers that do not depend on the Body, in the order that they go out."""
    own = {name.lower() for name, _ in environment.headers}
    # Host comes first whoever sets it: h11 sends it so.
    host = [pair for pair in environment.headers if pair[0].lower() == "host"]
    headers = [
        ("User-Agent", f"GMS-Console/{__version__}"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, deflate"),
    ]
    if not _speaks_http2(environment):
        headers.append(("Connection", "keep-alive"))
    headers = [pair for pair in headers if pair[0].lower() not in own]
    headers += [pair for pair in environment.headers if pair[0].lower() != "host"]
    headers[:0] = host or [("Host", urlsplit(environment.origin).netloc)]
    if cookie and "cookie" not in own:
        headers.append(("Cookie", cookie))
    return headers


def _speaks_http2(environment: Environment) -> bool:
    """Whether HTTP/2 is offered; GMS chooses in the TLS handshake, so plain HTTP has none."""
    return environment.http2 and environment.scheme == "https"
