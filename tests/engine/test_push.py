"""A pasted push is read in the shapes it comes in, or what was found is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.model.push import Push, PushError, read_push

A19 = {"_id": "a1", "_action": "get-dialog"}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(A19),
        f"\ufeff  {json.dumps(A19)}\n",
        json.dumps({**A19, "extra": 1}),
        json.dumps({"message": A19}),
        json.dumps({"message": json.dumps(A19)}),
        json.dumps({"data": {"message": json.dumps(A19)}, "id": "7"}),
        json.dumps(json.dumps(A19)),
        json.dumps({"_id": " a1 ", "_action": "get-dialog\n"}),
    ],
)
def test_a_push_is_read_alone_or_wrapped(text: str) -> None:
    assert read_push(text) == Push("a1", "get-dialog")


def test_numbers_are_read_as_text() -> None:
    assert read_push('{"_id": 7, "_action": 1.5}') == Push("7", "1.5")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The push is empty"),
        (" \n", "The push is empty"),
        ("hello", "The push is not JSON: Expecting value at line 1, column 1."),
        ('{"_id": "a1",}', "The push is not JSON"),
        ("[" * 100_000, "The push is not JSON: nested too deeply"),
        ("[]", "The push is a list"),
        ("null", "The push is null"),
        ("7", "The push is a number"),
        ("true", "The push is a boolean"),
        ("{}", "neither _id nor _action; it has: nothing."),
        ('{"id": "a1", "action": "x"}', "neither _id nor _action; it has: id, action."),
        ('{"_id": "a1"}', "The push has no _action; it has: _id."),
        ('{"_action": "x", "n": 1}', "The push has no _id; it has: _action, n."),
        ('{"_id": null, "_action": "x"}', "The _id of the push is null, not a text."),
        ('{"_id": "a1", "_action": ["x"]}', "The _action of the push is a list, not a text."),
        ('{"_id": true, "_action": "x"}', "The _id of the push is a boolean, not a text."),
        ('{"_id": "a1", "_action": " "}', "The _action of the push is empty."),
        ('{"message": "hi"}', "The message of the push is not JSON"),
        ('{"message": 7}', "The message of the push is a number"),
        ('{"message": {"x": 1}}', "The message of the push has neither _id nor _action"),
        ('{"message": {"message": {"message": {"message": {"message": 1}}}}}', "it has: message"),
    ],
)
def test_what_is_no_push_is_said(text: str, said: str) -> None:
    with pytest.raises(PushError) as caught:
        read_push(text)
    assert said in str(caught.value)


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["_id", "_action", "message", "data", "x"]), inner)
    ),
)


@given(st.text() | _values.map(json.dumps))
def test_reading_a_push_raises_nothing_else(text: str) -> None:
    try:
        push = read_push(text)
    except PushError as error:
        assert str(error)  # noqa: PT017
    else:
        assert push.id == push.id.strip() != ""
        assert push.action
