"""Elements that belong together are found, whatever was added, taken out or moved."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.comparison import alignment
from gms_console.comparison.alignment import Aligner, common_subsequence

_lists = st.lists(st.integers(0, 4), max_size=10)


def longest(left: list[int], right: list[int]) -> int:
    """The length of the longest common subsequence, by the book."""
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            best = max(table[i][j + 1], table[i + 1][j])
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else best
    return table[-1][-1]


@given(_lists, _lists)
def test_the_longest_common_subsequence(left: list[int], right: list[int]) -> None:
    pairs, exact = common_subsequence(left, right)
    assert exact
    assert len(pairs) == longest(left, right)
    assert all(left[i] == right[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(st.permutations(range(8)), st.permutations(range(8)))
def test_of_elements_that_are_there_once_it_is_the_longest_at_any_size(
    left: list[int], right: list[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "MOST_BITS", 0)
        pairs, exact = common_subsequence(left, right)
    assert exact
    assert len(pairs) == longest(left, right)


@given(_lists, _lists, st.integers(0, 100))
def test_every_element_stands_in_one_row_and_no_more_differ_than_have_to(
    left: list[int], right: list[int], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "MOST_BITS", most)
        found = Aligner().align(left, right, lambda _i, _j: 0.0)
    assert sorted(i for i, _ in found.rows if i is not None) == list(range(len(left)))
    assert [j for _, j in found.rows if j is not None] == list(range(len(right)))
    same = sum(
        i is not None and j is not None and left[i] == right[j] and j not in found.moved
        for i, j in found.rows
    )
    assert same >= longest(left, right) if found.exact else same <= longest(left, right)


def test_what_is_taken_out_stands_before_what_came_in_its_place() -> None:
    rows = Aligner().align("abxd", "aed").rows
    assert rows == [(0, 0), (1, None), (2, None), (None, 1), (3, 2)]


def test_without_moves_an_element_that_went_elsewhere_is_out_and_in() -> None:
    assert Aligner(find_moves=False).align("ab", "ba").moved == set()
    assert Aligner().align("abc", "bca").moved == {2}
