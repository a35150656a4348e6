"""What a phone shows of an answer: each kind of dialog, and all that may be wrong with one."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gms_console.model.answer import Answer, read_answer
from gms_console.model.dialog import (
    AccessDialog,
    ChatAnswer,
    Confirmation,
    DialNumber,
    Dialog,
    DisplayMenu,
    FailedDialog,
    MenuGroup,
    MenuItem,
    PageDialog,
    StartChat,
    UnreadDialog,
    read_dialog,
)
from gms_console.model.exchange import FailureKind
from gms_console.model.tel import read_tel
from tests.engine.helpers import exchange_with, failure_of

MENU_URL = "http://host:8080/genesys/1/service/a1/connect"


def answer(data: object, **options: Any) -> Answer:
    """Read a JSON answer."""
    return read_answer(exchange_with(json.dumps(data).encode(), **options))


def shown(data: object, **options: Any) -> Dialog | None:
    """Give what the phone shows of a JSON answer."""
    return read_dialog(answer(data, **options))


def unread(data: object) -> UnreadDialog:
    """Give what could not be read, with its reason."""
    found = shown(data)
    assert isinstance(found, UnreadDialog), found
    assert found.reason.endswith(".")
    return found


# --- the shapes of domain 3.3, and the fixtures of section 7 ---------------------------


def test_a_confirmation() -> None:
    data = {
        "_dialog_id": "0",
        "_action": "ConfirmationDialog",
        "_text": "You will receive the call shortly",
        "_ok_title": "Ok",
        "_id": "a1",
    }
    assert shown(data) == Confirmation(text="You will receive the call shortly", ok_title="Ok")


def test_a_number_to_dial() -> None:
    data = {"_id": "a", "_action": "DialNumber", "_label": "Call", "_tel_url": "tel:8003449999"}
    assert shown(data) == DialNumber(label="Call", tel_url="tel:8003449999", number="8003449999")


def test_a_menu() -> None:
    item = {"_label": "Connect me", "_user_action_url": MENU_URL}
    group = {"_group_name": "An agent is ready", "_group_content": [item]}
    data = {"_id": "a1", "_action": "DisplayMenu", "_label": "Support", "_content": [group]}
    items = (MenuItem(label="Connect me", url=MENU_URL),)
    assert shown(data) == DisplayMenu(
        label="Support", groups=(MenuGroup(name="An agent is ready", items=items),)
    )


def test_a_chat_to_start() -> None:
    data = {
        "_id": "a1",
        "_action": "StartChat",
        "_start_chat_url": "http://h/ixn/chat",
        "_comet_url": "http://h/genesys/cometd",
        "_chat_parameters": {"subject": "Bill"},
    }
    found = StartChat(subject="Bill", url="http://h/ixn/chat", comet_url="http://h/genesys/cometd")
    assert shown(data) == found


def test_fixtures_a1_to_a6() -> None:
    booked = {"_id": "39a98e24", "_access_number": "8003449999", "_access_code": "7684"}
    first = shown(booked)
    assert isinstance(first, AccessDialog)
    assert (first.access.number, first.access.code) == ("8003449999", "7684")
    status = {"status": "waiting-for-agent", "dialog": "/waitingforagent.html"}
    assert shown(status) == PageDialog(path="/waitingforagent.html", state="waiting-for-agent")
    chat_url = "/genesys/1/service/81f0ef4e/ixn/chat"
    chat = {"_chatIxnAPI-CREATE-URL": chat_url, "_id": "81f0ef4e"}
    assert shown(chat) == StartChat(subject="", url=chat_url)
    assert shown({"msg": "hello"}) is None
    said = "ORS request failed: cannot connect to ORS. IO issue."
    down = {"exception": "com.genesyslab.gsg.services.ors.OrsServiceException", "message": said}
    assert shown(down, status=500) == FailedDialog(said=said)
    matched = shown({"_data_id": "d", "_id": "39a98e24"})
    assert matched is None


def test_fixtures_a8_and_a9() -> None:
    for status, said in (
        (400, "Customer Number [+19005551234] is disallowed, because it's a premium number."),
        (503, "Limit of queued callbacks for callme is reached."),
    ):
        assert shown({"exception": "x", "message": said}, status=status) == FailedDialog(said=said)


# --- errors come first -----------------------------------------------------------------


def test_an_error_comes_before_the_action_even_in_a_200() -> None:
    data = {"error": "no agent", "_action": "DialNumber", "_tel_url": "tel:1"}
    assert shown(data) == FailedDialog(said="no agent")
    inside = {"dialog": {"error": "gone", "_action": "DialNumber"}, "status": "x"}
    assert shown(inside) == FailedDialog(said="gone")
    deep = {"dialog": {"error": {"code": 7}}}
    assert shown(deep) == FailedDialog(said='{"code": 7}')
    assert shown({"error": "", "_action": "DialNumber", "_tel_url": "tel:1"}) is not None


def test_every_other_problem_is_shown_as_a_failure() -> None:
    failed = exchange_with(answered=False, failure=failure_of(FailureKind.REFUSED, "nobody there"))
    assert read_dialog(read_answer(failed)) == FailedDialog(said="nobody there")
    text = exchange_with(b"Forbidden", content_type="text/plain")
    assert read_dialog(read_answer(text)) == FailedDialog(said="Forbidden")
    broken = read_dialog(read_answer(exchange_with(b'{"_action": ')))
    assert isinstance(broken, FailedDialog)


@pytest.mark.parametrize("data", [[], [{"_action": "DialNumber"}], "text", 7, None, {}, {"_id": 1}])
def test_nothing_for_a_phone(data: object) -> None:
    assert shown(data) is None


def test_text_that_is_no_json_is_nothing_for_a_phone() -> None:
    page = exchange_with(b"<html></html>", content_type="text/html")
    assert read_dialog(read_answer(page)) is None


# --- _action ---------------------------------------------------------------------------


def test_a_missing_action_with_a_text_is_a_message_and_says_so() -> None:
    for data in ({"_text": "Wait"}, {"_text": "Wait", "_action": None, "_dialog_id": "0"}):
        found = shown(data)
        assert isinstance(found, Confirmation)
        assert found.text == "Wait"
        assert "no _action" in found.note


@pytest.mark.parametrize("name", ["_dialog_id", "_dialogId"])
def test_a_missing_action_with_a_dialog_id_alone(name: str) -> None:
    assert name.startswith("_dialog")
    assert "neither an _action nor a _text" in unread({name: "1"}).reason


def test_an_unknown_action_stays_unknown() -> None:
    found = unread({"_action": "PlayVideo", "_text": "Watch this"})
    assert (found.action, found.text) == ("PlayVideo", "Watch this")
    assert "PlayVideo" in found.reason
    assert unread({"_action": "dialnumber", "_tel_url": "tel:1"}).action == "dialnumber"


def test_blanks_around_an_action_do_not_count() -> None:
    assert isinstance(shown({"_action": " DialNumber\n", "_tel_url": "tel:1"}), DialNumber)
    assert "empty _action" in unread({"_action": " "}).reason


@pytest.mark.parametrize("action", [7, True, ["DialNumber"], {"a": 1}, 0, [], {}, False])
def test_an_action_that_is_no_text(action: object) -> None:
    found = unread({"_action": action, "_text": "x"})
    assert "not a text" in found.reason
    assert found.action == json.dumps(action)


# --- ConfirmationDialog, DialNumber, StartChat -----------------------------------------


def test_spellings_and_gaps_of_a_confirmation() -> None:
    old = shown({"_action": "ConfirmationDialog", "_text": "x", "_okTitle": "Fine"})
    assert old == Confirmation(text="x", ok_title="Fine")
    bare = shown({"_action": "ConfirmationDialog", "_text": 7})
    assert bare == Confirmation(text="7", ok_title="OK")
    empty = shown({"_action": "ConfirmationDialog"})
    assert isinstance(empty, Confirmation)
    assert "no _text" in empty.note


@pytest.mark.parametrize(
    ("url", "number", "code"),
    [
        ("tel:8003449999", "8003449999", ""),
        (" TEL:+18003449999 ", "+18003449999", ""),
        ("tel://8003449999", "8003449999", ""),
        ("tel:+1-800-344-9999", "+1-800-344-9999", ""),
        ("tel:(800) 344.9999", "(800) 344.9999", ""),
        ("tel:%2B18003449999%2C7684%23", "+18003449999", "7684#"),
        ("tel:8003449999,7684", "8003449999", "7684"),
        ("tel:8003449999,,,7684#", "8003449999", "7684#"),
        ("tel:8003449999;7684", "8003449999", "7684"),
        ("tel:8003449999p7684", "8003449999", "7684"),
        ("tel:8003449999W7684", "8003449999", "7684"),
        ("tel:8003449999,p;w 7684", "8003449999", "7684"),
        ("tel:8003449999,1,,7684", "8003449999", "1,,7684"),
        ("tel:8003449999;ext=7684", "8003449999", "7684"),
        ("tel:8003449999;postd=pp7684;phone-context=+1", "8003449999", "7684"),
        ("tel:7042;phone-context=example.com", "7042", ""),
        ("tel:8003449999,", "8003449999", ""),
        ("tel:8003449999,secret", "8003449999", ""),
        ("tel:*100#", "*100#", ""),
        ("tel:", "", ""),
        ("tel:+", "", ""),
        ("tel:*#", "", ""),
        ("tel:800-FLOWERS", "", ""),
        ("tel:,7684", "", ""),
        ("tel:٣٤٥", "", ""),
        ("8003449999", "", ""),
        ("sip:a@host", "", ""),
        ("javascript:alert(1)", "", ""),
        ("", "", ""),
    ],
)
def test_a_tel_url_is_taken_apart(url: str, number: str, code: str) -> None:
    assert read_tel(url) == (number, code)
    data = {"_action": "DialNumber", "_label": "x", "_tel_url": url}
    assert shown(data) == DialNumber(label="x", tel_url=url, number=number, code=code)


def test_a_dial_number_with_access_information_stays_one() -> None:
    data = {"_action": "DialNumber", "_tel_url": "tel:800", "_access_code": 76, "_id": "a"}
    assert shown(data) == DialNumber(label="", tel_url="tel:800", number="800", code="76")
    own = {**data, "_tel_url": "tel:800,12"}
    assert shown(own) == DialNumber(label="", tel_url="tel:800,12", number="800", code="12")
    missing = {"_action": "DialNumber"}
    assert shown(missing) == DialNumber(label="", tel_url="", number="")


@pytest.mark.parametrize("parameters", [None, [], "subject", 7, {}, {"subject": None}])
def test_a_chat_may_lack_all_it_needs(parameters: object) -> None:
    data = {"_action": "StartChat", "_chat_parameters": parameters, "_start_chat_url": None}
    assert shown(data) == StartChat(subject="", url="")


# --- DisplayMenu -----------------------------------------------------------------------


def menu(content: object) -> DisplayMenu:
    """Read a menu of that content."""
    found = shown({"_action": "DisplayMenu", "_label": "L", "_content": content})
    assert isinstance(found, DisplayMenu), found
    assert found.label == "L"
    return found


@pytest.mark.parametrize("content", [None, [], {}, "text", 7, True, {"_group_name": "x"}])
def test_a_menu_without_content_says_why(content: object) -> None:
    found = menu(content)
    assert found.groups == ()
    assert "_content" in found.note


def test_a_menu_that_names_no_content_at_all() -> None:
    found = shown({"_action": "DisplayMenu"})
    assert isinstance(found, DisplayMenu)
    assert "no _content" in found.note


def test_all_groups_of_a_menu_are_shown_in_order() -> None:
    one = {"_group_name": "A", "_group_content": [{"_label": "1", "_user_action_url": "u1"}]}
    two = {"_group_name": "B", "_group_content": [{"_label": "2", "_user_action_url": "u2"}]}
    found = menu([one, two])
    assert [group.name for group in found.groups] == ["A", "B"]
    assert [group.items[0].url for group in found.groups] == ["u1", "u2"]
    assert found.note == ""


@pytest.mark.parametrize("entries", [None, [], "x", 7, {}])
def test_a_group_without_entries_is_shown_and_the_menu_has_nothing_to_choose(
    entries: object,
) -> None:
    found = menu([{"_group_name": "A", "_group_content": entries}])
    assert found.groups == (MenuGroup(name="A"),)
    assert "nothing to choose" in found.note


def test_entries_without_label_or_address() -> None:
    entries = [{"_user_action_url": "u"}, {"_label": "no way"}, {}, "plain", 7, None, ["x"]]
    found = menu([{"_group_content": entries}])
    assert [(item.label, item.url) for item in found.groups[0].items] == [
        ("u", "u"),
        ("no way", ""),
        ("(no label)", ""),
        ("plain", ""),
        ("7", ""),
    ]
    assert "2 of its entries" in found.note


def test_groups_that_are_no_objects_are_counted() -> None:
    found = menu([None, "x", {"_group_content": [{"_label": "a"}]}])
    assert len(found.groups) == 1
    assert "2 of its 3 groups" in found.note


# --- dialog as a field, access information, chat answers -------------------------------


def test_the_dialog_of_a_status_answer() -> None:
    inner = {"_action": "ConfirmationDialog", "_text": "Soon", "_ok_title": "Ok"}
    found = shown({"status": "x", "dialog": inner})
    assert found == Confirmation(text="Soon", ok_title="Ok")
    assert shown({"status": "x", "dialog": None}) is None
    assert shown({"status": "x", "dialog": ""}) is None
    assert shown({"status": 3, "dialog": "page.html"}) == PageDialog(path="page.html", state="3")
    assert shown({"dialog": None, "_access_number": "800"}) is not None


@pytest.mark.parametrize("dialog", [7, True, False, 0, ["/a.html"], {}, {"x": 1}])
def test_a_dialog_that_is_nothing_known(dialog: object) -> None:
    found = unread({"status": "x", "dialog": dialog})
    assert found.text == json.dumps(dialog)


def test_access_information_needs_a_number_or_a_code() -> None:
    assert isinstance(shown({"_access_code": 7}), AccessDialog)
    assert shown({"_expiration_time": 30}) is None


def test_a_chat_answer_reads_its_transcript() -> None:
    rows = [
        ["Notice.Joined", "Ann", "", "1", "CLIENT"],
        ["Message.Text", "Ann", "Hello", "1", "CLIENT"],
        ["Notice.TypingStarted", "Bob", "is typing", "2", "AGENT"],
        ["Notice.PushUrl", "Bob", "http://x", "2", "AGENT"],
        ["Notice.Other", "Bob"],
        ["Message.Text"],
        [],
        "line",
        None,
        [None, 7, {"x": 1}],
    ]
    found = shown({"chatIxnState": "TRANSCRIPT", "transcriptToShow": rows, "_id": "a"})
    assert isinstance(found, ChatAnswer)
    assert found.state == "TRANSCRIPT"
    assert found.lines[:5] == (
        "Ann joined",
        "Ann: Hello",
        "Bob is typing",
        "Bob sent an address: http://x",
        "Bob Notice.Other",
    )
    assert len(found.lines) == len(rows)


def test_a_chat_answer_keeps_the_last_lines_only() -> None:
    rows = [["Message.Text", "a", str(number)] for number in range(70)]
    found = shown({"transcriptToShow": rows})
    assert isinstance(found, ChatAnswer)
    assert (len(found.lines), found.lines[-1], found.state) == (50, "a: 69", "")


@pytest.mark.parametrize("rows", [None, {}, "x", 7])
def test_a_chat_answer_without_lines(rows: object) -> None:
    data = {"chatIxnState": "CONNECTED", "transcriptToShow": rows}
    assert shown(data) == ChatAnswer(state="CONNECTED")
    told = {**data, "chatServiceMessage": "Chat service is available"}
    assert shown(told) == ChatAnswer(state="CONNECTED", lines=("Chat service is available",))


# --- whatever comes --------------------------------------------------------------------

_keys = st.text(max_size=5) | st.sampled_from(
    [
        *("_action", "_text", "_dialog_id", "_ok_title", "_label", "_tel_url", "_content"),
        *("_group_name", "_group_content", "_user_action_url", "_start_chat_url", "dialog"),
        *("_chat_parameters", "subject", "chatIxnState", "transcriptToShow", "error", "status"),
        *("_access_number", "_access_code", "_expiration_time", "_chatIxnAPI-CREATE-URL"),
    ]
)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=5),
    max_leaves=12,
)
_actions = st.sampled_from(["DialNumber", "DisplayMenu", "StartChat", "ConfirmationDialog"])


@settings(max_examples=300)
@given(_values, st.none() | _actions, st.text() | st.from_regex(r"tel:[0-9,;pw%+=]*"))
@example({"_content": [{"_group_content": [[[]]]}]}, "DisplayMenu", "tel:%")
@example({"_tel_url": "\ud800"}, "DialNumber", "tel:\ud800")
def test_reading_never_raises(data: Any, action: str | None, tel_url: str) -> None:
    if isinstance(data, dict) and action is not None:
        data = {"_tel_url": tel_url, **data, "_action": action}
    for value in (data, {"dialog": data}):
        found = read_dialog(Answer(data=value, is_json=True))
        whole = shown(value)
        assert found is None or found == read_dialog(Answer(data=value, is_json=True))
        assert whole is None or hash(whole) == hash(whole)
