"""Large values are passed over in steps, and their end is found wherever it lies."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gms_console.json_text.skip import BrokenJsonError, Ends, skip_value
from tests.engine.json_documents import VALUES

AWKWARD_TEXTS = st.text(st.sampled_from('{}[]"\\ a,é'), max_size=12)
AWKWARD = st.recursive(
    st.none() | st.integers() | AWKWARD_TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(AWKWARD_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(AWKWARD, st.integers(60_000, 700_000))
@settings(max_examples=30)
def test_the_end_of_a_large_value_is_found(value: object, size: int) -> None:
    unit = json.dumps([value])
    text = f"[{','.join([unit] * (size // len(unit)))}]".encode()
    ends: Ends = {}
    assert skip_value(text + b',{"more": 1}', 0, ends) == len(text)
    assert ends[0] == len(text)
    for start, end in ends.items():
        assert skip_value(text, start) == end
    with pytest.raises(BrokenJsonError):
        skip_value(text[:-1], 0)


@given(VALUES, st.booleans())
def test_a_value_is_passed_over_to_its_end(value: object, dense: bool) -> None:
    text = json.dumps(value, ensure_ascii=dense, indent=None if dense else 1).encode()
    assert skip_value(text + b" , {", 0) == len(text)


@pytest.mark.parametrize(
    "value",
    [
        [{"a": ['"]}\\', "x" * 90]}] * 20_000,
        {"text": '\\"' * 400_000, "deep": [[[["]"]]]] * 60_000},
        ["[" * 300_000, "}" * 300_000],
    ],
    ids=["many", "escapes", "brackets in strings"],
)
def test_a_large_value_is_passed_over_in_bulk(value: object) -> None:
    text = json.dumps(value).encode()
    assert skip_value(text + b"]", 0) == len(text)
    with pytest.raises(BrokenJsonError):
        skip_value(text[:-1], 0)


def test_ten_thousand_levels_are_passed_over() -> None:
    text = b"[" * 300_000 + b"]" * 300_000
    assert skip_value(text, 0) == len(text)
