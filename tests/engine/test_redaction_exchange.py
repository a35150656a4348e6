"""An Exchange is masked in each of its parts, and stays readable as what it is."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.evidence.exchange_items import exchange_item
from gms_console.evidence.preview import preview
from gms_console.evidence.redaction import RedactionRules, Redactor, Rule
from gms_console.model.answer import read_answer
from gms_console.model.draft import Draft
from gms_console.model.exchange import Exchange, FailureKind, HeaderList, StoredBody
from gms_console.model.form import Form, Row
from gms_console.model.timeline import Attempt
from tests.engine.helpers import exchange_with, failure_of

PHONE, MAIL = "+16504669999", "ada@example.com"
JSON: HeaderList = (("Content-Type", "application/json"),)
URLENCODED: HeaderList = (("Content-Type", "application/x-www-form-urlencoded"),)


def sent(
    body: str = "",
    headers: HeaderList = (),
    *,
    answer: bytes = b"{}",
    url: str = "http://gms.example/genesys/1/service/x",
    form: Form | None = None,
    answered: HeaderList = JSON,
) -> Exchange:
    made = exchange_with(answer)
    assert made.response is not None
    return replace(
        made,
        request=replace(made.request, body_preview=body, headers=headers, url=url, form=form),
        response=replace(made.response, headers=answered),
    )


def answer_of(exchange: Exchange) -> str:
    assert exchange.response is not None
    return exchange.response.body.decode()


def test_one_number_has_one_name_in_every_part_of_an_exchange() -> None:
    boundary = 'multipart/form-data; boundary="AaB"'
    head = '--AaB\r\nContent-Disposition: form-data; name="_phone_number"\r\n\r\n'
    part = f"{head}{PHONE}\r\n--AaB--\r\n"
    exchange = sent(
        part,
        (("Content-Type", boundary), ("X-Caller", "+1 650 466 9999")),
        answer=json.dumps({"m": f"We call {PHONE}", "n": 16504669999, "k": {PHONE: 1}}).encode(),
        url=f"http://gms.example/1/service/{PHONE}/status?_customer_number={quote_plus(PHONE)}",
        form=Form.of(("_phone_number", PHONE)),
        answered=(*JSON, ("Location", f"/1/x?phone={quote_plus(PHONE)}")),
    )
    redactor = Redactor()
    shown = redactor.exchange(exchange)
    assert shown.request.url == (
        "http://gms.example/1/service/[phone-1]/status?_customer_number=[phone-1]"
    )
    assert shown.request.body_preview == part.replace(PHONE, "[phone-1]")
    assert dict(shown.request.headers)["X-Caller"] == "[phone-1]"
    assert shown.request.form == Form.of(("_phone_number", "[phone-1]"))
    assert json.loads(answer_of(shown)) == {
        "m": "We call [phone-1]",
        "n": "[phone-1]",
        "k": {"[phone-1]": 1},
    }
    assert shown.response is not None
    assert dict(shown.response.headers)["Location"] == "/1/x?phone=[phone-1]"
    assert [(one.rule, one.values) for one in redactor.tally()] == [("phone numbers", 1)]


def test_json_keeps_its_layout_its_duplicates_and_its_numbers() -> None:
    body = (
        b'{ "_id":"a",\n "x" : 1.50, "x":1e3, "phone": 6504669999, "password":[1,"two",null,true],'
        b'\t"inner":"{\\"secureKey\\": \\"4ee15d7e1c343c8e\\", \\"n\\": 1.0}" }'
    )
    assert answer_of(Redactor().exchange(sent(answer=body))) == (
        '{ "_id":"a",\n "x" : 1.50, "x":1e3, "phone": "[phone-1]", '
        '"password":["***","***",null,true],'
        '\t"inner":"{\\"secureKey\\": \\"[key-1]\\", \\"n\\": 1.0}" }'
    )


@pytest.mark.parametrize(
    ("body", "kind", "shown"),
    [
        (
            '[{"key":"_phone_number","value":6504669999}]',
            "application/json",
            '[{"key":"_phone_number","value":"[phone-1]"}]',
        ),
        (
            '{"name":"password","value":["geheim99"],"x":1}',
            "text/json",
            '{"name":"password","value":["***"],"x":1}',
        ),
        (
            '{"a":"6504669999","phone":"6504669999"}',
            "application/json",
            '{"a":"[phone-1]","phone":"[phone-1]"}',
        ),
        (
            "<a>geheim99</a><password>geheim99</password>",
            "text/xml",
            "<a>***</a><password>***</password>",
        ),
        ('{"phone":"6504669999"}', "application/octet-stream", '{"phone":"[phone-1]"}'),
        (
            '{"Cookie":"JSESSIONID=abc1234567890.node1","id":"abc1234567890"}',
            "application/json",
            '{"Cookie":"JSESSIONID=[cookie-1].node1","id":"[cookie-1]"}',
        ),
    ],
    ids=["pair", "named list", "known later", "known later in XML", "no type", "echoed header"],
)
def test_a_value_is_known_by_what_stands_beside_it(body: str, kind: str, shown: str) -> None:
    exchange = sent(answer=body.encode(), answered=(("Content-Type", kind),))
    masked = Redactor().exchange(exchange)
    assert answer_of(masked) == shown
    assert answer_of(Redactor().exchange(masked)) == shown


def test_a_mark_at_its_begin_says_how_a_body_is_written() -> None:
    body = '{"phone":"6504669999"}'.encode("utf-16")
    shown = Redactor().exchange(sent(answer=body)).response
    assert shown is not None
    assert shown.body.decode("utf-16") == '{"phone":"[phone-1]"}'


def test_json_that_is_broken_is_masked_all_the_same() -> None:
    body = b'{"_id":"a","_access_code="7684","_phone_number="6504669999","password":"abc'
    shown = answer_of(Redactor().exchange(sent(answer=body)))
    assert "6504669999" not in shown
    assert "abc" not in shown
    assert '"_access_code="7684"' in shown


def test_an_urlencoded_body_still_decodes_and_the_rest_stays_as_it_was_encoded() -> None:
    rows = [("_phone_number", PHONE), ("note", "a b&c=ü"), ("email", MAIL), ("note", "")]
    body = urlencode(rows).replace("%C3", "%c3")
    shown = Redactor().exchange(sent(body, URLENCODED)).request.body_preview
    assert "%c3" in shown
    assert parse_qsl(shown, keep_blank_values=True) == [
        ("_phone_number", "[phone-1]"), ("note", "a b&c=ü"), ("email", "[email-1]"), ("note", ""),
    ]  # fmt: skip


def test_cookies_keep_names_nodes_and_attributes() -> None:
    exchange = sent(
        headers=(("Cookie", "JSESSIONID=0123456789abcdef.node1; route=a7"),),
        answered=(("Set-Cookie", "JSESSIONID=0123456789abcdef.node2; Path=/; HttpOnly"),),
        answer=b"your session is 0123456789abcdef",
    )
    shown = Redactor().exchange(exchange)
    assert shown.request.headers == (("Cookie", "JSESSIONID=[cookie-1].node1; route=[cookie-2]"),)
    assert shown.response is not None
    assert shown.response.headers == (
        ("Set-Cookie", "JSESSIONID=[cookie-1].node2; Path=/; HttpOnly"),
    )
    assert answer_of(shown) == "your session is [cookie-1]"


def test_credentials_are_masked_where_they_come_back() -> None:
    exchange = sent(
        headers=(("Authorization", "Basic YWRtaW46Z2VoZWltOTk="), ("X-Api-Key", "k3y-k3y-k3y")),
        form=Form.of(("password", "zwei Worte"), ("pin", "12")),
        answer=json.dumps(
            {"a": "zwei%20Worte", "b": "k3y-k3y-k3y", "c": "geheim99", "d": "12"}
        ).encode(),
    )
    shown = Redactor().exchange(exchange)
    assert shown.request.headers == (("Authorization", "Basic ***"), ("X-Api-Key", "***"))
    assert shown.request.form == Form.of(("password", "***"), ("pin", "***"))
    assert json.loads(answer_of(shown)) == {"a": "***", "b": "***", "c": "***", "d": "12"}


def test_of_a_file_only_the_name_stays_and_drafts_are_left_out(tmp_path: Path) -> None:
    form = Form((Row(key="FileKey", file=tmp_path / f"call {PHONE}.png"),))
    exchange = replace(sent(form=form), draft=Draft(service="x", form=form))
    shown = Redactor().exchange(exchange)
    assert shown.draft is None
    assert shown.request.form is not None
    assert shown.request.form.rows[0].file == Path("call [phone-1].png")


def test_failures_attempts_and_redirects_are_masked() -> None:
    redactor = Redactor()
    first = sent(url=f"http://gms.example/?phone={quote_plus(PHONE)}")
    exchange = replace(
        exchange_with(answered=False, failure=failure_of(FailureKind.NAME, f"no host for {MAIL}")),
        redirected_from=first,
    )
    shown = redactor.exchange(exchange)
    assert shown.failure is not None
    assert shown.failure.message == "no host for [email-1]"
    assert shown.redirected_from is not None
    assert shown.redirected_from.request.url == "http://gms.example/?phone=[phone-1]"
    assert shown.redirected_from is redactor.exchange(first)
    attempt = Attempt(
        number=1, started=first.started, elapsed=1, exchange_id="e", fault=f"no answer from {MAIL}"
    )
    assert redactor.attempt(attempt).fault == "no answer from [email-1]"


def test_what_a_preview_cuts_off_leaves_no_half_of_a_value() -> None:
    cut = "\n«10 more bytes not shown»"
    shown = Redactor().exchange(sent(f"note=a&x=b&_phone_number=650466{cut}", URLENCODED))
    assert shown.request.body_preview.endswith(cut)
    assert "650466" not in shown.request.body_preview
    assert shown.request.body_preview.startswith("note=a&x=b&")


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_body_in_a_file_is_masked_piece_by_piece(tmp_path: Path, kind: str) -> None:
    row = {"text": f"We call {PHONE} or {MAIL}", "filler": "x" * 1000, "secret": "canary-value"}
    text = json.dumps([row] * 1500) if kind.endswith("json") else "\n".join(map(str, [row] * 1500))
    file = tmp_path / "body"
    file.write_text(text)
    exchange = sent(answer=text[:1000].encode(), answered=(("Content-Type", kind),))
    assert exchange.response is not None
    stored = StoredBody(file, len(text), "0" * 64, {"_customer_number": PHONE})
    exchange = replace(exchange, response=replace(exchange.response, stored=stored))
    redactor = Redactor(secrets=["canary-value"])
    response = redactor.exchange(exchange).response
    assert response is not None
    assert response.stored is not None
    shown = response.stored.path.read_text()
    assert not [one for one in (PHONE, MAIL, "canary-value") if one in shown]
    assert shown.count("[phone-1]") == shown.count("[email-1]") == 1500
    assert response.body.decode() == shown[:1000]
    assert response.stored.members == {"_customer_number": "[phone-1]"}
    if kind.endswith("json"):
        assert len(json.loads(shown)) == 1500
    redactor.close()
    assert not response.stored.path.exists()
    assert file.read_text() == text


def test_a_string_of_megabytes_is_masked_without_its_end_in_sight(tmp_path: Path) -> None:
    text = json.dumps({"data": "A" * 3_000_000, "password": "B" * 3_000_000, "phone": PHONE})
    file = tmp_path / "body"
    file.write_text(text)
    exchange = sent(answer=text[:100].encode())
    assert exchange.response is not None
    stored = StoredBody(file, len(text), "0" * 64)
    exchange = replace(exchange, response=replace(exchange.response, stored=stored))
    redactor = Redactor()
    response = redactor.exchange(exchange).response
    assert response is not None
    assert response.stored is not None
    shown = json.loads(response.stored.path.read_text())
    assert shown == {"data": "A" * 3_000_000, "password": "***", "phone": "[phone-1]"}
    redactor.close()


def test_an_item_knows_files_and_the_body_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(b"12345")
    gone = tmp_path / "gone.png"
    form = Form((Row(key="a", file=file, content_type="image/png"), Row(key="b", file=gone)))
    made = sent(f"x «5 bytes of {file.name}» y", form=form, answer=f'{{"p":"{PHONE}"}}'.encode())
    # The file is older than the request by its own clock.
    exchange = replace(made, started=made.started.replace(year=2100))
    item = exchange_item(exchange, Redactor())
    photo, missing = item.files
    assert (photo.size, photo.trouble) == (5, "")
    assert photo.sha256 == "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"
    assert missing.sha256 is None
    assert missing.trouble.startswith("not there any more")
    assert item.body_size == len(f'{{"p":"{PHONE}"}}')
    assert len(item.body_sha256) == 64
    assert item.answer.data == {"p": "[phone-1]"}
    file.write_bytes(b"changed")
    assert exchange_item(exchange, Redactor()).files[0].trouble == "changed since it was sent"


def test_a_preview_says_what_is_masked_and_where() -> None:
    exchange = sent(
        headers=(("Authorization", "Bearer abcdef1234567890"),),
        form=Form.of(("_phone_number", PHONE)),
        answer=json.dumps({"text": f"call {PHONE}"}).encode(),
    )
    shown = preview([exchange, replace(exchange, id="other")], RedactionRules())
    rows = {(row.rule, row.place, row.before, row.after, row.places) for row in shown.rows}
    assert (Rule.PHONES, "row _phone_number", PHONE, "[phone-1]", 2) in rows
    assert (Rule.PHONES, "body of the answer", PHONE, "[phone-1]", 2) in rows
    assert any(place == "header Authorization of the request" for _, place, *_ in rows)
    assert not any("abcdef1234567890" in before for _, _, before, *_ in rows)
    assert shown.more == 0
    assert preview([exchange], RedactionRules(), most=1).more > 0


# Digits that are no other shape: ten of them after a country code, with separators or without.
_NUMBERS = st.from_regex(
    r"\+[1-9][0-9]{1,2}[ -]?[2-9][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3,4}", fullmatch=True
)
_SECRETS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=6, max_size=20
)


@given(
    number=_NUMBERS,
    words=st.text(st.characters(codec="utf-8", exclude_categories=("N", "C")), max_size=20),
)
def test_no_number_survives_in_any_encoding(number: str, words: str) -> None:
    digits = "".join(filter(str.isdigit, number))
    exchange = sent(
        urlencode([("_phone_number", number), ("note", words)]),
        URLENCODED,
        form=Form.of(("_phone_number", number), ("note", words)),
        answer=json.dumps({"text": f"{words} {number}", "number": number, "as": digits}).encode(),
        url=f"http://gms.example/x?phone={quote_plus(number)}",
    )
    shown = Redactor().exchange(exchange)
    parts = (
        shown.request.url,
        shown.request.body_preview,
        answer_of(shown),
        str(shown.request.form),
    )
    for part in parts:
        assert digits not in "".join(filter(str.isdigit, part.replace("[phone-1]", "#")))
        assert "[phone-1]" in part
    assert json.loads(answer_of(shown))["number"] == "[phone-1]"
    assert parse_qsl(shown.request.body_preview)[0] == ("_phone_number", "[phone-1]")


@given(secret=_SECRETS, words=st.text(st.sampled_from("abc "), max_size=20))
def test_no_known_secret_survives_and_what_was_json_stays_json(secret: str, words: str) -> None:
    data = {"text": f"{words}{secret}{words}", "list": [secret], "inner": json.dumps([secret])}
    exchange = sent(
        urlencode([("note", f"{words} {secret}")]),
        URLENCODED,
        form=Form.of(("note", secret)),
        answer=json.dumps(data).encode(),
        url=f"http://gms.example/x?note={quote_plus(secret)}",
    )
    redactor = Redactor(RedactionRules(off=frozenset(Rule)), [secret])
    shown = redactor.exchange(exchange)
    forms = {secret, quote_plus(secret), json.dumps(secret)[1:-1]}
    for part in (shown.request.url, shown.request.body_preview, answer_of(shown)):
        assert not [form for form in forms if form in part.replace("***", "")]
    assert read_answer(shown).is_json
