"""The VariableDesk: what `{{name}}` stands for in the window, at the request that is next."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.model.environment import Environment
from gms_console.variables import (
    Moment,
    Scope,
    VariableError,
    expand,
    expand_rows,
)

if TYPE_CHECKING:
    from gms_console.model.form import Form

    from .console import Console


class VariableDesk:
    """Expands what was typed with the variables of the environment; drafts stay as typed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._moment = Moment()

    def refresh(self) -> None:
        """Take the time as it is now; a preview that shows it is made anew with it."""
        self._moment = self._moment.at(datetime.now(UTC))

    def renew(self) -> None:
        """Begin the next request, which has its own UUID and number."""
        self._moment = self._moment.following()

    def scope(self, environment: Environment | None = None, moment: Moment | None = None) -> Scope:
        """Give the scope of an environment, by default of that which is sent to.

        What was taken from answers comes first. `moment`: of another request than the next one.
        """
        place = environment or self._console.environment
        captures, moment = self._console.captures.captures, moment or self._moment
        if place is None:
            return Scope(captures, moment=moment)
        title = place.name or place.base_url
        return Scope(captures, dict(place.variables), moment=moment, title=title)

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of the environment that is sent to, and what was taken from answers."""
        return self.scope().names

    def text(self, text: str) -> str:
        """Expand a text; one that cannot be expanded stays as it is."""
        try:
            return expand(text, self.scope())
        except VariableError:
            return text

    def path(self, path: Path) -> Path:
        """Expand a path; one that cannot be expanded stays as it is."""
        text = str(path)
        return Path(self.text(text)) if "{{" in text else path

    def rows(self, form: Form) -> Form:
        """Expand the rows of a form that can be; the others stay as typed."""
        return expand_rows(form, self.scope())[0]
