"""A demo that survives a restart: what the state file keeps, and what becomes of a damaged one."""

import http.client
import json
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

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

TALK = "/genesys/2/chat/customer-support"
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
        assert database.execute("SELECT count(DISTINCT id) FROM files").fetchone() == (0,)
        kept = {row[0] for row in database.execute("SELECT id FROM things")}
    database.close()
    assert kept == {booked["_id"], queued, later, chat, entry}


def test_a_chat_of_version_2_and_stored_files_go_on_too(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    first = started(path)
    body = part("photo", b"\x89PNG", "me.png", "image/png") + end()
    binary = call(first, "POST", "/genesys/1/storage/500", body, MULTIPART).json["id"]
    talk = call(first, "POST", f"{TALK}", "nickname=Ada&subject=A+bill", URLENCODED).json
    keys = {key: str(talk[key]) for key in ("userId", "secureKey", "alias")}
    first.clock.advance(5)
    call(first, "POST", f"{TALK}/{talk['chatId']}/refresh", urlencode(keys), URLENCODED)
    body = b"".join(part(key, value.encode()) for key, value in keys.items())
    body += part("file", b"what I noted", "note.txt", "text/plain") + end()
    sent = call(first, "POST", f"{TALK}/{talk['chatId']}/file", body, MULTIPART).json
    first.stop()
    again = started(path)
    photo = call(again, "GET", f"/genesys/1/storage/binary/{binary}/photo")
    assert (photo.body, photo.all("Content-Type")) == (b"\x89PNG", ["image/png"])
    file_id = sent["messages"][-1]["userData"]["file-id"]
    target = f"{TALK}/{talk['chatId']}/file/{file_id}/download"
    assert call(again, "POST", target, urlencode(keys), URLENCODED).body == b"what I noted"
    again.stop()


def test_a_kill_loses_no_more_than_the_last_second(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    command = [sys.executable, "-m", "gms_console", "simulate", "--state", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            host = urlsplit(process.stdout.readline().strip()).netloc
            connection = http.client.HTTPConnection(host, timeout=20)
            connection.request("POST", f"{SERVICE}/request-inbound-poll", "a=1", URLENCODED)
            made = json.loads(connection.getresponse().read())["_id"]
            connection.close()
            wal = path.with_name("demo.db-wal")
            until(lambda: made.encode() in wal.read_bytes(), seconds=20)
            # What is behind it in the log follows its commit.
            size = wal.stat().st_size
            until(lambda: wal.stat().st_size > size, seconds=20)
        finally:
            process.kill()
    with Simulator(state=path) as simulator:
        assert get(simulator, f"{made}/storage").json == {"a": "1"}
        with pytest.raises(SimulatorError, match="in use"):
            Simulator(state=path).start()


def test_a_full_disk_is_told_and_what_could_not_be_written_is_written_later(
    tmp_path: Path,
) -> None:
    path = tmp_path / "demo.db"
    with Simulator(state=path) as simulator:
        keeping = simulator._keeping
        assert keeping is not None
        assert keeping._file is not None
        database = keeping._file._db
        [pages] = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages}")
        made = create(simulator, "request-inbound-poll", [("a", "x" * 100_000)])
        until(lambda: "full" in simulator.control.view().state_error, seconds=20)
        assert get(simulator, f"{made}/storage").status == 200
        database.execute("PRAGMA max_page_count = 100000")
        until(lambda: simulator.control.view().state_error == "", seconds=20)
    with Simulator(state=path) as again:
        assert get(again, f"{made}/storage").json == {"a": "x" * 100_000}


@pytest.mark.parametrize("damage", ["text", "torn", "row", "clock", "pause"])
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
        statement = {
            "row": """UPDATE things SET body = '{"id": 7}'""",
            "clock": "UPDATE vals SET body = json_set(body, '$.reading', 'nan')",
            "pause": "UPDATE vals SET body = json_set(body, '$.pauses', json('{\"x\": [[1]]}'))",
        }[damage]
        with sqlite3.connect(path) as database:
            database.execute(statement)
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
    whole = path.read_bytes()
    with pytest.raises(SimulatorError, match="database of another program"):
        Simulator(state=path).start()
    assert path.read_bytes() == whole
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
    # What is no file, a device for instance, must not be renamed as damaged.
    with pytest.raises(SimulatorError, match="is no file"):
        Simulator(state=tmp_path).start()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["newer.db", "other.db"]
