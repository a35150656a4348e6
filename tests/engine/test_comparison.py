"""Two answers side by side: what differs in their JSON, whatever its size and depth."""

import json
from typing import Any

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.comparison import Change, Comparison, DiffNode, IgnoreRules, compare, structure
from gms_console.comparison.structure import DEEPEST
from tests.engine.helpers import exchange_with

NO_RULES = IgnoreRules()


def compared(left: str, right: str, rules: IgnoreRules = NO_RULES) -> Comparison:
    return compare(exchange_with(left.encode()), exchange_with(right.encode()), rules)


def tree(left: str, right: str, rules: IgnoreRules = NO_RULES) -> DiffNode:
    body = compared(left, right, rules).body
    assert body is not None
    return body


def told(node: DiffNode) -> list[str]:
    """What differs, a line each, as in `a.b: 1 -> 2`."""
    lines = []
    if node.change in {Change.MOVED, Change.IGNORED}:
        lines.append(f"{node.path} {node.change} {node.left} -> {node.right}")
    elif node.differences and not any(child.differences for child in node.children):
        lines.append(f"{node.path}: {node.left} -> {node.right}")
    for child in node.children:
        if child.differences or child.change is Change.IGNORED:
            lines += told(child)
    return lines


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        pytest.param('{"a": 1}', '{"a": 2}', ["a: 1 -> 2"], id="a value"),
        pytest.param('{"a": 1}', '{"b": 1}', ["a: 1 -> None", "b: None -> 1"], id="a name"),
        pytest.param('{"a": "1"}', '{"a": 1}', ['a: "1" -> 1'], id="a text and a number"),
        pytest.param('{"a": true}', '{"a": 1}', ["a: true -> 1"], id="a word and a number"),
        pytest.param('{"a": null}', "{}", ["a: null -> None"], id="null is a value"),
        pytest.param('{"a": 1.0}', '{"a": 1.00}', ["a: 1.0 -> 1.00"], id="digits"),
        pytest.param(
            '{"a": 12345678901234567890123}',
            '{"a": 12345678901234567890124}',
            ["a: 12345678901234567890123 -> 12345678901234567890124"],
            id="more digits than a float has",
        ),
        pytest.param('{"a": {}}', '{"a": []}', ["a: {0} -> [0]"], id="an object and an array"),
        pytest.param(
            '{"a": {"b": [1]}}', '{"a": {"b": [2]}}', ["a.b[0]: 1 -> 2"], id="deep within"
        ),
        pytest.param(
            '{"a b": {"c-d": 1, "é\\n": 1}}',
            '{"a b": {"c-d": 2, "é\\n": 2}}',
            ['"a b"."c-d": 1 -> 2', '"a b"."é\\n": 1 -> 2'],
            id="names that need quotes",
        ),
        pytest.param(
            '{"a": 1, "a": 2, "a": 3}',
            '{"a": 1, "a": 4}',
            ["a: 2 -> 4", "a: 3 -> None"],
            id="a name several times",
        ),
        pytest.param("1", "2", [": 1 -> 2"], id="documents without brackets"),
        pytest.param("[1, 2, 3]", "[1, 3]", ["[1]: 2 -> None"], id="an element less"),
        pytest.param("[1, 3]", "[1, 2, 3]", ["[1]: None -> 2"], id="an element more"),
        pytest.param("[1, 2, 3]", "[1, 9, 3]", ["[1]: 2 -> 9"], id="an element that changed"),
        pytest.param("[1, 2, 3]", "[2, 3, 1]", ["[2] moved 1 -> 1"], id="an element that moved"),
        pytest.param(
            '[{"a": 1, "b": 1}, {"c": 1}]',
            '[7, {"a": 1, "b": 2}, {"c": 1}]',
            ["[0]: None -> 7", "[1].b: 1 -> 2"],
            id="a changed element is found again by what it has left",
        ),
    ],
)
def test_what_differs(left: str, right: str, lines: list[str]) -> None:
    found = compared(left, right)
    assert found.body is not None
    assert told(found.body) == lines
    assert found.differences == found.body.differences == len(lines)
    assert found.note == ""


@pytest.mark.parametrize("key", ["_id", "id", "name", "key"])
def test_elements_are_known_again_by_what_identifies_them(key: str) -> None:
    left = json.dumps([{key: n, "v": n} for n in "abcd"])
    right = json.dumps([{key: "d", "v": "new"}, {key: "a", "v": "a"}, {key: "c", "v": "c"}])
    root = tree(left, right)
    assert told(root) == [
        "[0] moved {2} -> {2}",
        '[0].v: "d" -> "new"',
        "[1]: {2} -> None",
    ]
    assert root.children[0].moved_from == 3
    assert root.differences == 3


