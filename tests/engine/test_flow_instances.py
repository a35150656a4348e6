"""What `on` may name: an instance of the flow, or the id of one, as GMS and ORS give them."""

import pytest

from gms_console.flow.file import parse_flow
from gms_console.flow.types import FlowError

TEXT = "gms: 1\nsteps:\n  - create: s\n    as: call\n  - request: status\n    on: {}\n"


@pytest.mark.parametrize(
    "name",
    [
        "call",
        "39a98e24-b03b-4191-b756-1efe8f3b16b8",
        "FCBFY8J84GZA4VLIYMC503BNGE612EHH",
        "0001DaBMHW9A0SPV",
        '"{{id}}"',
    ],
    ids=["name", "uuid", "ors", "chat", "variable"],
)
def test_a_name_or_an_id_is_taken(name: str) -> None:
    assert parse_flow(TEXT.format(name), "f.yaml").steps[1].instance == name.strip('"')


@pytest.mark.parametrize("name", ["cal", "callback-of-the-customer", "call 39a98e24b03b4191b756"])
def test_what_is_neither_is_a_mistake(name: str) -> None:
    with pytest.raises(FlowError, match="expected the id of an instance, or a name"):
        parse_flow(TEXT.format(name), "f.yaml")
