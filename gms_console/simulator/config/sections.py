"""Sections and options, as an administrator of GMS knows them."""

from collections.abc import Mapping

SERVICE = "service."
"""What the section of a configured service begins with (domain: documented)."""

DEFAULT = "default."
"""What a section begins with whose options hold for all services of a kind, unless a service has
its own; `default.callback` for those with `_service: callback`. This simulator's own idea."""

_NOTHING: Mapping[str, str] = {}


class Sections:
    """The options in force, by section; all values are text, as in GMS. Never changes."""

    def __init__(self, sections: Mapping[str, Mapping[str, str]]) -> None:
        self._sections = {name: dict(options) for name, options in sections.items()}
        self._services = {
            name.removeprefix(SERVICE): self._with_defaults(options)
            for name, options in self._sections.items()
            if name.startswith(SERVICE)
        }

    def section(self, name: str) -> Mapping[str, str]:
        """Return a section's options; none for a section that is not there."""
        return self._sections.get(name, _NOTHING)

    def text(self, section: str, option: str, default: str = "") -> str:
        """Return an option; `default` when it is not there."""
        return self.section(section).get(option, default)

    def flag(self, section: str, option: str, *, default: bool = False) -> bool:
        """Return whether an option says `true`."""
        found = self.section(section).get(option)
        return default if found is None else found.strip().lower() == "true"

    def number(self, section: str, option: str, default: float) -> float:
        """Return an option as a number; `default` when it is not there, or is none."""
        return number_of(self.section(section).get(option), default)

    def items(self, section: str, option: str) -> tuple[str, ...]:
        """Return the entries of an option that is a list, written with commas."""
        return items_of(self.section(section).get(option, ""))

    def service(self, name: str) -> Mapping[str, str] | None:
        """Return the options of a configured service, its kind's defaults among them.

        None for a service that is not configured.
        """
        return self._services.get(name)

    def kind(self, name: str) -> str:
        """Return the `_service` of a configured service; empty for one that is not."""
        return self._services.get(name, _NOTHING).get("_service", "")

    def services(self, kind: str) -> tuple[str, ...]:
        """Return the names of the services whose `_service` is that, in their order."""
        return tuple(
            name for name, options in self._services.items() if options.get("_service") == kind
        )

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return what stands behind a prefix such as `chat.` in the names of sections."""
        return tuple(
            name.removeprefix(prefix) for name in self._sections if name.startswith(prefix)
        )

    def _with_defaults(self, options: Mapping[str, str]) -> Mapping[str, str]:
        return {**self.section(f"{DEFAULT}{options.get('_service', '')}"), **options}


def items_of(text: str) -> tuple[str, ...]:
    """Return the entries of a list that is written with commas."""
    return tuple(item for part in text.split(",") if (item := part.strip()))


def number_of(text: str | None, default: float) -> float:
    """Return a number as text gives it; `default` for none, and for what is no finite one."""
    try:
        number = float(text) if text is not None else default
    except ValueError:
        return default
    return number if abs(number) < float("inf") else default
