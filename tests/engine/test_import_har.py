"""What a browser recorded becomes a flow that can run again."""

import asyncio
import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gms_console.flow.types import Operator, StepKind, ValueCheck
from gms_console.importing.importing import Source, import_text
from gms_console.importing.types import UnreadableImportError
from gms_console.model.environment import Environment
from gms_console.wire.body import BodyKind
from tests.engine.helpers import body_bytes
from tests.engine.imports import (
    BASE,
    entry,
    har,
    imported,
    prepared,
    rows_of,
    steps_of,
    urlencoded,
)

PLACE = Environment.parse(BASE)
ID = "6c1b0a5e-0001-4000-8000-00805f9b34fb"
CREATE = entry(
    "request-inbound-poll",
    post=urlencoded("_phone_number=650%204669999&a=1&a=2&q=%7B%7Bx%7D%7D+y"),
    answer={"_id": ID, "_access_number": "8005551234"},
)


def status(state: str, at: float) -> dict[str, Any]:
    return entry(f"{ID}/status", answer={"status": state}, at=at)


def test_a_recorded_service_becomes_create_poll_and_request() -> None:
    found = imported(
        har(
            CREATE,
            *(status("waiting-for-agent", at) for at in (1.0, 3.0, 5.1)),
            status("agent-ready", 7.0),
            entry(f"{ID}/cancel", post=urlencoded(""), answer="", at=9),
        )
    )
    create, poll, cancel = found.flow.steps
    assert (create.kind, create.name, create.instance) == (
        StepKind.CREATE,
        "request-inbound-poll",
        "",
    )
    assert rows_of(create) == [
        ("_phone_number", "650 4669999"),
        ("a", "1"),
        ("a", "2"),
        ("q", "{{{{x}} y"),
    ]
    assert (poll.kind, poll.name, poll.instance, poll.every) == (StepKind.POLL, "status", "", 2.0)
    assert poll.until == (ValueCheck("status", Operator.EQUALS, "agent-ready"),)
    assert (cancel.kind, cancel.name, cancel.method) == (StepKind.REQUEST, "cancel", "POST")
    assert found.base_urls == (BASE,)
    assert found.left_out == ()


def test_a_state_that_never_changed_is_asked_once() -> None:
    found = imported(har(CREATE, *(status("waiting", at) for at in (1.0, 1.5, 2.0))))
    assert [step.kind for step in found.flow.steps] == [StepKind.CREATE, StepKind.REQUEST]
    assert "sent 3 times, every 0.5 s, and its state stayed waiting" in found.left_out[0]


def test_the_same_request_with_other_rows_is_no_poll() -> None:
    asks = [
        entry(f"{ID}/status", post=urlencoded(f"n={n}"), answer={"status": f"s{n}"}, at=n)
        for n in (1, 2)
    ]
    assert len(steps_of(har(CREATE, *asks))) == 3


def test_times_decide_the_order() -> None:
    late = entry(f"{ID}/cancel", at=50)
    assert [step.name for step in steps_of(har(late, CREATE))] == ["request-inbound-poll", "cancel"]


def test_values_of_answers_that_are_sent_again_are_captured() -> None:
    steps = steps_of(
        har(
            CREATE,
            entry("match-interaction", post=urlencoded("_access_number=8005551234"), at=1),
            entry("request-access", post=urlencoded(f"_id={ID}&_resource_group=DNIS"), at=2),
        )
    )
    assert steps[0].capture == (("access_number", "_access_number"), ("instance_id", "_id"))
    assert rows_of(steps[1]) == [("_access_number", "{{access_number}}")]
    assert rows_of(steps[2]) == [("_id", "{{instance_id}}"), ("_resource_group", "DNIS")]


