import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gms_console.simulator import Simulator
from gms_console.simulator.neighbours.safe_pattern import PatternError, compiled
from tests.simulator.configured import configured
from tests.simulator.wire import (
    MULTIPART,
    URLENCODED,
    Reply,
    Rows,
    call,
    call_back,
    create,
    end,
    part,
    post,
)


def send(simulator: Simulator, path: str, rows: Rows, cache: str = "") -> Reply:
    headers = {**URLENCODED, **({"Cache-Control": cache} if cache else {})}
    return call(simulator, "POST", f"/genesys/1/{path}", urlencode(rows), headers)


def counted(simulator: Simulator, metric: str, about: str = "all", cache: str = "") -> Reply:
    rows = [("objectId", about), ("objectType", "Queue"), ("tenant", "Environment")]
    return send(simulator, "statistic", [*rows, ("metric", metric)], cache)


def test_each_node_leaves_load_balancing_and_comes_back_by_itself() -> None:
    with Simulator(nodes=2) as simulator:

        def status(node: int, path: str = "admin/node/status") -> Reply:
            return call(simulator, "GET", f"/genesys/1/{path}", node=node)

        assert [status(node).body for node in (1, 2)] == [b"ONLINE", b"ONLINE"]
        path = "/genesys/1/admin/node/changestatus"
        assert call(simulator, "POST", f"{path}/OFFLINE", node=2).status == 200
        assert [status(node).body for node in (1, 2)] == [b"ONLINE", b"OFFLINE"]
        assert [status(node, "node").body for node in (1, 2)] == [b"ONLINE", b"OFFLINE"]
        assert [node.online for node in simulator.control.view().nodes] == [True, False]
        [cookie] = status(2).all("Set-Cookie")
        assert cookie.endswith(".node2; Path=/genesys; HttpOnly")
        # It goes on answering whoever comes directly.
        assert call(simulator, "POST", "/genesys/1/service/hello", node=2).status == 200
        assert call(simulator, "POST", f"{path}/ONLINE", node=2).status == 200
        assert status(2).body == b"ONLINE"
        assert call(simulator, "POST", f"{path}/SLEEPING", node=1).status == 400
        assert call(simulator, "GET", f"{path}/OFFLINE", node=1).status == 405
        assert call(simulator, "GET", "/genesys/1/admin/node/else", node=1).status == 404


def test_values_are_matched_against_the_patterns_of_all_groups_or_of_one(tmp_path: Path) -> None:
    text = (
        "patterns.phone: {'911': '911', digits: '[0-9]+'}\n"
        "patterns.web: {email: '[^@ ]+@[^@ ]+'}\n"
        "patterns.bad: {slow: '(a+)+b'}\n"
    )
    with configured(tmp_path, text) as still:
        rows = [("a", "911"), ("b", "9110"), ("c", "x@y"), ("d", "911 x"), ("e", "1" * 129)]
        web = send(still, "patterns/group/web", rows)
        assert (web.status, web.json) == (200, {"c": "email"})
        assert send(still, "patterns/group/phone", rows).json == {"a": "911", "b": "digits"}
        body = part("b", b"42") + part("f", b"911", "f.txt") + end()
        target = "/genesys/1/patterns/group/phone"
        assert call(still, "POST", target, body, MULTIPART).json == {"b": "digits"}
        assert send(still, "patterns/group/web", []).json == {}
        assert send(still, "patterns/group/none", rows).status == 404
        wrong = send(still, "patterns", rows)
        assert (wrong.status, "[slow] of group [bad]" in wrong.json["message"]) == (500, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"[^@\s]+@[^@\s]+\.[a-z]{2,}", "a@b.de"),
        (r"(\d{1,3}\.){3}\d{1,3}", "127.0.0.1"),
        (r"(?P<area>\+?\d{1,3})[ -]?\(?\d{3}\)?[ -]?\d{4}", "+1 650 4669"),
        (r"(?:ab){2}[](+*]?x*?", "abab]x"),
    ],
    ids=["mail", "address", "phone", "odd"],
)
def test_usual_patterns_are_usable(text: str, value: str) -> None:
    assert compiled(text).fullmatch(value)


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+",
        "(a|ab)*",
        "((a?)b)+",
        "(a|a){40}",
        "(a{1,30}){1,30}",
        "a?" * 30,
        "x(",
        "[a",
        "x" * 1001,
    ],
    ids=["nested", "branches", "inner", "counted", "both", "many", "open", "set", "long"],
)
def test_patterns_that_are_wrong_or_could_take_forever_are_refused(text: str) -> None:
    with pytest.raises(PatternError):
        compiled(text)


