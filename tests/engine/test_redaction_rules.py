"""Which keys and texts are masked, which are not, and that the choice can be kept."""

import json

import pytest

from gms_console.evidence.json_redaction import redacted_json
from gms_console.evidence.pseudonyms import Pseudonyms
from gms_console.evidence.redaction import RedactionRules, Redactor, Rule
from gms_console.evidence.text_redaction import TextRedactor

SHOWN = [
    "2026-11-27T10:15:00.123+01:00",
    "port 8080 and 12345678 ms",
    "39a98e24-b03b-4191-b756-1efe8f3b16b8",
    "192.168.100.100:8080",
    "+48.85837009",
    "1764209100",
    "order 6504669999",
    "icon@2x.png",
    "Bearer token missing",
    "007555677B20000A",
]

MASKED = [
    ("call +1 650-466-9999 now", "call [phone-1] now"),
    ("call 6504669999, please", "call [phone-1], please"),
    ("(650) 466-9999", "[phone-1]"),
    ("00 49 89 12345678", "[phone-1]"),
    ("06 04 12 04 05", "[phone-1]"),
    ("tel:+498912345678,7684", "tel:[phone-1],7684"),
    ("_customer_number=%2B49151123456789&x=1", "_customer_number=[phone-1]&x=1"),
    ("Params: {_customer_number=+4915112345678, x=1}", "Params: {_customer_number=[phone-1], x=1}"),
    ('{"a_phone_number="6504669999"}', '{"a_phone_number="[phone-1]"}'),
    (r"{\"_phone_number\": \"6504669999\"}", r"{\"_phone_number\": \"[phone-1]\"}"),
    ("<phone>6504669999</phone>", "<phone>[phone-1]</phone>"),
    ("ada.lovelace+gms@example.com", "[email-1]"),
    ("ada%40example.com", "[email-1]"),
    ("/x;jsessionid=abc1234567890.node1?y=1", "/x;jsessionid=[cookie-1].node1?y=1"),
    ("Authorization: Basic YWRtaW46cGFzcw==", "Authorization: Basic ***"),
    ("Bearer abcdef1234567890", "Bearer [token-1]"),
    ("eyJhbGciOi.eyJzdWIi.c2ln", "[token-1]"),
    ("https://admin:geheim1@gms.example/x", "https://admin:***@gms.example/x"),
    ("http://h/p?_phone_number=6504669999", "http://h/p?_phone_number=[phone-1]"),
    ("phone: 6504669999, 650_466_9999", "phone: [phone-1], [phone-1]"),
    ("phone=6504669999 650&nbsp;466&nbsp;9999", "phone=[phone-1] [phone-1]"),
    ("+1\u2013650\u2013466\u20139999", "[phone-1]"),
    ("phone=6504669999 ６５０４６６９９９９", "phone=[phone-1] [phone-1]"),
    ("<phone><![CDATA[6504669999]]></phone>", "<phone><![CDATA[[phone-1]]]></phone>"),
    ("ada@example.com ada%2540example.com", "[email-1] [email-1]"),
    ("jwt_eyJhbGciOi.eyJzdWIi.c2ln", "jwt_[token-1]"),
    ("-eyJhbGciOi%2EeyJzdWIi%2Ec2ln", "-[token-1]"),
    ("bearer: abc", "bearer: [token-1]"),
    ("http://admin:p@ss@gms.example/x", "http://admin:***@gms.example/x"),
    (r"{'password': 'pa\'ss'}", "{'password': '***'}"),
    ("{&quot;password&quot;:&quot;hunter22&quot;}", "{&quot;password&quot;:&quot;***&quot;}"),
    (
        '<input id="x" name="csrf_token" value="a b">',
        '<input id="x" name="csrf_token" value="[token-1]">',
    ),
    ("/go?next=%2Fx%3Fpassword%3Dhunter22%26a%3Db", "/go?next=%2Fx%3Fpassword%3D***%26a%3Db"),
    ("x?to=a%253D1%2526phone%253D6504669999", "x?to=a%253D1%2526phone%253D[phone-1]"),
]


@pytest.mark.parametrize("text", SHOWN)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert Redactor().text(text) == text


@pytest.mark.parametrize(("text", "masked"), MASKED, ids=range(len(MASKED)))
def test_it_is_masked_wherever_it_stands_in_a_text(text: str, masked: str) -> None:
    assert Redactor().text(text) == masked
    assert Redactor().text(masked) == masked


@pytest.mark.parametrize(
    ("key", "value", "masked"),
    [
        ("_phone_number", "6504669999", "[phone-1]"),
        ("customerNumber", "7001", "[phone-1]"),
        ("_customer_number", "!+16504669999", "![phone-1]"),
        ("phone_type", "mobile", "mobile"),
        ("app_mobile", "1.2.3", "1.2.3"),
        ("_access_number", "8003449999", "8003449999"),
        ("_access_code", "7684", "7684"),
        ("_ors_session_id", "00JP3T5H8", "00JP3T5H8"),
        ("secureKey", "4ee15d7e1c343c8e", "[key-1]"),
        ("userId", "007555677B20000A", "007555677B20000A"),
        ("_device_notification_id", "APA91bH", "[token-1]"),
        ("push_notification_deviceid", "APA91bH", "[token-1]"),
        ("access_token", "abc", "[token-1]"),
        ("password", "x", "***"),
        ("email", "not an address", "[email-1]"),
        ("userData[phone]", "6504669999", "[phone-1]"),
        ("password", "", ""),
        ("_phone_number", "[phone-7]", "[phone-7]"),
    ],
)
def test_a_key_says_what_its_value_is(key: str, value: str, masked: str) -> None:
    assert Redactor().value(key, value) == masked