def test_ids_that_are_made_anew_identify_nothing() -> None:
    left = '[{"_id": 1, "v": "a"}, {"_id": 2, "v": "b"}]'
    right = '[{"_id": 3, "v": "a"}, {"_id": 4, "v": "c"}]'
    assert told(tree(left, right, IgnoreRules(("_id",)))) == [
        "[0] ignored {2} -> {2}",
        "[0]._id ignored 1 -> 3",
        "[1]._id ignored 2 -> 4",
        '[1].v: "b" -> "c"',
    ]


def test_the_order_of_members_and_blanks_is_no_difference() -> None:
    found = compared('{"a": 1, "b": {"c": 1, "d": [2]}}', '{"b":{"d":[2],"c":1},"a":1}')
    assert found.differences == 0
    assert found.body is not None
    assert found.body.change is Change.SAME
    assert [child.label for child in found.body.children] == ["a", "b"]


def test_escapes_are_no_difference_but_what_they_stand_for() -> None:
    assert compared('{"a": "\\u00e9\\/"}', '{"\\u0061": "é/"}').differences == 0
    assert told(tree('["\\ud83d"]', '["\\ude00"]')) == ['[0]: "\\ud83d" -> "\\ude00"']


def test_what_is_on_one_side_only_is_one_difference_and_can_be_read() -> None:
    root = tree('{"a": 1}', '{"a": 1, "dialog": {"items": [1, 2]}}')
    added = root.children[1]
    assert (added.change, added.left, added.right) == (Change.ADDED, None, "{1}")
    assert (root.differences, added.differences) == (1, 1)
    items = added.children[0]
    assert (items.path, items.change, items.differences) == ("dialog.items", Change.ADDED, 0)
    assert [one.right for one in items.children] == ["1", "2"]


def test_null_in_the_place_of_an_object_shows_what_was_in_it() -> None:
    [dialog] = tree('{"dialog": {"a": 1}}', '{"dialog": null}').children
    assert (dialog.change, dialog.left, dialog.right) == (Change.CHANGED, "{1}", "null")
    assert [(one.path, one.change) for one in dialog.children] == [("dialog.a", Change.REMOVED)]
    assert dialog.differences == 1


def test_long_texts_are_shown_where_they_part() -> None:
    left, right = "x" * 5000 + "left" + "y" * 5000, "x" * 5000 + "right" + "y" * 5000
    [child] = tree(json.dumps([left]), json.dumps([right])).children
    assert child.left is not None
    assert child.right is not None
    assert "xleft" in child.left
    assert "xright" in child.right
    assert "characters»" in child.left
    assert len(child.left) < 1100


# --- rules ------------------------------------------------------------------------------


def test_what_a_rule_names_is_shown_and_not_counted() -> None:
    found = compared(
        '{"_id": "a", "status": "ok", "at": 1}',
        '{"_id": "b", "status": "ok"}',
        IgnoreRules(("_id", "at")),
    )
    assert found.body is not None
    assert told(found.body) == [
        " ignored {3} -> {2}",
        '_id ignored "a" -> "b"',
        "at ignored 1 -> None",
    ]
    assert (found.differences, found.ignored) == (0, 2)


def test_a_path_ignores_that_place_in_every_element_and_no_other() -> None:
    left = '{"at": 1, "items": [{"at": 1, "v": 1}, {"at": 2, "v": 2}]}'
    right = '{"at": 9, "items": [{"at": 7, "v": 0}, {"at": 8, "v": 1}, {"at": 9, "v": 2}]}'
    found = compared(left, right, IgnoreRules(("items[*].at",)))
    assert found.body is not None
    assert told(found.body) == [
        "at: 1 -> 9",
        "items[0]: None -> {2}",
        "items[1] ignored {2} -> {2}",
        "items[1].at ignored 1 -> 8",
        "items[2] ignored {2} -> {2}",
        "items[2].at ignored 2 -> 9",
    ]
    assert (found.differences, found.ignored) == (2, 2)


def test_nothing_within_what_is_ignored_counts() -> None:
    left, right = '{"times": {"a": 1, "b": [1]}}', '{"times": {"a": 2, "b": [2, 3]}}'
    found = compared(left, right, IgnoreRules(("times",)))
    assert (found.differences, found.ignored) == (0, 1)


def test_an_array_whose_elements_are_all_ignored() -> None:
    found = compared('{"a": [1, 2]}', '{"a": [3]}', IgnoreRules(("a[*]",)))
    assert (found.differences, found.ignored) == (0, 2)


