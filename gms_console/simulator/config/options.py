"""Which value of an option holds for one request: the configured one, or the request's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gms_console.simulator.config.sections import items_of, number_of
from gms_console.simulator.web.forms import Form

OVERWRITABLE = "_overwritable_options"
"""The option that lists what requests may overwrite (domain: documented, since 8.5)."""

_TOKEN = re.compile(r"\$([A-Za-z0-9_.-]+)\$")


@dataclass(frozen=True)
class Options:
    """What holds for one request.

    A configured value wins unless `_overwritable_options` names it (domain: documented). An
    empty one counts as not configured, as the vendor's templates leave options empty that
    requests then give. `$name$` in a configured value stands for the request's parameter
    (domain: documented); without that parameter it stays as it is.
    """

    configured: Mapping[str, str]
    form: Form

    def text(self, name: str) -> str:
        """Return the value that holds; empty when there is none."""
        return self.ruled(name) or (self.form.param(name) or "").strip()

    def ruled(self, name: str) -> str:
        """Return the value that the configuration gives, or lets the request give."""
        asked = self.form.param(name)
        if asked is not None and name in self.overwritable():
            return asked.strip()
        return self._filled_in(self.configured.get(name, ""))

    def asked_first(self, name: str) -> str:
        """Return the request's value, or else the configured one."""
        return (self.form.param(name) or "").strip() or self.ruled(name)

    def flag(self, name: str) -> bool:
        """Return whether the value that holds says `true`."""
        return self.text(name).lower() == "true"

    def number(self, name: str, default: float) -> float:
        """Return the value that holds as a number; `default` when it is none."""
        return number_of(self.text(name) or None, default)

    def overwritable(self) -> tuple[str, ...]:
        """Return the options that the request may overwrite."""
        return items_of(self.configured.get(OVERWRITABLE, ""))

    def _filled_in(self, value: str) -> str:
        if "$" not in value:
            return value.strip()
        return _TOKEN.sub(lambda found: self._parameter(found[1], found[0]), value).strip()

    def _parameter(self, name: str, otherwise: str) -> str:
        given = self.form.param(name)
        return otherwise if given is None else given
