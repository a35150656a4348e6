"""The templates of the HTML report, with the one style sheet and the one script of a page."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup

_FOLDER = "reports"


class _Assets(BaseLoader):
    """Finds templates among the assets, wherever these are installed."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:  # noqa: ARG002 - jinja's signature
        text = _asset(template)
        if text is None:
            raise TemplateNotFound(template)
        return text, None, None


class Pages:
    """Renders the parts of a page; all data is escaped."""

    def __init__(self) -> None:
        """Load and compile all templates, so that a thread need not import anything later."""
        self._environment = Environment(
            loader=_Assets(),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=20,
        )
        self._templates = {
            name: self._environment.get_template(f"{name}.html.j2")
            for name in ("head", "section", "step", "poll", "exchange", "screen", "end")
        }
        # Both are ours, and no data gets into them.
        self.style = Markup(_asset("report.css"))  # noqa: S704
        self.script = Markup(_asset("report.js"))  # noqa: S704

    def render(self, name: str, **values: Any) -> str:  # noqa: ANN401 - whatever a template takes
        """Render a template."""
        return self._templates[name].render(**values)

    @property
    def hashes(self) -> tuple[str, str]:
        """Give the hashes of style and script, by which the page allows no other."""
        return _hash(self.style), _hash(self.script)


@lru_cache(maxsize=1)
def pages() -> Pages:
    """Give the templates, compiled once."""
    return Pages()


def _asset(name: str) -> str | None:
    file = files("gms_console.assets") / _FOLDER / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
