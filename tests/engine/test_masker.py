"""Known secrets are masked by their values, however they are written."""

import html
import itertools
import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.model.connection import Proxy, ProxyMode, Tls
from gms_console.model.credentials import Credentials, Login
from gms_console.model.environment import Environment
from gms_console.model.form import Form
from gms_console.redaction import MASK, Masker, StreamMasker, secrets_of

SECRET = "p&ß'<\"/\\ s+%="
# None of what stands around them below, so that a match there is no chance.
plain = st.characters(exclude_categories=["Cs"], exclude_characters="*~&=")
secrets = st.text(plain, min_size=4, max_size=40)


@given(secret=secrets, before=st.text(plain, max_size=5), user=st.text("~", max_size=6))
def test_no_form_of_a_secret_is_left(secret: str, before: str, user: str) -> None:
    masker = Masker([secret])
    assert secret not in masker.mask(f"{before}{secret}{before}")
    for written in (json.dumps(secret), json.dumps({"a": secret}, ensure_ascii=False)):
        assert masker.mask(written).count(MASK) >= 1
    for written in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        assert masker.mask(f"a={written}&b=1") == f"a={MASK}&b=1"
    basic = b64encode(f"{user}:{secret}".encode()).decode()
    masked = masker.mask(f"Basic {basic}")
    assert basic not in masked
    # What is left of the base64 tells less than one character of the secret at each end.
    left = masked.removeprefix("Basic ").partition(MASK)
    assert len(left[2].rstrip("=")) <= 1
    known = b64decode(left[0] + "=" * (-len(left[0]) % 4)) if len(left[0]) % 4 != 1 else b""
    assert len(known) <= len(f"{user}:".encode()) + 1


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        html.escape(SECRET),
        html.escape(SECRET, quote=False),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
    ],
)
def test_a_secret_is_found_as_answers_write_it(written: str) -> None:
    assert Masker([SECRET]).mask(f"before {written} after") == f"before {MASK} after"


@pytest.mark.parametrize(
    "written",
    [
        'tok\\u0026en\\u003dABC+\\u003c\\u003e\\u0027\\"\u00e4\\u003d\\u003d',  # Gson
        "tok\\u0026en=ABC\\u002B\\u003C\\u003E\\u0027\\u0022\\u00E4==",  # .NET
    ],
)
def test_a_secret_is_found_where_json_is_escaped_for_a_page(written: str) -> None:
    masker = Masker(["tok&en=ABC+<>'\"\u00e4=="])
    assert masker.mask(f"before {written} after") == f"before {MASK} after"


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16", "utf-16-le", "utf-16-be"])
def test_bytes_are_masked_in_the_charset_that_they_have(charset: str) -> None:
    text = '{"a": "p\u00e4ssword", "b": "cGFzc3dvcmQ"}'
    masked = Masker(["p\u00e4ssword", "password"]).mask_bytes(text.encode(charset))
    assert masked.decode(charset) == f'{{"a": "{MASK}", "b": "{MASK}Q"}}'


def test_base64_of_the_other_alphabet_is_found() -> None:
    secret = "\u00ff\u00fe>>??\u00ff"
    written = urlsafe_b64encode(secret.encode()).decode()
    assert {"-", "_"} & set(written)
    assert MASK in Masker([secret]).mask(written)


def test_the_longer_of_two_secrets_is_masked_first() -> None:
    assert Masker(["secret", "secret-long"]).mask("secret-long, secret") == f"{MASK}, {MASK}"


def test_short_values_are_left_alone() -> None:
    masker = Masker(["", "a", "abc"])
    assert not masker
    assert masker.mask("abc and more") == "abc and more"


def test_json_is_masked_in_values_and_on_demand_in_names() -> None:
    masker = Masker(["status", "12345678"])
    data = {"status": ["the status", 12345678, True, None, {"x": ("status",)}]}
    masked = [f"the {MASK}", MASK, True, None, {"x": [MASK]}]
    assert masker.mask_all(data) == {"status": masked}
    assert masker.mask_all(data, keys=True) == {MASK: masked}


def test_all_secrets_of_an_environment_are_known() -> None:
    environment = replace(
        Environment.parse("http://localhost/"),
        headers=(
            ("apikey", "the-api-key"),
            ("X-Site", "from-the-store"),
            ("Authorization", f"Basic {b64encode(b'user:typed:password').decode()}"),
            ("X-Trace", "no secret"),
        ),
        secret_headers=frozenset({"x-site"}),
        proxy=Proxy(mode=ProxyMode.EXPLICIT, url="http://localhost:3128", password="proxy-pw"),
        tls=Tls(passphrase="key-passphrase"),
        credentials=Credentials(
            server=Login(user="server-user", password="server-pw"),
            services=(("callme", Login(password="service-pw")), ("other", Login(user="u"))),
            bearer="bearer-token",
        ),
    )
    basic = b64encode(b"user:typed:password").decode()
    assert set(secrets_of(environment)) == {
        "the-api-key", "from-the-store", f"Basic {basic}", basic, "typed:password", "proxy-pw",
        "key-passphrase", "server-pw", "service-pw", "bearer-token",
    }  # fmt: skip
    form = Form.of(("password", "row password"), ("secureKey", "row key"), ("name", "row name"))
    masker = Masker.of(environment, form)
    text = "row password, row key, row name, no secret, server-user, server-pw"
    assert masker.mask(text) == f"{MASK}, {MASK}, row name, no secret, server-user, {MASK}"
    assert "row password" not in repr(masker)


def test_what_follows_a_scheme_but_is_no_pair_is_masked_all_the_same() -> None:
    for value in ("Basic not*base64", "Basic /w==", "Digest abcd"):
        environment = Environment.parse("http://h/", headers=(("Authorization", value),))
        assert value.partition(" ")[2] in secrets_of(environment)


def test_a_percent_encoded_answer_keeps_what_is_no_secret() -> None:
    text = quote("a b&c=" + SECRET + "&d")
    assert unquote(Masker([SECRET]).mask(text)) == f"a b&c={MASK}&d"


# --- piece by piece --------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=12), max_size=8), st.integers(0, 30))
def test_a_secret_is_masked_wherever_a_piece_ends(around: list[bytes], cut: int) -> None:
    secret = b"correct horse"
    whole = b"--" + secret.join(one.replace(b"c", b"") for one in around) + secret
    stream = StreamMasker(Masker([secret.decode()]))
    got = stream.feed(whole[:cut]) + stream.feed(whole[cut:]) + stream.end()
    assert got == Masker([secret.decode()]).mask_bytes(whole)
    assert secret not in got


@given(
    st.lists(st.sampled_from(["abcd1234", "abcd1234efgh", "1234efgh9", "x", "\0"]), max_size=9),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
    st.lists(st.integers(0, 200), max_size=4),
)
def test_secrets_within_each_other_are_masked_wherever_pieces_end(
    parts: list[str], charset: str, cuts: list[int]
) -> None:
    """A shorter secret at the end of a piece may go on as a longer one."""
    masker = Masker(["abcd1234", "abcd1234efgh"])
    whole = "-".join(parts).encode(charset)
    stream = StreamMasker(masker)
    places = [0, *sorted(cuts), len(whole)]
    pieces = [whole[start:end] for start, end in itertools.pairwise(places)]
    got = b"".join(map(stream.feed, pieces)) + stream.end()
    assert got == masker.mask_bytes(whole)
