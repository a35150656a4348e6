"""The Catalogue: all families, and which kind a service name belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gms_console.catalogue.kinds import Family, ServiceKind
from gms_console.wire.request import CALLBACK_PREFIX, execution_name

CALLBACK_KIND = "callback"


class Catalogue:
    """All families, in order, and the execution names that a person bound to kinds."""

    def __init__(
        self, families: tuple[Family, ...], bindings: Mapping[str, str] | None = None
    ) -> None:
        self.families = families
        self.bindings = {execution_name(name): kind for name, kind in (bindings or {}).items()}
        self._kinds = {kind.name: kind for kind in self}
        self._families = {kind.name: family for family in families for kind in family.kinds}

    def __iter__(self) -> Iterator[ServiceKind]:
        return (kind for family in self.families for kind in family.kinds)

    def named(self, kind_name: str) -> ServiceKind | None:
        """Give the kind of exactly that name, whatever is bound to it."""
        return self._kinds.get(kind_name)

    def kind(self, service: str) -> ServiceKind | None:
        """Give the kind of a service by its execution name; None for an unknown one.

        `service` may be as it stands in the URL, such as `callback/callme`. A name that a
        person bound is of the kind that it is bound to, whatever its URL.
        """
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

    def bound_names(self, kind_name: str) -> tuple[str, ...]:
        """Give the execution names that are bound to a kind, in the order of the alphabet."""
        return tuple(sorted(name for name, kind in self.bindings.items() if kind == kind_name))

    def family_of(self, kind: ServiceKind) -> Family | None:
        """Give the family that a kind stands in; None for a kind of another catalogue."""
        return self._families.get(kind.name)
