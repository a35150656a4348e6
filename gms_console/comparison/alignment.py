"""Which elements of two sequences belong together: in place, moved, or in one of them only."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_BITS = 128 * 1024**2
"""Size of the table by which a longest common subsequence is found; it takes an eighth in bytes."""

MOST_CELLS = 100_000
"""How often one Aligner weighs two elements against each other that may be one that changed."""

MOST_ELEMENTS = 500_000
"""Elements on both sides, of those that are there twice, for which order is looked at at all."""

_MOST_OF_GAP = 400
"""The same between two elements that are in place."""

Content = Sequence[Hashable]
Pairs = list[tuple[int, int]]


@dataclass(slots=True)
class Alignment:
    """Rows in the order of the right side, with what is only on the left at its place there.

    A row has an index of the left and one of the right, or None. `moved` are indices of the right
    that stood elsewhere on the left. `exact`: nothing was too large for the best alignment.
    """

    rows: list[tuple[int | None, int | None]] = field(default_factory=list)
    moved: set[int] = field(default_factory=set)
    exact: bool = True


class Aligner:
    """Aligns sequences by what they hold; the effort for all of them together is bounded."""

    def __init__(self, *, find_moves: bool = True) -> None:
        self._find_moves = find_moves
        self._cells = MOST_CELLS

    def align(
        self, left: Content, right: Content, alike: Callable[[int, int], float] | None = None
    ) -> Alignment:
        """Align two sequences.

        `alike` says from 0 to 1 how much an element of either side has in common; elements that
        stand between the same neighbours may be one that changed. None: nothing changed within.
        """
        partner, exact = _in_place(left, right)
        anchors = sorted((i, j) for j, i in partner.items())
        moved = self._moves(left, right, partner) if self._find_moves and exact else {}
        partner |= moved
        if alike is not None:
            self._pair_gaps(anchors, (len(left), len(right)), partner, alike)
        return Alignment(in_order(len(left), len(right), partner, moved), set(moved), exact)

    def _moves(self, left: Content, right: Content, partner: dict[int, int]) -> dict[int, int]:
        """Give, by index of the right, where elements stood that are in place on neither side."""
        taken = set(partner.values())
        waiting: dict[Hashable, deque[int]] = {}
        for i, content in enumerate(left):
            if i not in taken:
                waiting.setdefault(content, deque()).append(i)
        moved = {}
        for j, content in enumerate(right):
            if j not in partner and waiting.get(content):
                moved[j] = waiting[content].popleft()
        return moved

    def _pair_gaps(
        self,
        anchors: Pairs,
        ends: tuple[int, int],
        partner: dict[int, int],
        alike: Callable[[int, int], float],
    ) -> None:
        taken = set(partner.values())
        from_left = from_right = 0
        for i, j in (*anchors, ends):
            lefts = [one for one in range(from_left, i) if one not in taken]
            rights = [one for one in range(from_right, j) if one not in partner]
            if lefts and rights:
                partner.update((b, a) for a, b in self._pair_up(lefts, rights, alike))
            from_left, from_right = i + 1, j + 1

    def _pair_up(
        self, lefts: list[int], rights: list[int], alike: Callable[[int, int], float]
    ) -> Pairs:
        cells = len(lefts) * len(rights)
        if cells == 1 or cells > min(_MOST_OF_GAP, self._cells):
            return list(zip(lefts, rights, strict=False))
        self._cells -= cells
        return _heaviest(lefts, rights, lambda a, b: 1.0 + 10.0 * alike(a, b))


def _in_place(left: Content, right: Content) -> tuple[dict[int, int], bool]:
    """Give, by index of the right, the elements that follow one another on both sides."""
    begin, most = 0, min(len(left), len(right))
    while begin < most and left[begin] == right[begin]:
        begin += 1
    end = 0
    while end < most - begin and left[-1 - end] == right[-1 - end]:
        end += 1
    partner = {place: place for place in range(begin)}
    partner.update((len(right) - 1 - one, len(left) - 1 - one) for one in range(end))
    mine, theirs = left[begin : len(left) - end], right[begin : len(right) - end]
    pairs, exact = common_subsequence(mine, theirs)
    partner.update((j + begin, i + begin) for i, j in pairs)
    return partner, exact


def common_subsequence(left: Content, right: Content) -> tuple[Pairs, bool]:
    """Give the longest common subsequence as pairs of indices; False: what was found is shorter."""
    shared = set(left) & set(right)
    mine = [i for i, content in enumerate(left) if content in shared]
    theirs = [j for j, content in enumerate(right) if content in shared]
    if not shared:
        return [], True
    if len(mine) * len(theirs) <= MOST_BITS:
        found = _by_bits([left[i] for i in mine], [right[j] for j in theirs])
        return [(mine[i], theirs[j]) for i, j in found], True
    if len(mine) + len(theirs) > MOST_ELEMENTS:
        return [], False
    once_left = Counter(left[i] for i in mine)
    once_right = Counter(right[j] for j in theirs)
    once = {one for one in shared if once_left[one] == 1 and once_right[one] == 1}
    where = {left[i]: i for i in mine if left[i] in once}
    pairs = [(where[right[j]], j) for j in theirs if right[j] in once]
    return rising(pairs), len(once) == len(shared)


def _by_bits(left: Content, right: Content) -> Pairs:
    """Find a longest common subsequence by whole rows of its table (Hyyrö 2004)."""
    if len(right) > len(left):
        return [(i, j) for j, i in _by_bits(right, left)]
    places: dict[Hashable, int] = {}
    for j, content in enumerate(right):
        places[content] = places.get(content, 0) | 1 << j
    full = (1 << len(right)) - 1
    row = full
    rows = []  # bit j is 0 where the subsequence grows by taking element j in
    for content in left:
        met = row & places.get(content, 0)
        row = ((row + met) | (row - met)) & full
        rows.append(row)
    pairs = []
    i, j = len(left), len(right)
    while i and j:
        if rows[i - 1] >> (j - 1) & 1:
            j -= 1
            continue
        i -= 1
        if i and not rows[i - 1] >> (j - 1) & 1:
            continue
        j -= 1
        pairs.append((i, j))
    return pairs[::-1]


def rising(pairs: Pairs) -> Pairs:
    """Give the longest part of pairs, in order of the right, whose left indices rise too."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (i, _) in enumerate(pairs):
        at = bisect_left(tops, i)
        before.append(last[at - 1] if at else -1)
        tops[at : at + 1] = [i]
        last[at : at + 1] = [place]
    found = []
    place = last[-1] if last else -1
    while place >= 0:
        found.append(pairs[place])
        place = before[place]
    return found[::-1]


