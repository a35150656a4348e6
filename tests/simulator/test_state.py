"""A demo that survives a restart: what the state file keeps, and what becomes of a damaged one."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gms_console.simulator import Simulator, SimulatorError
from tests.simulator.wire import (
    MULTIPART,
    SERVICE,
    URLENCODED,
    call,
    call_back,
    create,
    end,
    get,
    part,
    post,
    record,
    until,
)

MONDAY = datetime(2025, 6, 2, 10, tzinfo=UTC)


def started(path: Path) -> Simulator:
    """A simulator whose time stands still."""
    simulator = Simulator(state=path, speed=0.000001, start_time=MONDAY, nodes=2)
    simulator.start()
    return simulator


def shown(simulator: Simulator, made: str, chat: str, *callbacks: str) -> list[object]:
    """What apps see of an instance, a chat and callbacks, and the time by the clock."""
    records = [record(simulator, each) for each in callbacks]
    for each in records:
        del each["url"]  # it names the port
    return [
        post(simulator, f"{made}/status").json,
        post(simulator, f"{chat}/ixn/chat/refresh", [("transcriptPosition", "0")]).json,
        simulator.clock.utc().replace(microsecond=0),
        *records,
    ]


def test_everything_that_lives_goes_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    big = os.urandom(3 * 1024 * 1024)
    first = started(path)
    body = part("note", "für später".encode()) + part("small", b"\x00\xff", "a.bin", "image/png")
    body += part("large", big, "b.bin", "application/zip") + end()
    made = call(first, "POST", f"{SERVICE}/request-inbound-poll", body, MULTIPART).json["_id"]
    booked = post(first, "request-interaction", [("_provide_code", "true")]).json
    queued = call_back(first, "VOICE-WAIT-USERTERM", name="Ann").json["_id"]
    later = call_back(first, _desired_time="2025-06-03T10:00:00Z").json["_id"]
    chat = create(first, "request-chat")
    assert post(first, f"{chat}/ixn/chat", [("firstName", "Ann")]).status == 200
    post(first, f"{chat}/ixn/chat/send", [("message", "is anybody there?")])
    entry = call(first, "POST", "/genesys/1/storage/500", "colour=red", URLENCODED).json["id"]
    first.clock.advance(5)
    first.control.set_away("Zoe", True)
    first.control.set_node_online("node2", False)
    before = shown(first, made, chat, queued, later)
    taken = {agent.name: agent.instance for agent in first.control.view().agents}
    first.stop()
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600

    again = started(path)
    assert again.state_note == ""
    assert shown(again, made, chat, queued, later) == before
    view = again.control.view()
    assert {agent.name: agent.instance for agent in view.agents} == taken
    assert next(agent.state for agent in view.agents if agent.name == "Zoe") == "away"
    assert [node.online for node in view.nodes] == [True, False]
    assert get(again, f"{made}/storage/note").body == "für später".encode()
    small = get(again, f"{made}/storage/binary/small")
    assert (small.body, small.all("Content-Type")) == (b"\x00\xff", ["image/png"])
    assert get(again, f"{made}/storage/binary/large").body == big
    assert call(again, "GET", f"/genesys/1/storage/{entry}").json == {"colour": "red"}
    access = [("_access_number", booked["_access_number"])]
    wrong = [*access, ("_access_code", "x")]
    assert post(again, "match-interaction", wrong).status == 404
    right = [*access, ("_access_code", booked["_access_code"])]
    assert post(again, "match-interaction", right).json["_id"] == booked["_id"]
    # Time goes on from where it stood: the agent of the queued callback comes as expected.
    again.clock.advance(6)
    assert any(agent.instance == queued for agent in again.control.view().agents)
    assert call(again, "DELETE", f"{SERVICE}/{made}").status == 200
    again.stop()

    # What is gone is gone from the file too, with the content of its files.
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM files").fetchone() == (0,)
        kept = {row[0] for row in database.execute("SELECT id FROM things")}
    database.close()
    assert kept == {booked["_id"], queued, later, chat, entry}


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_a_kill_loses_no_more_than_the_last_second(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    command = [sys.executable, "-m", "gms_console", "simulate", "--state", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition(":")[2].partition("/")[0])
        url = f"http://127.0.0.1:{port}{SERVICE}/request-inbound-poll"
        script = (
            "import sys,urllib.request;print(urllib.request.urlopen(sys.argv[1],b'a=1').read())"
        )
        answer = subprocess.run(
            [sys.executable, "-c", script, url], capture_output=True, text=True, check=True
        )
        made = json.loads(answer.stdout.strip()[2:-1])["_id"]
        # Reading beside it is refused: nothing but the program itself has the file open.
        wal = path.with_name("demo.db-wal")
        until(lambda: made.encode() in wal.read_bytes(), seconds=20)
        process.send_signal(signal.SIGKILL)
    with Simulator(state=path) as simulator:
        assert get(simulator, f"{made}/storage").json == {"a": "1"}
        with pytest.raises(SimulatorError, match="in use"):
            Simulator(state=path).start()


@pytest.mark.parametrize("damage", ["text", "torn", "row"])
def test_a_damaged_file_is_moved_aside_with_a_word(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "demo.db"
    with Simulator(state=path) as first:
        create(first, "request-inbound-poll")
    if damage == "text":
        path.write_text("no database at all, but long enough to be looked at\n" * 50)
    elif damage == "torn":
        data = path.read_bytes()
        path.write_bytes(data[:100] + b"\xff" * 3000 + data[3100:])
    else:
        with sqlite3.connect(path) as database:
            database.execute("""UPDATE things SET body = '{"id": 7}'""")
        database.close()
    damaged = path.read_bytes()
    with Simulator(state=path) as again:
        [kept] = tmp_path.glob("demo.db.damaged-*")
        assert kept.read_bytes() == damaged
        assert str(path) in again.state_note
        assert kept.name in again.state_note
        assert again.control.view().instances == ()
        made = create(again, "request-inbound-poll")
    with Simulator(state=path) as third:
        assert third.state_note == ""
        assert get(third, f"{made}/storage").status == 200


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE mine (a)")
    database.close()
    with pytest.raises(SimulatorError, match="database of another program"):
        Simulator(state=path).start()
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT name FROM sqlite_schema").fetchall() == [("mine",)]
    database.close()
    newer = tmp_path / "newer.db"
    with Simulator(state=newer):
        pass
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(SimulatorError, match="later version"):
        Simulator(state=newer).start()
    with pytest.raises(SimulatorError, match="No such file"):
        Simulator(state=tmp_path / "no" / "folder.db").start()
