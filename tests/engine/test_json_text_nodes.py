"""A JSON document as a tree of nodes, each of them read where it lies."""

import base64
import json
from pathlib import Path

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.json_text.node import Node, NodeKind
from gms_console.json_text.nodes import LONGEST_TEXT, PAGE, children_of, root_of, value_of
from tests.engine.json_documents import VALUES, WRITTEN


def all_children(data: bytes, node: Node) -> list[Node]:
    found: list[Node] = []
    while page := children_of(data, node, found[-1] if found else None):
        assert len(page) <= PAGE
        found += page
    return found


def only_child(text: str | bytes) -> Node:
    data = text if isinstance(text, bytes) else text.encode()
    (child,) = all_children(data, root_of(data))
    return child


def read(data: bytes, node: Node) -> object:
    """Read a document through its nodes alone."""
    if node.kind is NodeKind.ARRAY:
        return [read(data, child) for child in all_children(data, node)]
    if node.kind is NodeKind.OBJECT:
        return {child.key: read(data, child) for child in all_children(data, node)}
    assert node.kind is not NodeKind.BROKEN
    return json.loads(value_of(data, node, 1000))


@given(WRITTEN)
def test_the_nodes_of_a_document_are_all_of_it(text: str) -> None:
    data = text.encode()
    assert repr(read(data, root_of(data))) == repr(json.loads(text))


@given(VALUES)
def test_each_path_leads_to_its_node(value: object) -> None:
    data = json.dumps(value).encode()

    def check(node: Node) -> None:
        found = jmespath.search(node.path, json.loads(data)) if node.path else json.loads(data)
        assert repr(found) == repr(json.loads(data[node.start : node.end]))
        for child in all_children(data, node):
            assert child.path
            check(child)

    check(root_of(data))


@given(VALUES)
def test_members_are_counted(value: object) -> None:
    data = json.dumps(value).encode()

    def check(node: Node) -> None:
        children = all_children(data, node)
        if node.kind in {NodeKind.OBJECT, NodeKind.ARRAY}:
            assert node.count == len(children)
        for child in children:
            check(child)

    check(root_of(data))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ('"a\\u00e9"', NodeKind.STRING),
        ("1.10", NodeKind.NUMBER),
        ("12345678901234567890", NodeKind.NUMBER),
        ("-1E+5", NodeKind.NUMBER),
        ("NaN", NodeKind.NUMBER),
        ("true", NodeKind.BOOLEAN),
        ("null", NodeKind.NULL),
        ('{"a": 1}', NodeKind.OBJECT),
        ("[1, 2]", NodeKind.ARRAY),
        ("nope", NodeKind.BROKEN),
        ("01", NodeKind.BROKEN),
    ],
)
def test_a_value_is_shown_as_it_was_sent(value: str, kind: NodeKind) -> None:
    child = only_child(f" [ {value} ] ")
    assert (child.kind, child.text, child.cut) == (kind, value, "")


def test_duplicate_keys_stay_and_only_the_last_has_a_path() -> None:
    data = rb'{"a": {"b": 1}, "x": 0, "\u0061": {"b": 2}, "c-d": [{"": 3}]}'
    root = root_of(data)
    nodes = all_children(data, root)
    assert [(node.key, node.path) for node in nodes] == [
        ("a", ""),
        ("x", "x"),
        ("a", "a"),
        ("c-d", '"c-d"'),
    ]
    assert [node.path for node in all_children(data, nodes[0])] == [""]
    assert [node.path for node in all_children(data, nodes[2])] == ["a.b"]
    assert all_children(data, all_children(data, nodes[3])[0])[0].path == '"c-d"[0].""'


def test_a_key_that_comes_again_on_a_later_page_has_no_path_before() -> None:
    members = ", ".join(f'"k{n}": {n}' for n in range(PAGE + 5))
    data = f'{{{members}, "k3": "again"}}'.encode()
    nodes = all_children(data, root_of(data))
    assert [node.index for node in nodes] == list(range(PAGE + 6))
    assert [node.path for node in nodes if node.key == "k3"] == ["", "k3"]
    assert nodes[4].path == "k4"


def test_of_an_object_too_large_to_be_looked_through_no_path_is_guessed() -> None:
    data = json.dumps({f"k{n}": n for n in range(50_000)}).encode()
    root = root_of(data)
    assert {node.path for node in children_of(data, root)} == {""}
    assert root.count is None


def test_long_texts_are_cut_and_pictures_named() -> None:
    long = only_child(json.dumps(["ä" * 48_000], ensure_ascii=False))
    assert long.text == '"' + "ä" * (LONGEST_TEXT - 1)
    assert long.cut == "47,002 more characters"
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(900_000)).decode()
    shown = only_child(json.dumps([picture]))
    assert shown.text == '"' + picture[:64]
    assert shown.cut == "1.1 MiB of base64, a PNG picture"
    number = only_child(f"[{'7' * 3000}]")
    assert (number.text, number.cut) == ("7" * 3000, "")


@pytest.mark.parametrize(
    ("text", "good", "said"),
    [
        ("", 0, "Expected a value at byte 0"),
        ("{} x", 0, "Extra data at byte 3"),
        ('{"a": 1, b: 2}', 1, "Expected a key at byte 9"),
        ('{"a": 1 "b": 2}', 1, "Expected , or } at byte 8"),
        ('{"a" 1}', 0, "Expected : at byte 5"),
        ("[1, 2", 2, "Expected , or ] at byte 5"),
        ("[1, 2}", 2, "Expected , or ] at byte 5"),
        ('[1, "x', 1, "Unterminated string starting at byte 4"),
    ],
)
def test_what_is_broken_says_so_in_its_place(text: str, good: int, said: str) -> None:
    for data in (text.encode(), b" " * 70_000 + text.encode()):
        root = root_of(data)
        nodes = [root] if root.kind is NodeKind.BROKEN else all_children(data, root)
        assert nodes[-1].kind is NodeKind.BROKEN
        words, place = said.split(" at byte ")
        assert nodes[-1].text == f"{words} at byte {len(data) - len(text) + int(place):,}"
        assert len(nodes) == good + 1
        assert children_of(data, root, nodes[-1]) == []


def test_of_large_broken_json_all_is_shown_up_to_where_it_breaks() -> None:
    data = json.dumps([{"n": n} for n in range(20_000)]).encode()[:-1] + b", ,]"
    root = root_of(data)
    nodes = all_children(data, root)
    assert root.kind is NodeKind.ARRAY
    assert len(nodes) == 20_001
    assert (nodes[-1].kind, nodes[-1].index) == (NodeKind.BROKEN, 20_000)
    assert nodes[-1].text.startswith("Expected a value at byte")


def test_ten_thousand_levels_are_gone_down_one_by_one() -> None:
    data = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    node = root_of(data)
    ends: dict[int, int] = {}
    for _ in range(200):
        (node,) = children_of(data, node, None, ends)
    assert node.path == ".".join("a" * 200)


def test_a_byte_order_mark_is_not_part_of_the_document(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + b'{"a": 1}'
    root = root_of(data)
    assert root.start == 3
    assert [node.path for node in all_children(data, root)] == ["a"]


@given(st.binary(max_size=40).map(lambda inner: b"[" + inner))
def test_nonsense_is_never_more_than_broken(data: bytes) -> None:
    root = root_of(data)
    assert all(0 <= node.start <= node.end <= len(data) for node in all_children(data, root))
