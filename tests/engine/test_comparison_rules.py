"""Rules for what always differs: typed a line each, made from what is seen, and kept."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.comparison import (
    DEFAULT_RULES,
    DiffNode,
    IgnoreRules,
    RuleError,
    compare,
    name_rule,
    path_rule,
)
from gms_console.workspace import Workspace, load_workspace, save_workspace
from tests.engine.helpers import exchange_with

NO_RULES = IgnoreRules()


def test_rules_are_read_and_written_a_line_each() -> None:
    typed = ["_id", "", "  data.items[*].at ", "user-id", '"a.b"', "Header: Date", "@._id", "_id"]
    rules = IgnoreRules.from_lines(typed)
    assert rules == IgnoreRules(
        ("_id", "data.items[*].at", '"user-id"', '"a.b"', "@._id"), ("Date",)
    )
    assert IgnoreRules.from_lines(rules.lines()) == rules
    assert IgnoreRules.from_lines(DEFAULT_RULES.lines()) == DEFAULT_RULES


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("a..b", "Character 3", id="two dots"),
        pytest.param("a.", "Character 3", id="a dot at the end"),
        pytest.param("a b", "Character 2", id="a blank"),
        pytest.param("a[0]", "write [*] in place of a number", id="an index"),
        pytest.param("a[x]", "write [*] for any element", id="a name in brackets"),
        pytest.param("[*]a", "expected . or [", id="no dot after brackets"),
        pytest.param('"abc', "not closed", id="an open quote"),
        pytest.param('"\\x"', "no JSON text", id="an escape that is none"),
        pytest.param("@", "names nothing", id="the root"),
        pytest.param("header:", "is not the name of a header", id="no header"),
        pytest.param("header: a b", "is not the name of a header", id="a header with a blank"),
    ],
)
def test_a_line_that_is_no_rule_is_named_with_its_number(line: str, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        IgnoreRules.from_lines(["_id", line, "other"])
    assert str(caught.value).startswith("Line 2: ")
    assert said in str(caught.value)
    assert (caught.value.number, caught.value.line) == (2, line)


def test_of_kept_lines_those_that_cannot_be_read_are_left_out() -> None:
    assert IgnoreRules.kept(["_id", "a..b", "header: Date"]) == IgnoreRules(("_id",), ("Date",))


def test_a_rule_is_there_once_and_can_be_taken_away() -> None:
    rules = IgnoreRules.from_lines(["_id", "header: Date", "at", " _id ", "header: Etag"])
    assert rules.lines() == ("_id", "at", "header: Date", "header: Etag")
    assert rules.without("_id").without("header: Date").lines() == ("at", "header: Etag")


def nodes(left: str, right: str, rules: IgnoreRules = NO_RULES) -> dict[str, DiffNode]:
    body = compare(exchange_with(left.encode()), exchange_with(right.encode()), rules).body
    assert body is not None
    found, todo = {}, [body]
    while todo:
        node = todo.pop()
        found[node.path] = node
        todo += node.children
    return found


def test_a_rule_is_made_from_what_differs() -> None:
    left, right = '{"a b": [{"at": 1}, {"at": 2}]}', '{"a b": [{"at": 3}, {"at": 2}]}'
    node = nodes(left, right)['"a b"[0].at']
    assert (name_rule(node), path_rule(node)) == ("at", '"a b"[*].at')
    for rule in (name_rule(node), path_rule(node)):
        rules = IgnoreRules.from_lines([rule])
        assert nodes(left, right, rules)[""].differences == 0
        assert rules.matching(node.path) == (rule,)
        assert rules.without(rule) == IgnoreRules()


def test_neither_the_root_nor_an_element_has_a_name() -> None:
    found = nodes("[1]", "[2]")
    assert (name_rule(found[""]), path_rule(found[""])) == ("", "")
    assert (name_rule(found["[0]"]), path_rule(found["[0]"])) == ("", "[*]")


def test_a_path_of_one_name_is_that_of_the_outermost_object_alone() -> None:
    left, right = '{"_id": 1, "a": {"_id": 1}}', '{"_id": 2, "a": {"_id": 2}}'
    rule = path_rule(nodes(left, right)["_id"])
    assert rule == "@._id"
    assert nodes(left, right, IgnoreRules((rule,)))[""].differences == 1
    assert nodes(left, right, IgnoreRules(("_id",)))[""].differences == 0


def test_what_lies_in_something_ignored_is_matched_too() -> None:
    rules = IgnoreRules(("data", "items[*].at", "other"))
    assert rules.matching("data.a[3]") == ("data",)
    assert rules.matching("items[7].at.zone") == ("items[*].at",)
    assert rules.matching("items[7]") == ()


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3))
def test_any_name_can_be_ignored(names: list[str]) -> None:
    left: object = 1
    right: object = 2
    for name in reversed(names):
        left, right = {name: left}, {name: right}
    documents = json.dumps(left), json.dumps(right)
    node = max(nodes(*documents).values(), key=lambda one: len(one.path))
    for rule in (name_rule(node), path_rule(node)):
        rules = IgnoreRules.from_lines([rule])
        assert rules.lines() == (rule,)
        assert nodes(*documents, rules)[""].differences == 0


def test_rules_of_a_service_are_there_again_at_the_next_start(tmp_path: Path) -> None:
    rules = IgnoreRules.from_lines([*DEFAULT_RULES.lines(), "items[*].at"])
    save_workspace(tmp_path, Workspace(ignore_rules={"request-chat": rules.lines()}))
    assert IgnoreRules.kept(load_workspace(tmp_path).ignore_rules["request-chat"]) == rules
