"""Names that begin with / are paths from the base path on, wherever a service can be named."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

import pytest

from gms_console.catalogue import builtin_catalogue
from gms_console.catalogue.catalogue import Catalogue
from gms_console.cli.app import run as command_line
from gms_console.exporting.export import export_flow
from gms_console.flow.types import StepKind
from gms_console.model.environment import Environment
from gms_console.runner.faces import catalogue_paths, own_sessions
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.runner import Runner
from tests.engine.exports import carry_out, shown, steps
from tests.engine.imports import BASE, imported
from tests.support.wire_server import Answer, WireRequest, WireServer, by_request, json_answer

FLOW = """\
  - create: /2/chat/customer-support
    as: talk
    form: {nickname: Ann, "userData[city]": Paris}
  - request: send text
    on: talk
    form: {userId: u, secureKey: s, alias: "117", message: hello}
  - create: /1/storage/3600
    as: kept
    form: {city: Paris}
  - request: read storage
    on: kept
    method: GET
  - create: /1/phonenumber
    method: GET
    form: {number: "0604120405", country: FR}
"""
SENT = [
    ("POST", "/genesys/2/chat/customer-support", b"nickname=Ann&userData%5Bcity%5D=Paris"),
    (
        "POST",
        "/genesys/2/chat/customer-support/00048aAPEQJ8000U/send",
        b"userId=u&secureKey=s&alias=117&message=hello",
    ),
    ("POST", "/genesys/1/storage/3600", b"city=Paris"),
    ("GET", "/genesys/1/storage/7c1e9a52", b""),
    ("GET", "/genesys/1/phonenumber?number=0604120405&country=FR", b""),
]


def answers() -> Answer:
    """A GMS that opens a chat and keeps data."""

    def choose(request: WireRequest) -> Answer:
        if request.target.endswith("/customer-support"):
            return json_answer({"statusCode": 0, "alias": "117", "chatId": "00048aAPEQJ8000U"})
        if request.target.endswith("/storage/3600"):
            return json_answer({"id": "7c1e9a52"})
        return json_answer({})

    return by_request(choose)


def sent(server: WireServer) -> list[tuple[str, str, bytes]]:
    return [(one.method, one.target, one.body) for one in server.requests]


@pytest.mark.parametrize(
    ("service", "kind", "name"),
    [
        ("/2/chat/sales", "chat-v2", "sales"),
        ("/2/chat", None, "/2/chat"),
        ("/2/chat/", None, "/2/chat/"),
        ("/1/chat/sales", None, "/1/chat/sales"),
        ("/1/storage/30", "storage", "/1/storage/30"),
        ("/1/storage/3600", "storage", "/1/storage/3600"),
        ("/1/storage/soon", None, "/1/storage/soon"),
        ("/1/storage/custom/mine/60", "storage-custom", "mine"),
        ("/1/patterns/group/vip", "patterns-group", "vip"),
        ("/2/service/callback/callme/availability", "availability-v2", "callme"),
        ("/1/nothing", None, "/1/nothing"),
        ("callback/callme", "callback", "callme"),
    ],
)
def test_a_path_is_of_the_kind_that_it_fits(service: str, kind: str | None, name: str) -> None:
    catalogue = builtin_catalogue()
    found = catalogue.kind(service)
    assert (found.name if found is not None else None) == kind
    assert catalogue.name_of(service) == name


def test_a_bound_name_has_the_path_of_its_kind() -> None:
    catalogue = Catalogue(builtin_catalogue().families, {"sales": "chat-v2"})
    kind = catalogue.kind("sales")
    assert kind is not None
    assert kind.service_text("sales") == "/2/chat/sales"
    assert kind.service_text() == "/2/chat/customer-support"
    assert catalogue.kind("/2/chat/sales") is kind


async def run(server: WireServer) -> bool:
    plan = RunPlan(flows=(PlannedFlow(steps(FLOW), Environment.parse(server.base_url)),))
    paths = catalogue_paths(builtin_catalogue())
    runner = Runner(
        plan,
        lambda _: None,
        sessions=own_sessions(),
        confirm=lambda _: True,
        request_path=paths,
    )
    return (await runner.run()).ok


@pytest.mark.parametrize("to", ["curl", "httpx"])
async def test_a_flow_and_its_script_send_the_same(
    wire: WireServer, tmp_path: Path, to: str
) -> None:
    wire.default = answers()
    assert await run(wire)
    assert sent(wire) == SENT
    exported = export_flow(
        steps(FLOW),
        to,
        environment=Environment.parse(wire.base_url),
        request_path=catalogue_paths(builtin_catalogue()),
    )
    assert exported.left_out == ()
    file = tmp_path / "script"
    file.write_text(exported.text, encoding="utf-8")
    bash = shutil.which("bash") or "bash"
    command = [bash, "--norc", str(file)] if to == "curl" else [sys.executable, str(file)]
    key = {"GMS_SECUREKEY": "s"}
    done = await asyncio.to_thread(carry_out, command, tmp_path, env=key)
    assert done.returncode == 0, done.stderr + done.stdout
    ran, carried = wire.requests[: len(SENT)], wire.requests[len(SENT) :]
    assert [shown(one) for one in carried] == [shown(one) for one in ran]


def test_other_scripts_have_the_same_addresses() -> None:
    def script(to: str, shell: str = "bash") -> str:
        return export_flow(
            steps(FLOW),
            to,
            environment=Environment.parse(BASE),
            shell=shell,
            request_path=catalogue_paths(builtin_catalogue()),
        ).text

    items = json.loads(script("postman"))["item"]
    addresses = [one["request"]["url"]["raw"] for one in items if "request" in one]
    assert addresses[0] == "{{base_url}}/2/chat/customer-support"
    assert addresses[1] == "{{base_url}}/2/chat/customer-support/{{id of talk}}/send"
    assert addresses[2:4] == [
        "{{base_url}}/1/storage/3600",
        "{{base_url}}/1/storage/{{id of kept}}",
    ]
    assert '"/" + url_path("2", "chat", "customer-support")' in script("locust")
    assert "%BASE%/2/chat/customer-support" in script("curl", "cmd")
    powershell = script("curl", "powershell")
    assert "$url = $root + '/2/chat/customer-support'" in powershell
    assert powershell.index("$root = $base") < powershell.index("$base += '/1/service'")


def test_commands_beside_services_become_creates_and_requests() -> None:
    found = imported(
        f"curl {BASE}/2/chat/sales -d nickname=Ann\n"
        f"curl {BASE}/1/storage/custom/my%20data/60 -d a=1\n"
        f"curl '{BASE}/1/phonenumber?number=1&country=FR'\n"
        f"curl {BASE}/1/service/request-interaction -d a=1\n"
        f"curl {BASE}/1/storage/a%2Fb\n"
        "curl http://elsewhere.example/1/nothing"
    )
    assert [(one.kind, one.name, one.method) for one in found.flow.steps] == [
        (StepKind.CREATE, "/2/chat/sales", "POST"),
        (StepKind.CREATE, "/1/storage/custom/my data/60", "POST"),
        (StepKind.CREATE, "/1/phonenumber", "GET"),
        (StepKind.CREATE, "request-interaction", "POST"),
    ]
    assert len(found.left_out) == 2
    assert found.base_urls == (BASE,)


def test_the_command_line_takes_a_path(
    wire: WireServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GMS_CONSOLE_HOME", str(tmp_path))
    watermarks = "/1/admin/callback/watermarks"
    rows = ["-p", "service_name=a b", "-p", "service_name=c"]
    assert command_line(["send", watermarks, "--method", "GET", *rows, "--url", wire.base_url]) == 0
    assert sent(wire) == [("GET", f"/genesys{watermarks}?service_name=a+b&service_name=c", b"")]
    assert command_line(["send", "/1//storage", "--url", wire.base_url]) == 2
    assert len(wire.requests) == 1