def test_a_callback_with_requests_at_addresses_of_their_own() -> None:
    made = entry(
        "callback/callme",
        post={"mimeType": "application/json", "text": '{"_customer_number": "650", "n": 5}'},
        answer={"_id": "cb-1"},
    )
    record = [
        entry("callback?_id=cb-1", method="GET", answer=[{"_callback_state": state}], at=at)
        for at, state in ((1, "QUEUED"), (2, "COMPLETED"))
    ]
    put = {"mimeType": "application/json;charset=utf-8", "text": '{"_desired_time": "now"}'}
    found = imported(
        har(
            made,
            *record,
            entry("callback/callme/cb-1", method="PUT", post=put, at=3),
            entry("callback/callme/cb-1", method="DELETE", at=4),
            entry("callback/callme/availability?start=x", method="GET", at=5),
            entry("callback/other/cb-2", method="DELETE", at=6),
            entry("callback?_customer_number=650", method="GET", at=7),
        )
    )
    create, poll, reschedule, cancel, free, find = found.flow.steps
    assert (create.name, create.encoding, rows_of(create)) == (
        "callback/callme",
        BodyKind.JSON,
        [("_customer_number", "650"), ("n", "5")],
    )
    assert (poll.name, poll.method, poll.every) == ("callback record", "GET", 1.0)
    assert poll.until[0].path == "[0]._callback_state"
    assert rows_of(poll) == [("_id", "{{instance_id}}")]
    assert (reschedule.name, reschedule.method) == ("reschedule callback", "PUT")
    assert (cancel.name, cancel.method) == ("cancel callback", "DELETE")
    assert (free.name, rows_of(free)) == ("availability", [("start", "x")])
    assert (find.kind, find.name, find.method) == (StepKind.CREATE, "callback", "GET")
    said = "\n".join(found.left_out)
    assert "DELETE http://gms.example:8080/genesys/1/service/callback/other/cb-2" in said
    assert "'n' was the number 5" in said


def test_a_chat_that_is_known_by_the_catalogue() -> None:
    steps = steps_of(
        har(
            entry("request-chat", answer={"_id": ID}),
            entry(f"{ID}/ixn/chat", post=urlencoded("subject=Hello"), at=1),
            entry(f"{ID}/ixn/chat/send", post=urlencoded("message=Hi"), at=2),
        )
    )
    assert [step.name for step in steps] == ["request-chat", "create chat", "send message"]


def test_values_that_a_report_masked_become_variables() -> None:
    found = imported(
        har(
            entry("s", post=urlencoded("a=%5Bphone-1%5D&b=***")),
            entry("t", post=urlencoded("c=%5Bphone-1%5D&d=%5Bphone-2%5D"), at=1),
        )
    )
    assert [rows_of(step) for step in found.flow.steps] == [
        [("a", "{{phone_1}}"), ("b", "{{b}}")],
        [("c", "{{phone_1}}"), ("d", "{{phone_2}}")],
    ]
    assert (
        "request 1: the value of 'a' was masked; give it with --var phone_1=..." in found.left_out
    )


def test_a_value_that_a_report_masked_in_part_keeps_the_rest() -> None:
    post = urlencoded("name=Ann+%5Bphone-2%5D,+%5Bstep-1%5D&tel=%5Bphone-2%5D")
    found = imported(har(entry("s", post=post)))
    assert rows_of(found.flow.steps[0]) == [
        ("name", "Ann {{phone_2}}, [step-1]"),
        ("tel", "{{phone_2}}"),
    ]
    assert found.left_out == (
        "request 1: a part of the value of 'name' was masked; give it with --var phone_2=...",
        "request 1: the value of 'tel' was masked; give it with --var phone_2=...",
    )


# --- bodies ---------------------------------------------------------------------------

MULTIPART = (
    '--xx\r\nContent-Disposition: form-data; name="first"\r\n\r\none\r\ntwo\r\n'
    '--xx\r\nContent-Disposition: form-data; name="FileKey"; filename="My Pic.png"\r\n'
    "Content-Type: image/png\r\n\r\n\r\n"
    '--xx\r\nContent-Disposition: form-data; name="a%22b"\r\n'
    "Content-Type: text/plain; charset=utf-8\r\n\r\n\r\n--xx--\r\n"
)
TYPE = "multipart/form-data; boundary=xx"


def test_a_multipart_body_as_its_text() -> None:
    found = imported(har(entry("s", post={"mimeType": TYPE, "text": MULTIPART})))
    (step,) = found.flow.steps
    assert rows_of(step) == [("first", "one\r\ntwo"), ("FileKey", "@My Pic.png"), ('a"b', "")]
    assert [row.content_type for row in step.form] == [None, None, "text/plain; charset=utf-8"]
    assert step.encoding is BodyKind.AUTO
    assert "put the file 'My Pic.png' of 'FileKey' beside the flow" in found.left_out[0]


