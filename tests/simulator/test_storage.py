import pytest

from gms_console.simulator import Simulator
from tests.simulator.wire import MULTIPART, SERVICE, call, create, end, get, part, post

PNG = bytes(range(256)) * 8


def with_file(simulator: Simulator, service: str) -> str:
    body = (
        part("_provide_code", b"true")
        + part("language", b"french")
        + part("FileKey", PNG, "MyPic ü.png", "image/png")
        + end()
    )
    reply = call(simulator, "POST", f"{SERVICE}/{service}", body, MULTIPART)
    assert reply.status == 200
    created = reply.json["_id"]
    assert isinstance(created, str)
    return created


@pytest.mark.parametrize("service", ["request-interaction", "request-inbound-poll"])
def test_a_file_comes_back_byte_for_byte(simulator: Simulator, service: str) -> None:
    made = with_file(simulator, service)
    everything = get(simulator, f"{made}/storage")
    assert everything.json == {"language": "french", "FileKey": "MyPic ü.png"}
    binary = get(simulator, f"{made}/storage/binary/FileKey")
    assert (binary.status, binary.body) == (200, PNG)
    assert binary.all("Content-Type") == ["image/png"]
    assert get(simulator, f"{made}/storage/FileKey").body.decode() == "MyPic ü.png"


def test_one_text_comes_back_raw(simulator: Simulator) -> None:
    made = create(simulator, "request-interaction", [("city", "Köln & Bonn")])
    for path in ("storage/city", "storage/binary/city"):
        reply = get(simulator, f"{made}/{path}")
        assert reply.body.decode() == "Köln & Bonn"
        assert reply.all("Content-Type") == ["text/plain;charset=utf-8"]


def test_service_parameters_are_not_stored_but_files_always_are(simulator: Simulator) -> None:
    body = part("_text", b"x") + part("_file", b"y", "f.bin") + end()
    reply = call(simulator, "POST", f"{SERVICE}/request-inbound-poll", body, MULTIPART)
    assert get(simulator, f"{reply.json['_id']}/storage").json == {"_file": "f.bin"}


def test_storage_is_added_to_and_changed(simulator: Simulator) -> None:
    made = create(simulator, "request-interaction", [("a", "1")])
    changed = post(simulator, f"{made}/storage", [("a", "2"), ("b", "3"), ("_c", "4")])
    assert (changed.status, changed.body) == (200, b"")
    body = part("pic", PNG, "p.bin") + end()
    assert call(simulator, "POST", f"{SERVICE}/{made}/storage", body, MULTIPART).status == 200
    assert get(simulator, f"{made}/storage").json == {"a": "2", "b": "3", "pic": "p.bin"}
    binary = get(simulator, f"{made}/storage/binary/pic")
    assert (binary.body, binary.all("Content-Type")) == (PNG, ["application/octet-stream"])


def test_the_last_of_duplicate_keys_wins(simulator: Simulator) -> None:
    made = create(simulator, "request-interaction", [("k", "first"), ("k", "last")])
    assert get(simulator, f"{made}/storage").json == {"k": "last"}


def test_a_key_is_deleted_once(simulator: Simulator) -> None:
    made = create(simulator, "request-interaction", [("a/b ü", "1"), ("c", "2")])
    target = f"{SERVICE}/{made}/storage/a%2Fb%20%C3%BC"
    assert call(simulator, "GET", target).body == b"1"
    assert call(simulator, "DELETE", target).status == 200
    assert call(simulator, "DELETE", target).status == 404
    assert get(simulator, f"{made}/storage").json == {"c": "2"}


@pytest.mark.parametrize("path", ["storage/nothing", "storage/binary/nothing"])
def test_a_missing_key_is_not_found(simulator: Simulator, path: str) -> None:
    made = create(simulator, "request-interaction")
    reply = get(simulator, f"{made}/{path}")
    assert reply.status == 404
    assert "[nothing]" in reply.json["message"]


def test_the_storage_of_nobody_is_not_found(simulator: Simulator) -> None:
    assert get(simulator, "nobody/storage").status == 404
    assert post(simulator, "nobody/storage", [("a", "1")]).status == 404


def test_an_ended_instance_is_gone_and_frees_its_number() -> None:
    with Simulator(pool=["1"]) as simulator:
        made = create(simulator, "request-interaction", [("a", "1")])
        ended = call(simulator, "DELETE", f"{SERVICE}/{made}")
        assert (ended.status, ended.body) == (200, b"")
        assert get(simulator, f"{made}/storage").status == 404
        assert call(simulator, "DELETE", f"{SERVICE}/{made}").status == 404
        assert post(simulator, "request-interaction").json["_access_number"] == "1"
