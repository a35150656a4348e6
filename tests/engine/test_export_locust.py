"""The exported Locust file, run as it is: what it sends, and what it counts under which name."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.exports import carry_out, flow_in, gms, same_requests, script_of
from tests.engine.test_export_httpx import STORY, WITH_CHOICE
from tests.support.wire_server import WireServer, unused_port

LOCUST = [sys.executable, "-m", "locust"]


def locust_file(text: str, folder: Path, server: WireServer) -> Path:
    exported = script_of(flow_in(folder, text), "locust", server)
    assert exported.left_out == ()
    file = folder / "locustfile.py"
    file.write_text(exported.text, encoding="utf-8")
    return file


def counted(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The statistics that Locust wrote, by kind and name."""
    with (folder / "figures_stats.csv").open(newline="") as lines:
        return {(row["Type"], row["Name"]): row for row in csv.DictReader(lines)}


async def test_one_user_sends_what_a_run_sends(wire: WireServer, tmp_path: Path) -> None:
    file = locust_file(WITH_CHOICE, tmp_path, wire)
    # One run and no more: the user ends itself.
    once = tmp_path / "once.py"
    once.write_text(
        "import gevent\n"
        "from locustfile import *\n"
        "whole = Caller.flow\n"
        "def once(user):\n"
        "    whole(user)\n"
        "    gevent.spawn(user.environment.runner.quit)\n"
        "    gevent.sleep(60)  # it is ended within\n"
        "Caller.tasks = [once]\n"
    )
    command = [*LOCUST, "-f", "once.py", "--headless", "-u", "1", "-r", "1", "--only-summary"]
    host = f"{wire.base_url}/genesys"
    await same_requests(
        wire,
        flow_in(tmp_path, WITH_CHOICE),
        [*command, "--host", host],
        tmp_path,
        "w",
        "agent-ready",
    )
    assert file.is_file()


def test_five_users_as_the_file_says(wire: WireServer, tmp_path: Path) -> None:
    wire.default = gms("agent-ready")
    file = locust_file(STORY.replace("wait: 10ms", "wait: 300ms"), tmp_path, wire)
    command = [*LOCUST, "-f", file.name, "--headless", "-u", "5", "-r", "5", "-t", "2s"]
    host = f"{wire.base_url}/genesys"
    done = carry_out([*command, "--host", host, "--csv", "figures"], tmp_path)
    assert done.returncode == 0, done.stderr
    rows = counted(tmp_path)
    names = {
        ("POST", "create request-inbound-poll"),
        ("POST", "status"),
        ("POST", "confirm"),
        ("GET", "info"),
        ("POST", "data"),
        ("POST", "cancel"),
        ("POLL", "status until status in [agent-ready, connected]"),
    }
    assert names <= set(rows)
    assert int(rows["POST", "create request-inbound-poll"]["Request Count"]) >= 5
    assert rows["", "Aggregated"]["Failure Count"] == "0"
    # No id stands in a name: there are as many names as steps and polls.
    assert len(rows) == len(names) + 1  # the sum
    sent = sum(
        int(row["Request Count"]) for (kind, _), row in rows.items() if kind not in {"", "POLL"}
    )
    assert int(rows["", "Aggregated"]["Request Count"]) == sent  # whole polls are no requests


def test_what_fails_is_counted_as_failed(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: request-x
  - poll: status
    every: 50ms
    within: 200ms
    until: {path: status, equals: never}
"""
    wire.default = gms("waiting")
    file = locust_file(text, tmp_path, wire)
    # Locust writes its figures each second.
    command = [*LOCUST, "-f", file.name, "--headless", "-u", "1", "-r", "1", "-t", "2s"]
    done = carry_out([*command, "--host", f"{wire.base_url}/genesys", "--csv", "figures"], tmp_path)
    assert done.returncode == 1
    poll = counted(tmp_path)["POLL", "status until status equals never"]
    assert poll["Failure Count"] == poll["Request Count"] != "0"
    assert float(poll["Min Response Time"]) >= 190  # the time of the whole poll, in ms


def test_a_failed_check_is_a_failure_of_its_request(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: request-x
    expect: [{http: [200, 201]}, {path: _id, exists: false}, {path: state, equals: on}]
"""
    wire.default = gms("waiting")
    file = locust_file(text, tmp_path, wire)
    command = [*LOCUST, "-f", file.name, "--headless", "-u", "1", "-r", "1", "-t", "2s"]
    done = carry_out([*command, "--host", f"{wire.base_url}/genesys", "--csv", "figures"], tmp_path)
    assert done.returncode == 1
    rows = counted(tmp_path)
    assert set(rows) == {("POST", "create request-x"), ("", "Aggregated")}
    row = rows["POST", "create request-x"]
    assert row["Failure Count"] == row["Request Count"] != "0"
    said = (tmp_path / "figures_failures.csv").read_text()
    assert "_id does not exist: found 39a98e24-b03b-4191; state equals on: found nothing" in said


def test_a_variable_without_a_value_is_said_once_and_nothing_is_sent(
    wire: WireServer, tmp_path: Path
) -> None:
    text = 'gms: 1\nsteps:\n  - {create: "{{which}}"}\n'
    file = locust_file(text, tmp_path, wire)
    command = [*LOCUST, "-f", file.name, "--headless", "-u", "3", "-r", "3", "-t", "2s"]
    done = carry_out([*command, "--host", wire.base_url], tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("which") == 1
    assert "Traceback" not in done.stderr
    assert wire.requests == []


@pytest.mark.timeout(40)
def test_a_master_and_a_worker(wire: WireServer, tmp_path: Path) -> None:
    """It takes long: Locust's master waits for its workers to come and to go."""
    wire.default = gms("agent-ready")
    file = locust_file(STORY, tmp_path, wire)
    port = str(unused_port())
    host = f"{wire.base_url}/genesys"
    ports = ["--master-port", port]
    worker = subprocess.Popen(
        [*LOCUST, "-f", file.name, "--worker", *ports, "--host", host],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        master = [*LOCUST, "-f", file.name, "--master", "--headless", "--expect-workers", "1"]
        users = ["-u", "2", "-r", "2", "-t", "1s", "--csv", "figures", "--host", host]
        done = carry_out(
            [*master, "--master-bind-host", "127.0.0.1", "--master-bind-port", port, *users],
            tmp_path,
        )
        assert done.returncode == 0, done.stderr
        assert worker.wait(10) == 0
    finally:
        worker.kill()
        worker.wait()
    assert int(counted(tmp_path)["POST", "status"]["Request Count"]) > 0
