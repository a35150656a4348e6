"""Large values are passed over in steps, and their end is found wherever it lies."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gms_console.json_text.skip import BrokenJsonError, Ends, skip_value

TEXTS = st.text(st.sampled_from('{}[]"\\ a,é'), max_size=12)
VALUES = st.recursive(
    st.none() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.integers(60_000, 700_000))
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