# --- size and depth ---------------------------------------------------------------------


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_ten_thousand_levels(opening: str, closing: str) -> None:
    left = opening * 10_000 + "1" + closing * 10_000
    right = opening * 10_000 + "2" + closing * 10_000
    assert compared(left, left).differences == 0
    found = compared(left, right)
    assert found.differences == 1
    assert f"deeper than {DEEPEST} levels" in found.note


MOST = 300
"""What is listed in the tests of documents that are too large to be listed."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is listed."""
    monkeypatch.setattr(structure, "MOST_DIFFERENT", MOST)
    monkeypatch.setattr(structure, "MOST_ALIKE", MOST)


@pytest.mark.usefixtures("few")
def test_of_very_many_differences_each_counts_once() -> None:
    """Beyond what can be listed, an element that differs counts with all that is in it."""
    count = MOST
    left = json.dumps([{"id": n, "a": 0, "b": 0} for n in range(count)])
    right = json.dumps([{"id": n, "a": 1, "b": 1} for n in range(count)])
    found = compared(left, right)
    assert count < found.differences < 2 * count
    assert found.body is not None
    assert len(found.body.children) < count
    assert f"from {MOST:,} values on" in found.note


@pytest.mark.usefixtures("few")
def test_of_very_much_that_is_ignored_nothing_counts() -> None:
    count = MOST
    left = json.dumps([{"_id": n, "v": n, "w": [n]} for n in range(count)])
    right = json.dumps([{"_id": -n - 1, "v": n, "w": [n]} for n in range(count)])
    found = compared(left, right, IgnoreRules(("_id",)))
    assert (found.differences, found.ignored) == (0, count)


@pytest.mark.usefixtures("few")
def test_what_differs_is_listed_after_very_much_that_does_not() -> None:
    rows = [{"id": n} for n in range(MOST + 10)]
    found = compared(json.dumps(rows), json.dumps([*rows, {"id": -1}]))
    assert found.differences == 1
    assert found.body is not None
    last = found.body.children[-1]
    assert (last.change, last.path) == (Change.ADDED, f"[{len(rows)}]")


def test_an_array_too_long_for_the_best_match_says_so() -> None:
    repeating = [n % 3 for n in range(20_000)]
    shifted = [9, *(n // 2 % 3 for n in range(20_000))]
    found = compared(json.dumps(repeating), json.dumps(shifted))
    assert "place by place" in found.note
    assert found.differences


# --- whatever the documents -------------------------------------------------------------

_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b", "é", ""]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["_id", "name", "a", "b c"]), inner, max_size=4)
    ),
    max_leaves=15,
)


def _nodes(node: DiffNode) -> list[DiffNode]:
    return [node, *(inner for child in node.children for inner in _nodes(child))]


@given(_values, _values)
def test_both_documents_can_be_put_together_from_the_tree(left: Any, right: Any) -> None:
    root = tree(json.dumps(left), json.dumps(right, indent=1))
    assert root.differences == sum(
        one.differences - sum(child.differences for child in one.children) for one in _nodes(root)
    )
    assert (root.differences == 0) == (_normal(left) == _normal(right))
    assert _normal(_side(root, "right")) == _normal(right)
    if not any(one.change is Change.MOVED for one in _nodes(root)):
        assert _normal(_side(root, "left")) == _normal(left)


_names = st.text(max_size=6) | st.sampled_from(["a", "_b", "a.b", "0", "[0]", "@", "é", '"'])
_documents = st.recursive(
    st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=12,
)


@given(_documents, _documents)
def test_a_path_leads_to_its_value_by_jmespath(left: Any, right: Any) -> None:
    for node in _nodes(tree(json.dumps(left), json.dumps(right))):
        if node.right is None:
            continue  # its way may begin in the right document and end in the left one
        found = jmespath.search(node.path or "@", right)
        if isinstance(found, dict):
            assert node.right == f"{{{len(found)}}}"
        else:
            assert node.right == (f"[{len(found)}]" if isinstance(found, list) else str(found))


@given(_values)
def test_a_document_does_not_differ_from_itself(value: Any) -> None:
    root = tree(json.dumps(value), json.dumps(value, indent=1))
    assert {one.change for one in _nodes(root)} == {Change.SAME}


@given(_values, _values)
def test_with_the_sides_swapped_what_was_added_is_removed(left: Any, right: Any) -> None:
    there = compared(json.dumps(left), json.dumps(right)).differences
    back = compared(json.dumps(right), json.dumps(left)).differences
    assert (there == 0) == (back == 0)


def _normal(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _side(node: DiffNode, side: str) -> Any:
    """Put one of the documents together from the nodes that have it."""
    text = getattr(node, side)
    inner = [child for child in node.children if getattr(child, side) is not None]
    if text.startswith("{"):
        return {child.label: _side(child, side) for child in inner}
    return [_side(child, side) for child in inner] if text.startswith("[") else json.loads(text)
