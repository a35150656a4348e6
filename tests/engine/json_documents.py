"""JSON documents for hypothesis, as values and as they may be written."""

import json

from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


WRITTEN = st.builds(
    lambda value, ascii_only, blanks, separators: json.dumps(
        value, ensure_ascii=ascii_only, indent=blanks, separators=separators
    ),
    VALUES,
    st.booleans(),
    st.sampled_from([None, None, 1, "\t"]),
    st.sampled_from([None, (",", ":"), (" ,\r\n", "\t: ")]),
)
