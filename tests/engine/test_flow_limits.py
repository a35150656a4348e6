"""Flow files made to be endless, or that name very much: they are refused in a moment."""

import pytest

from gms_console.flow import nodes
from gms_console.flow.file import parse_flow
from gms_console.flow.types import FlowError


def mistakes(text: str) -> list[str]:
    with pytest.raises(FlowError) as refused:
        parse_flow(text, "f.yaml")
    return str(refused.value).splitlines()


def test_merge_keys_of_merge_keys_are_each_read_once() -> None:
    doubled = "".join(f"    <<: [*x{n}, *x{n}]\n" for n in [39])
    chain = "".join(
        f"  n{number}: &x{number}\n    <<: [*x{number - 1}, *x{number - 1}]\n"
        for number in range(1, 40)
    )
    text = f"gms: 1\nvars:\n  n0: &x0 {{a: b}}\n{chain}  last:\n{doubled}steps: [{{wait: 1ms}}]\n"
    found = mistakes(text)  # 2 to the 40th, were each one read whenever it is named
    assert found[0] == "f.yaml:3:7: found a mapping, expected a text"


def test_what_merge_keys_bring_is_taken_in_their_order() -> None:
    flow = parse_flow(
        "gms: 1\nsteps:\n"
        "  - &one {create: s, method: PUT, note: one}\n"
        "  - &two {create: t, note: two, encoding: json}\n"
        "  - {<<: [*one, *two, *one], create: u}\n",
        "f.yaml",
    )
    step = flow.steps[2]
    assert (step.name, step.method, step.note, step.encoding) == ("u", "PUT", "one", "json")


def test_aliases_cannot_make_a_small_file_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "_MOST_ENTRIES", 10_000)
    rows = ", ".join(["{key: k, value: v}"] * 100)
    text = f"gms: 1\nsteps:\n  - &s\n    create: s\n    form: [{rows}]\n" + "  - *s\n" * 99
    assert any(
        "found aliases that make it too large, expected 10,000 entries at most" in line
        for line in mistakes(text)
    )


def test_a_message_names_some_of_many_instances() -> None:
    creates = "".join(f"  - {{create: s, as: n{number}}}\n" for number in range(30))
    (found,) = mistakes(f"gms: 1\nsteps:\n{creates}  - {{request: status, on: zz}}\n")
    assert "found 'zz', expected the id of an instance, or a name" in found
    assert found.endswith("n18, n19, …")


def test_an_anchor_that_is_given_anew_warns_nobody() -> None:
    text = "gms: 1\nvars: {a: &x one, b: *x, c: &x two, d: *x}\nsteps: [{wait: 1ms}]\n"
    flow = parse_flow(text, "f.yaml")
    assert dict(flow.vars) == {"a": "one", "b": "one", "c": "two", "d": "two"}