def test_statistics_count_what_there_is(still: Simulator) -> None:
    for service in ("VOICE-WAIT-USERTERM", "VOICE-WAIT-USERTERM", "VOICE-WAIT-USERORIG"):
        call_back(still, service)
    assert counted(still, "CurrentNumberOfQueuedCallbacks").json == {"value": 3}
    about = counted(still, "CurrentNumberOfQueuedCallbacks", "VOICE-WAIT-USERORIG")
    assert about.json == {"value": 1}
    assert about.all("Content-Type") == ["application/json;charset=utf-8"]
    assert counted(still, "CurrNumberWaitingCalls").json == {"value": 3}
    post(still, f"{create(still, 'request-chat')}/ixn/chat")
    call(still, "POST", "/genesys/2/chat/sales")
    assert counted(still, "CurrentNumberOfChats").json == {"value": 2}
    assert counted(still, "CurrentNumberOfChats", "sales").json == {"value": 1}
    assert counted(still, "ExpectedWaitTime").json == {"value": 0}
    still.clock.advance(11)
    known = {"CurrentBusyAgents": 5, "CurrentReadyAgents": 15, "CurrentLoggedInAgents": 20}
    assert {name: counted(still, name).json["value"] for name in known} == known
    for agent in still.control.view().agents:
        still.control.set_away(agent.name, True)
    # The two that talk in chats go on; the others are with callbacks or gone.
    assert counted(still, "CurrentReadyAgents").json == {"value": 0}
    assert counted(still, "ExpectedWaitTime").json == {"value": -1}


def test_a_statistic_may_be_as_old_as_the_request_allows(still: Simulator) -> None:
    young = counted(still, "CurrentNumberOfQueuedCallbacks", cache="max-age=30")
    assert (young.all("Age"), young.all("Cache-Control")) == (["0"], ["max-age=30"])
    call_back(still, "VOICE-WAIT-USERTERM")
    still.clock.advance(5.5)
    old = counted(still, "CurrentNumberOfQueuedCallbacks", cache="no-transform, max-age=30")
    assert (old.json, old.all("Age")) == ({"value": 0}, ["5"])
    new = counted(still, "CurrentNumberOfQueuedCallbacks", cache="max-age=5")
    assert (new.json, new.all("Age")) == ({"value": 1}, ["0"])


@pytest.mark.parametrize("left_out", ["objectId", "objectType", "metric", "known"])
def test_a_statistic_that_is_not_well_defined_is_forbidden(
    simulator: Simulator, left_out: str
) -> None:
    rows = {"objectId": "q", "objectType": "Queue", "metric": "CurrentNumberOfChats"}
    if left_out == "known":
        rows["metric"] = "NumberOfUnicorns"
    else:
        del rows[left_out]
    refused = send(simulator, "internal_statistic", list(rows.items()))
    assert (refused.status, list(refused.json)) == (403, ["exception", "message"])
    missing = rows["metric"] if left_out == "known" else left_out
    assert re.search(rf"\[{missing}\]", refused.json["message"])


def test_only_the_internal_statistic_and_the_old_node_status_ask_for_no_password(
    tmp_path: Path,
) -> None:
    text = "server: {username: default, password: password}\nstatistics: {Chats: chats}\n"
    with configured(tmp_path, text) as still:
        rows = [("objectId", "q"), ("objectType", "Queue"), ("statisticType", "Chats")]
        assert send(still, "statistic", rows).status == 401
        assert send(still, "internal_statistic", rows).json == {"value": 0}
        paths = ("node", "admin/node/status")
        assert [call(still, "GET", f"/genesys/1/{path}").status for path in paths] == [200, 401]
