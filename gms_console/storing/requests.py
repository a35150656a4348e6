"""Prepares the requests of the storage API, and of the data that a service keeps (domain 4.4)."""

from __future__ import annotations

from dataclasses import dataclass

from gms_console.model.environment import Environment
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.wire.request import PreparedRequest, prepare_request

USER_HEADER = "gms_user"
"""Reading what was kept under an id of one's own takes the value that made it (since 8.5.103)."""

SHORTEST = 30
"""Seconds that GMS takes for a time to live that it cannot read (domain 1.9)."""

_MOST_DIGITS = 9


class TtlError(ValueError):
    """A time to live that would not be kept; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where data is kept: under an id of its own, or as that of a service's instance.

    `service` is that of the instance, for its credentials.
    """

    id: str
    of_service: bool = False
    service: str = ""

    @property
    def title(self) -> str:
        """What a list calls it."""
        return f"Data of {self.id}" if self.of_service else self.id


def read_ttl(text: str) -> int:
    """Read the seconds that data is to be kept. Raises TtlError."""
    typed = text.strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) > _MOST_DIGITS or not int(typed):
        raise TtlError(
            "Type how many seconds the data is kept, 1 or more; "
            f"for anything else GMS takes {SHORTEST}."
        )
    return int(typed)


def sent_user(environment: Environment) -> str:
    """Give the value of the header gms_user; empty where the environment has none."""
    headers = environment.headers
    return next((value for name, value in headers if name.lower() == USER_HEADER), "")


def prepare_new(environment: Environment, ttl: int, form: Form, own: str = "") -> PreparedRequest:
    """Prepare to keep rows and files; `own` is an id of one's own.

    Raises FormRefusedError and PathSegmentError, as all of these do; nothing has been sent then.
    """
    path = f"/1/storage/custom/{{id}}/{ttl}" if own else f"/1/storage/{ttl}"
    return _prepare(environment, Store(own), "store data", path, form=form)


def prepare_keys(environment: Environment, store: Store) -> PreparedRequest:
    """Prepare to read all keys."""
    return _prepare(environment, store, "read storage", _below(store), method="GET")


def prepare_key(
    environment: Environment, store: Store, key: str, *, binary: bool = False
) -> PreparedRequest:
    """Prepare to read one key; `binary` gives its bytes as they were sent."""
    path = _below(store, "binary/" if binary else "", "/{request}")
    return _prepare(environment, store, f"read {key}", path, key, method="GET")


def prepare_update(environment: Environment, store: Store, ttl: int, form: Form) -> PreparedRequest:
    """Prepare to add keys and change those that are there; a service's data keeps its own time."""
    path = _below(store) if store.of_service else f"/1/storage/{{id}}/{ttl}"
    return _prepare(environment, store, "update storage", path, form=form)


def prepare_delete(environment: Environment, store: Store) -> PreparedRequest:
    """Prepare to delete all keys of a storage."""
    return _prepare(environment, store, "delete storage", _below(store), method="DELETE")


def prepare_delete_key(environment: Environment, store: Store, key: str) -> PreparedRequest:
    """Prepare to delete one key of a service's data; the storage API has no such request."""
    path = _below(store, "", "/{request}")
    return _prepare(environment, store, f"delete {key}", path, key, method="DELETE")


def _below(store: Store, kind: str = "", key: str = "") -> str:
    if store.of_service:
        # The word binary stands behind that of the storage here, and before the id there.
        return f"{{id}}/storage/{kind.rstrip('/')}{key}" if kind else f"{{id}}/storage{key}"
    return f"/1/storage/{kind}{{id}}{key}"


def _prepare(
    environment: Environment,
    store: Store,
    title: str,
    path: str,
    key: str = "",
    *,
    form: Form | None = None,
    method: str = "POST",
) -> PreparedRequest:
    operation = Operation(
        kind=OperationKind.REQUEST,
        service=store.service,
        instance_id=store.id,
        request=key or title,
        label=title,
    )
    return prepare_request(environment, operation, form, method=method, path=path)
