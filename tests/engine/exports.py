"""What tests of exports share: a GMS on loopback, a Run to compare with, scripts as processes."""

import asyncio
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from gms_console.exporting.export import export_flow
from gms_console.exporting.types import Exported
from gms_console.flow.file import parse_flow, read_flow
from gms_console.flow.types import Flow
from gms_console.model.environment import Environment
from gms_console.runner.faces import own_sessions
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.results import RunSummary
from gms_console.runner.runner import Runner
from gms_console.wire.request import REQUEST_PATH
from tests.support.wire_server import (
    Answer,
    WireRequest,
    WireServer,
    by_request,
    json_answer,
)

_BOUNDARY = re.compile(rb"boundary=\"?([^\"\s;]+)")

CREATED = {
    "_id": "39a98e24-b03b-4191",
    "_access_number": "+1 (650) 555",
    "_access_code": "1234",
    "list": [{"name": "a b"}],
    "_action": "DisplayMenu",
    "_content": [
        {"_group_content": [{"_label": "Nothing", "_user_action_url": ""}]},
        {
            "_group_content": [
                "odd",
                {
                    "_label": "Connect me",
                    "_user_action_url": "/genesys/1/service/39a9/connect?a=b c",
                },
                {"_label": "Elsewhere", "_user_action_url": "http://127.0.0.9:1/x"},
            ]
        },
    ],
}


def gms(*states: str, created: object = None, others: object = None) -> Answer:
    """A GMS whose status request goes through these states, the last one for ever."""
    left = list(states)

    def choose(request: WireRequest) -> Answer:
        path = request.target.partition("?")[0]
        if path.endswith("/status"):
            return json_answer({"status": left.pop(0) if len(left) > 1 else left[0]})
        if path.count("/") == 4:  # /genesys/1/service/NAME
            return json_answer(CREATED if created is None else created)
        return json_answer({} if others is None else others)

    return by_request(choose)


def flow_in(folder: Path, text: str) -> Flow:
    """A flow in a file of its own, with a picture beside it."""
    (folder / "MyPic.png").write_bytes(b"\x89PNG\r\n\0\xff")
    file = folder / "flow.yaml"
    file.write_text(text, encoding="utf-8")
    return read_flow(file)


def steps(text: str) -> Flow:
    """A flow of nothing but steps, never saved."""
    return parse_flow(f"gms: 1\nsteps:\n{text}", "flow.yaml")


def place(server: WireServer) -> Environment:
    return Environment.parse(server.base_url, timeout=5)


def script_of(flow: Flow, to: str, server: WireServer, shell: str = "bash") -> Exported:
    return export_flow(flow, to, environment=place(server), shell=shell)


def carry_out(
    command: list[str], folder: Path, *, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a script in a folder of its own, without the settings of who runs the tests."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "CURL_HOME": str(folder)}
    own |= {"LC_ALL": "C.UTF-8", "no_proxy": "*", **(env or {})}
    return subprocess.run(
        command, cwd=folder, env=own, capture_output=True, text=True, check=False, timeout=40
    )


async def run_flow(flow: Flow, environment: Environment) -> RunSummary:
    """Carry a flow out as `gms-console run` does."""
    plan = RunPlan(flows=(PlannedFlow(flow, environment),))
    runner = Runner(
        plan,
        lambda _: None,
        sessions=own_sessions(),
        confirm=lambda _: True,
        request_path=lambda _service, _request: REQUEST_PATH,
    )
    return await runner.run()


async def same_requests(
    server: WireServer, flow: Flow, command: list[str], folder: Path, *states: str
) -> list[WireRequest]:
    """Check that a script sends what a Run of the flow sends; give what the Run sent."""
    server.default = gms(*states)
    summary = await run_flow(flow, place(server))
    assert summary.ok
    first = list(server.requests)
    server.default = gms(*states)
    done = await asyncio.to_thread(carry_out, command, folder)
    assert done.returncode == 0, done.stderr + done.stdout
    second = server.requests[len(first) :]
    for mine, its in zip(first, second, strict=False):
        assert shown(its) == shown(mine), its.target
    assert [one.target for one in second] == [one.target for one in first], done.stderr
    return first


def shown(request: WireRequest) -> tuple[str, str, str, bytes]:
    """A request without the boundary, which is each tool's own."""
    kind = next((v for k, v in request.headers if k.lower() == "content-type"), "")
    found = _BOUNDARY.search(request.head)
    body = request.body
    if found is not None:
        body = body.replace(found[1], b"BOUNDARY")
    return request.method, request.target, kind.partition(";")[0], body
