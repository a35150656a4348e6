"""The table of faults as docs/reliability.md has it.

`python -m tests.faults.document` writes it there anew.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.faults.fault import Fault
from tests.faults.table import FAULTS, GROUPS

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- faults -->", "<!-- end of faults -->"


def tables() -> str:
    """Give the whole table, a part for each group."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"{len(FAULTS)} faults, each played and checked by `tests/faults`."
    for group in GROUPS:
        yield from ("", f"### {group.title}", "")
        yield from ("| what goes wrong | named | what a person reads |", "| --- | --- | --- |")
        yield from (_row(fault) for fault in group.faults)


def _row(fault: Fault) -> str:
    said = _escaped(fault.says) if fault.says else "–"
    if fault.says[:1].islower():
        said = f"… {said}"
    return f"| {_escaped(fault.name)} | {fault.named} | {said} |"


def _escaped(text: str) -> str:
    for character in "\\|<*_":
        text = text.replace(character, f"\\{character}")
    return text


def written(document: str) -> str:
    """Give the document with the table in its place."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables()}{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
