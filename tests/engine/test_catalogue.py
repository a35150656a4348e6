"""The catalogue that comes along loads whole, and a mistake in a file is named to the field."""

from pathlib import Path

import pytest

from gms_console.catalogue import CatalogueError, builtin_catalogue, load_family
from tests.engine.helpers import file_with


def test_the_built_in_catalogue_is_sound() -> None:
    catalogue = builtin_catalogue()
    kinds = list(catalogue)
    names = [kind.name for kind in kinds]
    assert len(names) == len(set(names)) >= 4
    orders = [family.order for family in catalogue.families]
    assert orders == sorted(orders)
    for kind in kinds:
        assert catalogue.kind(kind.name) is kind
        assert kind.meaning.strip()
        for entries in (kind.parameters, kind.answer, kind.requests, kind.states):
            of_kind = [entry.name for entry in entries]
            assert len(of_kind) == len(set(of_kind)), kind.name
            assert all(entry.meaning.strip() for entry in entries)
        assert kind.terminal_states <= {state.name for state in kind.states}


def test_request_interaction_of_the_reference_page() -> None:
    kind = builtin_catalogue().kind("request-interaction")
    assert kind is not None
    phone = kind.parameter("_phone_number")
    assert phone is not None
    assert (phone.type, phone.mandatory) == ("phone", True)
    assert kind.parameter("_nothing") is None
    assert {"_id", "_access_number", "_access_code"} <= {field.name for field in kind.answer}


def test_a_name_of_ones_own_has_no_kind_and_that_is_no_error() -> None:
    assert builtin_catalogue().kind("my-callme") is None


GOOD = """\
family: Mine
kinds:
  - name: one
    meaning: The first.
    provenance: documented
    parameters:
      - name: _a
        meaning: A.
        provenance: unverified
"""


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    family = load_family(file_with(tmp_path, "mine.yaml", GOOD.encode()))
    assert (family.family, [kind.name for kind in family.kinds]) == ("Mine", ["one"])


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("provenance: documented", "provenance: rumoured", 5, "kinds.0.provenance"),
        ("        provenance: unverified", "        provenance: x", 9, "kinds.0.parameters.0.prov"),
        ("        meaning: A.", "        meening: A.", 7, "kinds.0.parameters.0.meaning"),
        ("    meaning: The first.", "    meaning: [1]", 4, "kinds.0.meaning"),
        ("        name: _a", "        name: _a", 9, ""),
        ("family: Mine", "familie: Mine", 1, "family"),
        ("  - name: one\n    meaning", "  - meaning", 3, "kinds.0.name"),
        ("    provenance: documented\n", "    provenance: documented\n    typo: 1\n", 6, "typo"),
        ("    meaning: The", "    meaning: a: b", 4, ""),
        ("family: Mine", "family: [Mine", 2, ""),
        ("family: Mine", "\tfamily: Mine", 1, ""),
        ("family: Mine", "family: Mine\nfamily: Twice", 2, ""),
        ("family: Mine", "family: a\x07b", 1, ""),
        ("family: Mine", "family: *nothing", 1, ""),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(
    tmp_path: Path, old: str, new: str, line: int, field: str
) -> None:
    text = GOOD.replace(old, new)
    if text == GOOD:
        text = GOOD.replace("unverified", "guessed")
    file = file_with(tmp_path, "mine.yaml", text.encode())
    with pytest.raises(CatalogueError) as caught:
        load_family(file)
    assert f"mine.yaml, line {line}" in str(caught.value)
    assert field in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"- a\n", b"text", b"family: x\nkinds: 5\n", b"\xff\xfe"])
def test_a_file_that_is_no_family_at_all_is_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CatalogueError, match=r"mine\.yaml"):
        load_family(file_with(tmp_path, "mine.yaml", content))
