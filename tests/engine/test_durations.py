"""Times as people type them are written so that they are read the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.durations import LONGEST, DurationError, duration_text, read_duration


@given(st.floats(min_value=0, max_value=LONGEST, exclude_min=True))
def test_any_time_is_written_so_that_it_is_read_the_same(seconds: float) -> None:
    assert read_duration(duration_text(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.25, "250ms"), (1.0, "1s"), (1.5, "1.5s"), (60.0, "60s"), (0.0005, "0.0005s")],
)
def test_a_time_is_written_as_a_person_would(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize("text", ["", "soon", "-1s", "0s", "1h", "1e3", "366000000s", "1 s s"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(DurationError, match=r"^found .*, expected "):
        read_duration(text)
