"""The Catalogue: all families, and which kind a service name belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gms_console.catalogue.kinds import Family, ServiceKind
from gms_console.wire.request import CALLBACK_PREFIX, execution_name

CALLBACK_KIND = "callback"
SLASH = "/"


class Catalogue:
    """All families, in order, and the execution names that a person bound to kinds."""

    def __init__(
        self, families: tuple[Family, ...], bindings: Mapping[str, str] | None = None
    ) -> None:
        self.families = families
        self.bindings = {execution_name(name): kind for name, kind in (bindings or {}).items()}
        self._kinds = {kind.name: kind for kind in self}
        self._families = {kind.name: family for family in families for kind in family.kinds}
        # A path that is fixed is meant before one that takes any name in its place.
        self._from_base = sorted(
            (kind for kind in self if kind.path.startswith(SLASH)),
            key=lambda kind: "{service}" in kind.path,
        )

    def __iter__(self) -> Iterator[ServiceKind]:
        return (kind for family in self.families for kind in family.kinds)

    def named(self, kind_name: str) -> ServiceKind | None:
        """Give the kind of exactly that name, whatever is bound to it."""
        return self._kinds.get(kind_name)

    def kind(self, service: str) -> ServiceKind | None:
        """Give the kind of a service by its execution name; None for an unknown one.

        `service` may be as it stands in the URL, such as `callback/callme`, or a path from the
        base path on, such as `/2/chat/sales`. A name that a person bound is of the kind that it is
        bound to, whatever its URL.
        """
        if service.startswith(SLASH):
            return self._kind_at(service)
        name = execution_name(service)
        bound = self._kinds.get(self.bindings.get(name, ""))
        if bound is not None:
            return bound
        found = self._kinds.get(name)
        if not service.startswith(CALLBACK_PREFIX):
            return found
        if found is not None and found.path.startswith(CALLBACK_PREFIX):
            return found
        return self._kinds.get(CALLBACK_KIND)

    def _kind_at(self, path: str) -> ServiceKind | None:
        """Give the kind of a path from the base path on; one that its name is bound to first."""
        fitting = [
            (kind, name) for kind in self._from_base if (name := kind.name_in(path)) is not None
        ]
        bound = (kind for kind, name in fitting if self.bindings.get(name) == kind.name)
        return next(bound, fitting[0][0] if fitting else None)

    def name_of(self, service: str) -> str:
        """Give the execution name in what stands in the URL; a path without one is its own."""
        if not service.startswith(SLASH):
            return execution_name(service)
        kind = self._kind_at(service)
        return (kind.name_in(service) if kind is not None else "") or service

    def bound_names(self, kind_name: str) -> tuple[str, ...]:
        """Give the execution names that are bound to a kind, in the order of the alphabet."""
        return tuple(sorted(name for name, kind in self.bindings.items() if kind == kind_name))

    def family_of(self, kind: ServiceKind) -> Family | None:
        """Give the family that a kind stands in; None for a kind of another catalogue."""
        return self._families.get(kind.name)