@pytest.mark.parametrize(
    ("rule", "key", "value"),
    [
        (Rule.CREDENTIALS, "password", "geheim99"),
        (Rule.COOKIES, "JSESSIONID", "abc1234567890"),
        (Rule.TOKENS, "push_token", "APA91bH"),
        (Rule.SECURE_KEYS, "secureKey", "4ee15d7e1c343c8e"),
        (Rule.PHONES, "_phone_number", "+16504669999"),
        (Rule.EMAILS, "email", "ada@example.com"),
        (Rule.OWN_KEYS, "loyalty_card", "77-AB"),
    ],
)
def test_each_rule_can_be_switched_off(rule: Rule, key: str, value: str) -> None:
    rules = RedactionRules(own_keys=("loyalty_*",))
    on = Redactor(rules)
    assert value not in on.value(key, value)
    assert [one.rule for one in on.tally()] == [rule.value]
    assert on.tally()[0].reason == rule.reason
    off = Redactor(rules.switched(rule, on=False))
    assert off.value(key, value) == value
    assert off.tally() == ()


def test_known_secrets_are_masked_whatever_the_rules_say() -> None:
    redactor = Redactor(RedactionRules(off=frozenset(Rule)), ["s3cret/ü"])
    assert redactor.text("a s3cret/ü b s3cret%2F%C3%BC") == "a *** b ***"
    redactor.also(["other-one"])
    assert redactor.value("plain", "it is other-one") == "it is ***"


def test_own_keys_are_names_in_any_casing_and_may_have_a_star() -> None:
    rules = RedactionRules(own_keys=("Customer_ID", "userData[*]"))
    redactor = Redactor(rules)
    assert redactor.value("customer_id", "4711-A") == "[value-1]"
    assert redactor.value("userData[city]", "Wien") == "[value-2]"
    assert redactor.value("userDatac", "Wien") == "Wien"
    assert redactor.text("the one called 4711-A") == "the one called [value-1]"


def test_a_choice_is_kept_and_read_again() -> None:
    rules = RedactionRules(frozenset({Rule.PHONES, Rule.EMAILS}), ("customer_id", "x*"))
    assert RedactionRules.from_data(json.loads(json.dumps(rules.as_data()))) == rules
    broken: tuple[object, ...] = (None, [], {"off": "phones", "own_keys": 3}, {"off": ["none", 7]})
    for data in broken:
        assert RedactionRules.from_data(data) == RedactionRules()


def test_the_same_number_has_one_name_however_it_is_written() -> None:
    redactor = Redactor()
    ways = ["+1 650-466-9999", "+16504669999", "6504669999", "(650) 466-9999", "0016504669999"]
    assert {redactor.value("_phone_number", way) for way in ways} == {"[phone-1]"}
    assert redactor.value("_phone_number", "+16504669998") == "[phone-2]"
    assert redactor.text("id 16504669999 here") == "id [phone-1] here"
    (tally,) = redactor.tally()
    assert (tally.places, tally.values) == (7, 2)


def test_an_access_number_is_shown_in_words_too_but_not_a_customer_who_dials_it() -> None:
    redactor = Redactor()
    assert redactor.value("_access_number", "+18003449999") == "+18003449999"
    assert redactor.value("_tel_url", "tel:8003440000,7684") == "tel:8003440000,7684"
    assert redactor.value("_access_number", "8003440000") == "8003440000"
    assert redactor.text("Please dial +1 800 344-9999") == "Please dial +1 800 344-9999"
    assert redactor.value("_phone_number", "+18003449999") == "[phone-1]"
    assert redactor.text("Please dial +1 800 344-9999") == "Please dial [phone-1]"


def test_an_own_key_masks_true_and_false_too_and_nothing_else_that_is_true() -> None:
    """A person chose the key: what it says may be what nobody is to know."""
    redactor = Redactor(RedactionRules(own_keys=("_provide_code",)))
    text = '{"_provide_code": true, "other": true, "none": {"_provide_code": null}}'
    texts = TextRedactor(redactor.rules, Pseudonyms())
    assert json.loads(redacted_json(text, texts)) == {
        "_provide_code": "[value-1]",
        "other": True,
        "none": {"_provide_code": None},
    }
    assert redactor.text("_provide_code=true&x=true") == "_provide_code=[value-1]&x=true"
    assert redactor.value("_provide_code", "false") == "[value-2]"
    assert redactor.data("", {"_provide_code": True, "x": True}) == {
        "_provide_code": "[value-1]",
        "x": True,
    }