def test_a_multipart_body_as_its_parameters() -> None:
    params = [
        {"name": "a", "value": "1"},
        {"name": "F", "fileName": "C:\\fakepath\\x.bin", "contentType": "image/x-own"},
        {"name": "a", "value": "ü"},
    ]
    (step,) = steps_of(har(entry("s", post={"mimeType": TYPE, "params": params})))
    assert rows_of(step) == [("a", "1"), ("F", "@x.bin"), ("a", "ü")]
    file = step.form.rows[1]
    assert (file.filename, file.content_type) == ("C:\\fakepath\\x.bin", "image/x-own")


def test_multipart_without_files_stays_multipart_and_sends_the_same_bytes() -> None:
    text = MULTIPART.replace("--xx\r\nContent-Disposition: form-data; name=\"FileKey\"", "--xx\r\n"
                             "Content-Disposition: form-data; name=\"F\"").replace(
        '; filename="My Pic.png"', "").replace("xx", "BOUNDARY")  # fmt: skip
    post = {"mimeType": TYPE.replace("xx", "BOUNDARY"), "text": text}
    (step,) = steps_of(har(entry("s", post=post)))
    assert step.encoding is BodyKind.MULTIPART
    assert asyncio.run(body_bytes(prepared(step, PLACE).body)) == text.encode()


def test_urlencoded_parameters_are_taken_where_there_is_no_text() -> None:
    post = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "a", "value": "1 2"}],
    }
    (step,) = steps_of(har(entry("s", post=post)))
    assert rows_of(step) == [("a", "1 2")]


def test_an_answer_in_base64_still_tells_the_id() -> None:
    create = entry("s", answer="")
    create["response"]["content"] = {
        "text": base64.b64encode(b'{"id": "7"}').decode(),
        "encoding": "base64",
    }
    steps = steps_of(har(create, entry("7/status", at=1)))
    assert steps[1].instance == ""
    assert steps[1].name == "status"


@pytest.mark.parametrize("field", ["encoding", "_encoding"])
def test_a_body_that_a_proxy_wrote_in_base64(field: str) -> None:
    text = base64.b64encode("a=1&b=ü&a=2".encode()).decode()
    (step,) = steps_of(har(entry("s", post={**urlencoded(text), field: "base64"})))
    assert rows_of(step) == [("a", "1"), ("b", "ü"), ("a", "2")]
    broken = imported(har(entry("s", post={**urlencoded("a=1"), field: "base64"})))
    assert rows_of(broken.flow.steps[0]) == []
    assert broken.left_out == ("request 1: the body is no base64, as it says; it has no rows",)


def test_headers_that_firefox_puts_before_a_body_are_no_rows() -> None:
    head = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\n"
    (step,) = steps_of(har(entry("s", post=urlencoded(f"{head}a=1&b=2"))))
    assert rows_of(step) == [("a", "1"), ("b", "2")]


def led(entry: dict[str, Any], place: str) -> dict[str, Any]:
    """The entry with an answer that leads to another place."""
    entry["response"] |= {"status": 302, "redirectURL": place}
    return entry


def test_what_a_redirect_led_to_is_no_step_and_its_answer_counts() -> None:
    found = imported(
        har(
            led(entry("s", post=urlencoded("a=1")), "t"),
            led(entry("t", method="GET", at=1), "/genesys/1/service/u"),
            entry("u", method="GET", answer={"_id": ID}, at=2),
            entry(f"{ID}/status", at=3),
        )
    )
    create, request = found.flow.steps
    assert (create.name, rows_of(create)) == ("s", [("a", "1")])
    assert (request.name, request.instance) == ("status", "")
    assert [one.partition(" is left out: ") for one in found.left_out] == [
        (
            f"request {number}: GET {BASE}/1/service/{name}",
            " is left out: ",
            "the answer to request 1 led there, and is followed anyway",
        )
        for number, name in ((2, "t"), (3, "u"))
    ]


def test_a_redirect_to_another_origin_stays_a_step_and_places_are_told() -> None:
    there = "http://other.example/genesys/1/service/t"
    found = imported(har(led(entry("s"), there), entry(there, at=1)))
    assert [step.name for step in found.flow.steps] == ["s", "t"]
    assert found.left_out == (
        "The requests went to 2 places, and a flow sends all of them to the one of its environment",
    )


# --- what is left out -----------------------------------------------------------------


