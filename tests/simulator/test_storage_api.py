from pathlib import Path
from urllib.parse import urlencode

from gms_console.simulator import Simulator
from tests.simulator.configured import configured
from tests.simulator.wire import (
    MULTIPART,
    SERVICE,
    URLENCODED,
    Reply,
    Rows,
    call,
    create,
    end,
    part,
    post,
)

ROOT = "/genesys/1/storage"
PNG = bytes(range(256)) * 8
ADA = {"gms_user": "ada"}
BOB = {"gms_user": "bob"}


def put(
    simulator: Simulator, path: str, rows: Rows, headers: dict[str, str] | None = None
) -> Reply:
    sent = {**URLENCODED, **(headers or {})}
    return call(simulator, "POST", f"{ROOT}/{path}", urlencode(rows), sent)


def read(simulator: Simulator, path: str, headers: dict[str, str] | None = None) -> Reply:
    return call(simulator, "GET", f"{ROOT}/{path}", headers=headers)


def test_data_and_files_are_kept_for_their_time(still: Simulator) -> None:
    body = part("city", "Köln & Bonn".encode()) + part("_state", b"1")
    body += part("Pic", PNG, "ü.png", "image/png") + end()
    stored = call(still, "POST", f"{ROOT}/60", body, MULTIPART)
    made = stored.json["id"]
    assert (stored.status, list(stored.json)) == (200, ["id"])
    assert read(still, made).json == {"city": "Köln & Bonn", "_state": "1", "Pic": "ü.png"}
    assert read(still, f"{made}/city").body.decode() == "Köln & Bonn"
    assert read(still, f"{made}/Pic").body.decode() == "ü.png"
    binary = read(still, f"binary/{made}/Pic")
    assert (binary.body, binary.all("Content-Type")) == (PNG, ["image/png"])
    assert read(still, f"binary/{made}/city").body.decode() == "Köln & Bonn"
    still.clock.advance(50)
    changed = put(still, f"{made}/30", [("city", "Mainz"), ("zip", "55116")])
    assert (changed.status, changed.json) == (200, {"id": made})
    still.clock.advance(29)
    now = {"_state": "1", "Pic": "ü.png", "city": "Mainz", "zip": "55116"}
    assert read(still, made).json == now
    still.clock.advance(2)
    gone = [read(still, path) for path in (made, f"{made}/city", f"binary/{made}/Pic")]
    assert [each.status for each in gone] == [404, 404, 404]
    assert f"[{made}]" in gone[0].json["message"]
    assert put(still, f"{made}/30", [("a", "1")]).status == 404


def test_a_wrong_time_is_thirty_seconds_and_what_is_deleted_is_gone(still: Simulator) -> None:
    made = [
        put(still, ttl, [("a", "1")]).json["id"] for ttl in ("0", "-5", "soon", "1e3", "9" * 15)
    ]
    assert read(still, f"{made[0]}/nothing").status == 404
    still.clock.advance(29.9)
    assert [read(still, each).status for each in made] == [200] * 5
    still.clock.advance(0.2)
    assert [read(still, each).status for each in made] == [404] * 4 + [200]
    deleted = [call(still, "DELETE", f"{ROOT}/{made[4]}") for _ in range(2)]
    assert [(each.status, each.body[:1]) for each in deleted] == [(200, b""), (404, b"{")]
    assert call(still, "PUT", f"{ROOT}/{made[4]}").status == 405
    assert [read(still, path).status for path in ("", "a/b/c", "binary/a")] == [404, 404, 404]


def test_an_id_of_ones_own_belongs_to_one_user(still: Simulator) -> None:
    assert put(still, "custom/my-basket/60", [("a", "1")]).status == 400
    made = put(still, "custom/my-basket/60", [("a", "1"), ("b", "2")], ADA)
    assert (made.status, made.json) == (200, {"id": "my-basket"})
    for path in ("my-basket", "my-basket/a", "binary/my-basket/a"):
        statuses = [read(still, path, user).status for user in (ADA, BOB, None)]
        assert statuses == [200, 403, 403]
    assert put(still, "my-basket/60", [("a", "3")], BOB).status == 403
    assert put(still, "custom/my-basket/60", [("a", "3")], BOB).status == 403
    assert call(still, "DELETE", f"{ROOT}/my-basket", headers=BOB).status == 403
    assert put(still, "my-basket/60", [("a", "3")], ADA).status == 200
    assert read(still, "my-basket", ADA).json == {"a": "3", "b": "2"}
    assert put(still, "custom/my-basket/60", [("c", "4")], ADA).status == 200
    assert read(still, "my-basket", ADA).json == {"c": "4"}
    assert call(still, "DELETE", f"{ROOT}/my-basket", headers=ADA).status == 200
    assert put(still, "custom/my-basket/60", [], BOB).status == 200


def test_the_data_of_a_service_is_read_by_its_data_id(still: Simulator) -> None:
    made = create(still, "request-interaction", [("city", "Mainz")])
    number = post(still, f"{made}/storage", [("zip", "55116")])
    assert number.status == 200
    booked = post(still, "request-interaction", [("city", "Trier")]).json
    matched = post(still, "match-interaction", [("_access_number", booked["_access_number"])])
    assert read(still, matched.json["_data_id"]).json == {"city": "Trier"}
    assert read(still, f"{matched.json['_data_id']}/city").body == b"Trier"
    assert read(still, made).status == 404


def test_files_of_other_types_are_refused_under_file_control(tmp_path: Path) -> None:
    text = (
        "service.request-inbound-poll: {_service: request-inbound-poll}\n"
        "server: {allow-file-control: true, allowed-mime-types: [image/*, text/plain]}\n"
    )
    with configured(tmp_path, text) as still:
        made = create(still, "request-inbound-poll")
        services = (f"{made}/storage", "request-inbound-poll")
        for target in (f"{ROOT}/60", *(f"{SERVICE}/{each}" for each in services)):
            sent = [
                call(still, "POST", target, part("f", b"x", "f", kind) + end(), MULTIPART).status
                for kind in ("image/png", "TEXT/plain; charset=utf-8", "application/pdf", "")
            ]
            assert sent == [200, 200, 400, 400]
