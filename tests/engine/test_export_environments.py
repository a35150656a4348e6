"""What scripts take over of an environment: the way to it, and secrets by name alone."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.exporting.export import export_flow
from gms_console.model.connection import GuardLevel, Proxy, ProxyMode, Tls
from gms_console.model.credentials import Credentials, Login
from gms_console.model.environment import Environment
from tests.engine.exports import steps

FLOW = steps("  - create: callback/callme\n    as: call\n  - request: cancel\n")
SECRETS = ("pw-canary", "svc-canary", "proxy-canary", "key-canary", "header-canary")

FULL = replace(
    Environment.parse("https://gms.example:8443/GMS-web/gms", timeout=20),
    connect_timeout=3.0,
    total_timeout=60.0,
    http2=True,
    headers=(("X-One", "it's"), ("X-Secret", "header-canary")),
    secret_headers=frozenset({"x-secret"}),
    tls=Tls(ca_file=Path("/etc/ca.pem"), certificate=Path("/etc/me.pem"), passphrase="key-canary"),
    proxy=Proxy(
        mode=ProxyMode.EXPLICIT, url="http://proxy:3128", user="me", password="proxy-canary"
    ),
    credentials=Credentials(
        server=Login(user="all", password="pw-canary"),
        services=(("callme", Login(password="svc-canary")),),
    ),
    guard=GuardLevel.CONFIRM_EVERY,
)


def text_of(to: str, environment: Environment = FULL, shell: str = "bash") -> str:
    exported = export_flow(FLOW, to, environment=environment, shell=shell)
    assert any("guard" in one for one in exported.left_out)
    return exported.text


@pytest.mark.parametrize("to", ["curl", "httpx", "locust", "postman"])
@pytest.mark.parametrize("shell", ["bash", "cmd", "powershell"])
def test_no_secret_stands_in_it(to: str, shell: str) -> None:
    text = text_of(to, shell=shell)
    assert [one for one in SECRETS if one in text] == []
    # The password of the service goes before that of the server.
    assert "GMS_PASSWORD_CALLME" in text
    assert "GMS_PROXY_PASSWORD" in text


def test_curl_takes_the_same_way() -> None:
    text = text_of("curl")
    for line in (
        "--connect-timeout 3",
        "--max-time 60",
        "--http2",
        "--cacert /etc/ca.pem",
        "--cert /etc/me.pem",
        '--pass "${GMS_KEY_PASSPHRASE}"',
        "--proxy http://proxy:3128",
        '--proxy-user "me:${GMS_PROXY_PASSWORD}"',
        "--header 'X-One: it'\\''s'",
        '--header "X-Secret: ${GMS_HEADER_X_SECRET}"',
    ):
        assert f"  {line}\n" in text
    assert '--user "all:${GMS_PASSWORD_CALLME}"' in text
    assert "BASE=${BASE:-https://gms.example:8443/GMS-web/gms}" in text


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is needed")
def test_bash_can_read_it() -> None:
    done = subprocess.run(
        ["bash", "-n"], input=text_of("curl"), text=True, check=False, capture_output=True
    )
    assert done.stderr == ""


@pytest.mark.parametrize("to", ["httpx", "locust"])
def test_python_can_read_it(to: str) -> None:
    text = text_of(to)
    compile(text, "script.py", "exec")
    assert 'basic("all", GMS_PASSWORD_CALLME)' in text
    assert '"X-Secret": GMS_HEADER_X_SECRET' in text


def test_httpx_takes_the_same_way() -> None:
    text = text_of("httpx")
    assert '"timeout": httpx.Timeout(20, connect=3),' in text
    assert '"cert": ("/etc/me.pem", "/etc/me.pem", GMS_KEY_PASSPHRASE),' in text
    assert 'httpx.Proxy("http://proxy:3128", auth=("me", GMS_PROXY_PASSWORD))' in text


def test_locust_takes_the_same_way() -> None:
    text = text_of("locust")
    assert "TIMEOUT: Any = (3, 20)" in text
    assert '"http": "http://me:" + quote(GMS_PROXY_PASSWORD, safe="") + "@proxy:3128"' in text


def test_a_bearer_token_in_each() -> None:
    place = replace(FULL, credentials=Credentials(bearer="pw-canary"))
    assert '"Authorization: Bearer ${GMS_BEARER_TOKEN}"' in text_of("curl", place)
    assert "bearer(GMS_BEARER_TOKEN)" in text_of("httpx", place)
    request = json.loads(text_of("postman", place))["item"][0]["request"]
    assert request["auth"]["bearer"][0]["value"] == "{{GMS_BEARER_TOKEN}}"


def test_a_secret_typed_into_a_flow_is_masked() -> None:
    flow = steps("  - create: x\n    form: {note: my pw-canary}\n")
    exported = export_flow(flow, "curl", environment=FULL)
    assert "pw-canary" not in exported.text
    assert any("***" in one for one in exported.left_out)
