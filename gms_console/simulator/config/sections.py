"""Sections and options, as an administrator of GMS knows them."""

from collections.abc import Mapping

SERVICE = "service."
"""What the section of a configured service begins with (domain: documented)."""

_NOTHING: Mapping[str, str] = {}


class Sections:
    """The options in force, by section; all values are text, as in GMS. Never changes."""

    def __init__(self, sections: Mapping[str, Mapping[str, str]]) -> None:
        self._sections = {name: dict(options) for name, options in sections.items()}

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
        try:
            return float(self.section(section)[option])
        except (KeyError, ValueError):
            return default

    def service(self, name: str) -> Mapping[str, str] | None:
        """Return the options of a configured service; None for one that is not."""
        return self._sections.get(f"{SERVICE}{name}")

    def services(self, kind: str) -> tuple[str, ...]:
        """Return the names of the services whose `_service` is that, in their order."""
        return tuple(
            section.removeprefix(SERVICE)
            for section, options in self._sections.items()
            if section.startswith(SERVICE) and options.get("_service") == kind
        )