def test_what_the_page_loaded_is_summed_up_and_headers_are_told() -> None:
    found = imported(
        har(
            entry("http://gms.example/a.png", method="GET"),
            entry("http://gms.example/b.png?x=1", method="GET"),
            entry("http://gms.example/app.js", method="GET"),
            entry("http://other.example/track?token=hunter2", method="GET"),
            entry("s", method="OPTIONS"),
            entry("s?x=1", headers={"gms_user": "joe", "apikey": "hunter2", "Cookie": "J=hunter2",
                                    "Accept": "*/*", "Referer": "http://r/", ":path": "/"}),
        )
    )  # fmt: skip
    assert len(found.flow.steps) == 1
    said = "\n".join(found.left_out)
    for sentence in (
        "1 question of the browser (OPTIONS) left out",
        "2 pictures, 1 script",
        "GET http://other.example/track",
        "left out of the address: 'x'",
        "The header gms_user: joe",
        "The header apikey is a credential",
        "Cookies (J)",
        "Headers of the browser or tool are left out: Referer",
    ):
        assert sentence in said
    assert "hunter2" not in repr(found)


def test_another_version_of_the_api() -> None:
    one = entry("s", method="GET")
    two = entry(f"{BASE}/2/service/callback/x/availability", method="GET", at=1)
    found = imported(har(one, two))
    assert len(found.flow.steps) == 1
    assert "version 2 of the API" in found.left_out[0]


BROKEN = {
    "no entries": ({"log": {}}, "$.log: found no 'entries', expected one"),
    "entries": ({"log": {"entries": {}}}, "$.log.entries: found an object, expected a list"),
    "request": ({"log": {"entries": [{}]}}, "$.log.entries[0]: found no 'request'"),
    "url": (
        {"log": {"entries": [{"request": {"method": "GET", "url": 5.5, "headers": 3}}]}},
        "$.log.entries[0].request.headers: found a number, expected a list",
    ),
    "nothing": ({"log": {"entries": []}}, "found no request, "),
}


@pytest.mark.parametrize(("data", "says"), BROKEN.values(), ids=BROKEN)
def test_a_har_that_is_none_says_where(data: object, says: str) -> None:
    with pytest.raises(UnreadableImportError) as caught:
        import_text(json.dumps(data))
    assert says in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["log", "entries", "request", "url", "method", "headers", "name", "value", "postData",
             "params", "text", "mimeType", "response", "content", "info", "item", "body", "mode",
             "raw", "urlencoded", "formdata", "key", "src", "type", "event", "script", "exec"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=15,
)  # fmt: skip


@given(_JSON, st.sampled_from(["har", "postman"]))
@settings(max_examples=200, deadline=None)
def test_no_json_ends_in_a_traceback(data: object, source: str) -> None:
    wrapped = [
        data,
        {"log": {"entries": [data]}},
        {"log": {"entries": [{"request": data}]}},
        {"info": {}, "item": [data]},
        {"info": {}, "item": [{"request": data}]},
        {"info": {}, "item": [{"request": {"url": f"{BASE}/1/service/x", "body": data}}]},
    ]
    for one in wrapped:
        try:
            imported(json.dumps(one), source=Source(source))
        except UnreadableImportError as error:
            said = str(error)
            assert "expected" in said


def test_a_short_value_is_captured_under_its_own_key_and_told_under_another() -> None:
    found = imported(
        har(
            entry(
                "request-inbound", answer={"_id": "5f5a5f5a-0001", "_access_code": "2416", "n": 7}
            ),
            entry("5f5a5f5a-0001/check", post=urlencoded("_access_code=2416&n=7&code=2416&x=7")),
        )
    )
    create, check = found.flow.steps
    assert dict(create.capture) == {"access_code": "_access_code", "n": "n"}
    assert rows_of(check) == [
        ("_access_code", "{{access_code}}"),
        ("n", "{{n}}"),
        ("code", "2416"),
        ("x", "7"),
    ]
    said = [one for one in found.left_out if "earlier answer" in one]
    assert len(said) == 1
    assert "'code'" in said[0]
    assert "'_access_code'" in said[0]


def test_what_was_sent_before_an_answer_repeats_it_stays() -> None:
    found = imported(
        har(
            entry("x", post=urlencoded("lang=fr"), answer={"_id": "5f5a5f5a-0001", "lang": "fr"}),
            entry("5f5a5f5a-0001/next", post=urlencoded("lang=fr")),
        )
    )
    assert rows_of(found.flow.steps[1]) == [("lang", "fr")]
