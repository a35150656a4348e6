"""Postman collections become flows: folders, variables, rows, files and plain test scripts."""

import pytest

from gms_console.flow.types import HttpCheck, Operator, TimeCheck, ValueCheck
from gms_console.importing.importing import import_text
from gms_console.importing.types import UnreadableImportError
from gms_console.wire.body import BodyKind
from tests.engine.imports import BASE, collection, imported, item, rows_of, script, steps_of

BASE_URL = {"key": "baseUrl", "value": BASE}


def form(*rows: dict[str, object], mode: str = "urlencoded") -> dict[str, object]:
    return {"mode": mode, mode: list(rows)}


def test_a_collection_with_folders_variables_and_scripts() -> None:
    create = item(
        "Create",
        "{{service}}",
        form(
            {"key": "_phone_number", "value": "{{phone}}", "description": "The caller"},
            {"key": "language", "value": "french", "disabled": True},
            {"key": "ref", "value": "{{$guid}} {{ $isoTimestamp }}"},
        ),
        event=[
            script(
                "// checks",
                'pm.test("is created", function () {',
                "    pm.response.to.have.status(200);",
                "    pm.expect(pm.response.responseTime).to.be.below(500);",
                "});",
                "const answer = pm.response.json();",
                'pm.test("number", () => { pm.expect(answer._access_number).to.eql("800"); });',
                'pm.collectionVariables.set("id", answer._id);',
                "pm.environment.set('code', pm.response.json()['chat-code'][0]);",
            )
        ],
    )
    status = item("Status", "{{id}}/status", event=[script("console.log('x');")])
    found = imported(
        collection(
            {"name": "Voice", "item": [create, status]},
            variable=[
                BASE_URL,
                {"key": "service", "value": "request-inbound-poll"},
                {"key": "phone", "value": "{{area}}4669999"},
                {"key": "area", "value": "650"},
                {"key": "unused", "value": "1"},
            ],
        )
    )
    first, second = found.flow.steps
    assert found.flow.name == "Callbacks"
    assert found.base_urls == (BASE,)
    assert dict(found.flow.vars) == {
        "service": "request-inbound-poll",
        "phone": "{{area}}4669999",
        "area": "650",
    }
    assert (first.name, first.note) == ("{{service}}", "Voice / Create")
    assert rows_of(first) == [
        ("_phone_number", "{{phone}}"),
        ("language", "french"),
        ("ref", "{{$uuid}} {{$now}}"),
    ]
    assert [row.enabled for row in first.form] == [True, False, True]
    assert first.form.rows[0].note == "The caller"
    assert first.expect == (
        HttpCheck((200,)),
        TimeCheck(500.0),
        ValueCheck("_access_number", Operator.EQUALS, "800"),
    )
    assert first.capture == (("id", "_id"), ("code", '"chat-code"[0]'))
    assert (second.name, second.instance) == ("status", "")
    assert found.left_out == (
        "'Voice / Status': of its test script this is left out: console.log('x')",
    )


def test_form_data_with_files() -> None:
    body = form(
        {"key": "a", "value": "1", "type": "text", "contentType": "text/plain"},
        {"key": "F", "type": "file", "src": "/home/me/MyPic.png"},
        {"key": "G", "type": "file", "src": ["x.bin", "y.bin"], "contentType": "a/b"},
        {"key": "H", "type": "file", "src": None},
        {"key": "I", "type": "file", "src": "off.txt", "disabled": True},
        mode="formdata",
    )
    found = imported(collection(item("Create", "s", body), variable=[BASE_URL]))
    (step,) = found.flow.steps
    assert rows_of(step) == [
        ("a", "1"),
        ("F", "@/home/me/MyPic.png"),
        ("G", "@x.bin"),
        ("G", "@y.bin"),
        ("I", "@off.txt"),
    ]
    assert [row.content_type for row in step.form] == ["text/plain", None, "a/b", "a/b", None]
    assert found.left_out == ("'Create': no file is chosen for 'H'; it is left out",)


def test_a_file_that_lies_with_postman_is_told() -> None:
    body = form({"key": "F", "type": "file", "src": "postman-cloud:///1ef2-77"}, mode="formdata")
    found = imported(collection(item("Create", "s", body), variable=[BASE_URL]))
    assert rows_of(found.flow.steps[0]) == [("F", "@1ef2-77")]
    assert found.left_out == (
        "'Create': the file of 'F' lies with Postman; put it beside the flow, and its name into "
        "the row",
    )


def test_raw_bodies() -> None:
    def raw(text: str, language: str = "") -> dict[str, object]:
        return {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}}

    steps = steps_of(
        collection(
            item("Json", "callback/x", raw('{"a": "{{a}}", "n": {{n}} }', "json")),
            item("Header", "callback/x", raw('{"a": "1"}'),
                 header=[{"key": "Content-Type", "value": "application/json"}]),
            item("Text", "s", raw("hello")),
            item("None", "s", {"mode": "graphql", "graphql": {}}),
            variable=[BASE_URL],
        )
    )  # fmt: skip
    assert [(step.encoding, rows_of(step)) for step in steps] == [
        (BodyKind.JSON, [("a", "{{a}}"), ("n", "{{n}}")]),
        (BodyKind.JSON, [("a", "1")]),
        (BodyKind.AUTO, []),
        (BodyKind.AUTO, []),
    ]


