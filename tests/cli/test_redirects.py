"""Redirects on the command line: each hop is told, and another place is never followed."""

from gms_console.cli.exits import Exit
from tests.cli.conftest import Cli
from tests.support.wire_server import Answer, WireServer, json_answer, text_answer


def moved(where: str, status: int = 302) -> Answer:
    """An answer that leads to another place."""
    return text_answer("moved", status, [("Location", where)])


def test_each_hop_is_a_line_and_the_last_answer_counts(cli: Cli, server: WireServer) -> None:
    server.script(moved("/gw/one", 307), moved("two"), json_answer({"_id": "a1"}))
    ended = cli("send", "s", "--url", server.base_url)
    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert lines[0].startswith("HTTP 200")
    assert lines[1:4] == [
        f"Redirected     {server.url('/genesys/1/service/s')} 307 -> /gw/one",
        f"Redirected     {server.url('/gw/one')} 302 -> two",
        "Id             a1",
    ]


def test_the_hops_are_in_the_json_only_where_there_were_some(cli: Cli, server: WireServer) -> None:
    server.script(moved("/gw/one", 307), json_answer({"_id": "a1"}), json_answer({}))
    data = cli("send", "s", "--url", server.base_url, "--format", "json").json
    assert data["redirects"] == [
        {"status": 307, "url": server.url("/genesys/1/service/s"), "location": "/gw/one"}
    ]
    assert data["request"]["url"] == server.url("/gw/one")
    assert data["answer"]["id"] == "a1"
    plain = cli("send", "s", "--url", server.base_url, "--format", "json").json
    assert "redirects" not in plain


def test_a_circle_is_an_error_that_names_the_addresses(cli: Cli, server: WireServer) -> None:
    server.script(moved("/gw", 307), moved("/gw", 307))
    ended = cli("send", "s", "--url", server.base_url)
    assert ended.code == Exit.TRANSPORT
    assert "led astray" in ended.out.splitlines()[0]
    assert "in a circle" in ended.err
    assert server.url("/gw") in ended.err
    assert len(server.requests) == 2


def test_another_place_is_not_followed_and_the_report_says_where_it_is(
    cli: Cli, server: WireServer
) -> None:
    with WireServer() as other:
        server.script(moved(other.url("/x"), 307))
        ended = cli("send", "s", "--url", server.base_url)
        assert ended.code != 0
        assert f"Not followed   {other.url('/x')}: It leads to another port" in ended.out
        data = cli("send", "s", "--url", server.base_url, "--format", "json").json
        assert data["response"]["status"] == 307
        assert "redirects" not in data
        assert other.connections == 0