def _heaviest(lefts: list[int], rights: list[int], weigh: Callable[[int, int], float]) -> Pairs:
    """Pair up in order so that the weights add up to the most."""
    best = [[0.0] * (len(rights) + 1) for _ in range(len(lefts) + 1)]
    weights = [[weigh(a, b) for b in rights] for a in lefts]
    for i, of_left in enumerate(weights):
        for j, weight in enumerate(of_left):
            best[i + 1][j + 1] = max(best[i][j] + weight, best[i][j + 1], best[i + 1][j])
    pairs = []
    i, j = len(lefts), len(rights)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((lefts[i], rights[j]))
    return pairs[::-1]


def in_order(
    lefts: int, rights: int, partner: Mapping[int, int], moved: Container[int]
) -> list[tuple[int | None, int | None]]:
    """Give the rows of an Alignment; what is only on the left stands before what replaced it.

    `partner` has, by index of the right, the one of the left; `moved` are those not in place.
    """
    before = [lefts] * rights
    following = lefts
    for j in range(rights - 1, -1, -1):
        if j in partner and j not in moved:
            following = partner[j]
        before[j] = following
    taken = set(partner.values())
    alone = deque(i for i in range(lefts) if i not in taken)
    rows: list[tuple[int | None, int | None]] = []
    for j, most in enumerate(before):
        while alone and alone[0] < most:
            rows.append((alone.popleft(), None))
        rows.append((partner.get(j), j))
    rows += ((i, None) for i in alone)
    return rows
