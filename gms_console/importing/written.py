"""An import as a flow file: what could not be carried over stands in comments at its top."""

from __future__ import annotations

import textwrap

from gms_console.flow.writing import flow_text
from gms_console.importing.types import Imported
from gms_console.shell_text import in_comment

_WIDTH = 96


def imported_text(imported: Imported, source: str = "") -> str:
    """Write the flow file; `source` is what it was made of, such as a file's name."""
    lines = [f"Imported from {source}." if source else "Imported."]
    if imported.base_urls:
        lines.append(
            "A flow has no address of its own; these requests went to: "
            f"{', '.join(imported.base_urls)}"
        )
    if imported.left_out:
        lines += ["Not carried over, or changed:", *(f"- {one}" for one in imported.left_out)]
    comments = "".join(f"# {line}\n" for one in lines for line in _wrapped(one))
    return f"{comments}\n{flow_text(imported.flow)}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        in_comment(text),
        _WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
