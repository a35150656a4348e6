"""docs/reliability.md lists the faults that are played, and no others."""

from tests.faults.document import BEGIN, DOCUMENT, END, written
from tests.faults.table import FAULTS

LEAST = 40


def test_the_document_lists_the_table_as_it_is() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert document.count(BEGIN) == document.count(END) == 1
    assert document == written(document), "run `python -m tests.faults.document`"


def test_names_are_unique_and_there_are_enough() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(names) == len(set(names))
    assert len(names) >= LEAST