def test_addresses_in_all_their_forms() -> None:
    listed = {
        "raw": "{{baseUrl}}/1/service/office-hours?start=a%20b&x=1",
        "query": [
            {"key": "start", "value": "a%20b"},
            {"key": "end", "value": "{{end}}", "disabled": True},
            {"key": "x", "value": "1"},
        ],
    }
    parts = {
        "protocol": "http",
        "host": ["gms", "example"],
        "port": "8080",
        "path": ["genesys", "1", "service", ":id", "status"],
        "variable": [{"key": "id", "value": ""}],
    }
    text = f"{BASE}/1/service/capacity?timezone=Europe%2FParis"
    found = imported(
        collection(
            {"name": "Hours", "request": {"method": "GET", "url": listed}},
            {"name": "Parts", "request": {"method": "POST", "url": parts}},
            {"name": "Text", "request": text},
            variable=[BASE_URL],
        )
    )
    hours, status, capacity = found.flow.steps
    assert rows_of(hours) == [("start", "a b"), ("end", "{{end}}"), ("x", "1")]
    assert [row.enabled for row in hours.form] == [True, False, True]
    assert (status.name, status.instance) == ("status", "{{id}}")
    assert rows_of(capacity) == [("timezone", "Europe/Paris")]
    assert found.base_urls == (BASE,)
    assert "These variables have no value in the flow: id" in "".join(found.left_out)


def test_a_variable_may_hold_the_whole_address_of_services() -> None:
    request = {"method": "POST", "url": "{{services}}/callme"}
    found = imported(
        collection(
            {"name": "a", "request": request},
            variable=[{"key": "services", "value": f"{BASE}/1/service"}],
        )
    )
    assert found.flow.steps[0].name == "callme"
    assert found.flow.vars == ()


def test_secrets_are_told_and_never_written() -> None:
    basic = {"type": "basic", "basic": [{"key": "password", "value": "hunter2"}]}
    found = imported(
        collection(
            {"name": "F", "auth": basic, "item": [
                item("a", "s", form({"key": "t", "value": "{{token}}"},
                                    {"key": "password", "value": "hunter2"}),
                     auth={"type": "bearer", "bearer": [{"value": "hunter2"}]},
                     header=[{"key": "X-Api-Key", "value": "hunter2"}],
                     event=[script("hunter();", listen="prerequest")]),
            ]},
            auth={"type": "noauth"},
            variable=[BASE_URL, {"key": "token", "value": "hunter2"}],
            event=[script("stuff();")],
        )
    )  # fmt: skip
    assert "hunter2" not in repr(found)
    assert rows_of(found.flow.steps[0]) == [("t", "{{token}}"), ("password", "{{password}}")]
    said = "\n".join(found.left_out)
    for sentence in (
        "The collection: its test script is left out",
        "Folder 'F': its basic authentication",
        "'F / a': its bearer authentication",
        "'F / a': its pre-request script",
        "The header X-Api-Key is a credential",
        "variable token is a secret",
        "--var password=",
    ):
        assert sentence in said


def test_what_postman_makes_by_itself_and_a_flow_does_not() -> None:
    rows = form({"key": "t", "value": "{{$timestamp}}"})
    found = imported(collection(item("a", "s", rows), variable=[BASE_URL]))
    assert rows_of(found.flow.steps[0]) == [("t", "{{$timestamp}}")]
    assert "Postman makes {{$timestamp}} by itself" in found.left_out[0]


BROKEN = {
    "version 1": ('{"requests": [], "order": []}', "version 1"),
    "schema": ('{"info": {"schema": "x/v1.0.0/"}, "item": []}', "$.info.schema: found 'x/v1.0.0/'"),
    "item": ('{"info": {}, "item": [{"name": "a"}]}', "$.item[0]: found neither"),
    "deep item": (
        '{"info": {}, "item": [{"item": [{"request": {"body": {"mode": "urlencoded", '
        '"urlencoded": [5]}, "url": "http://h/1/service/x"}}]}]}',
        "$.item[0].item[0].request.body.urlencoded[0]: found a number, expected an object",
    ),
    "empty": ('{"info": {}, "item": []}', "found no request, "),
    "broken": ('{"info": {},\n "item" []}', "2:9: found broken JSON"),
    "other": ('{"openapi": "3.0.0"}', "found an object with 'openapi', expected 'log'"),
    "list": ("[1]", "found a list"),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_a_collection_that_is_none_says_where(text: str, says: str) -> None:
    with pytest.raises(UnreadableImportError) as caught:
        import_text(text)
    assert says in str(caught.value)
