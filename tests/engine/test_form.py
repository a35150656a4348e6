"""What a person does with the rows of a form: each edit gives a new form, the old one stays."""

from pathlib import Path

import pytest

from gms_console.model.form import Form, Row, RowGroup

ABCD = Form.of(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"))


def keys(form: Form) -> str:
    """The keys of all rows in order."""
    return "".join(row.key for row in form)


@pytest.mark.parametrize(
    ("indices", "step", "order", "places"),
    [
        ([1], -1, "bacd", [0]),
        ([1], 1, "acbd", [2]),
        ([0], -1, "abcd", [0]),
        ([3], 1, "abcd", [3]),
        ([0, 1], -1, "abcd", [0, 1]),
        ([2, 3], 1, "abcd", [2, 3]),
        ([1, 2], -1, "bcad", [0, 1]),
        ([1, 2], 1, "adbc", [2, 3]),
        ([0, 2], -1, "acbd", [0, 1]),
        ([1, 3], 1, "acbd", [2, 3]),
        ([3, 1], -1, "badc", [0, 2]),
        ([0, 1, 2, 3], 1, "abcd", [0, 1, 2, 3]),
        ([], 1, "abcd", []),
    ],
)
def test_rows_move_by_one_place_and_stop_at_the_edge(
    indices: list[int], step: int, order: str, places: list[int]
) -> None:
    moved, now_at = ABCD.moved(indices, step)
    assert (keys(moved), now_at) == (order, places)
    assert keys(ABCD) == "abcd"


def test_moving_up_and_down_again_gives_the_same_form() -> None:
    down, places = ABCD.moved([0, 1], 1)
    assert keys(down) == "cabd"
    assert down.moved(places, -1) == (ABCD, [0, 1])


def test_no_rows_move_nowhere() -> None:
    assert Form().moved([], -1) == (Form(), [])


def test_a_copy_follows_each_chosen_row() -> None:
    assert keys(ABCD.duplicated([0, 2])) == "aabccd"
    assert keys(ABCD.duplicated([3])) == "abcdd"
    assert ABCD.duplicated([]) == ABCD
    row = Row(key="f", file=Path("x"), filename="y", note="n", enabled=False, content_type="a/b")
    assert Form((row,)).duplicated([0]).rows == (row, row)


def test_rows_are_put_in_changed_and_removed() -> None:
    new = Row(key="x")
    assert keys(ABCD.inserted(0, new)) == "xabcd"
    assert keys(ABCD.inserted(4, new, new)) == "abcdxx"
    assert keys(ABCD.inserted(2)) == "abcd"
    assert keys(ABCD.changed(3, new)) == "abcx"
    assert keys(ABCD.removed([0, 3])) == "bc"
    assert keys(ABCD.removed([])) == "abcd"
    assert len(ABCD.removed(range(4))) == 0


def test_enabled_rows_keep_the_place_they_have_in_the_form() -> None:
    off = Row(key="b", enabled=False)
    assert [(index, row.key) for index, row in ABCD.changed(1, off).enabled()] == [
        (0, "a"),
        (2, "c"),
        (3, "d"),
    ]


@pytest.mark.parametrize(
    ("key", "group"),
    [
        ("_phone_number", RowGroup.SERVICE_PARAMETER),
        ("_", RowGroup.SERVICE_PARAMETER),
        ("language", RowGroup.USER_DATA),
        ("a_b", RowGroup.USER_DATA),
        (" _a", RowGroup.USER_DATA),
        ("", RowGroup.USER_DATA),
    ],
)
def test_the_first_character_says_where_gms_puts_a_value(key: str, group: RowGroup) -> None:
    assert Row(key=key).group is group
