"""The test of a connection goes the way of a send, names the failing stage, and only reads."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.certificates import forget_certificates
from gms_console.connection_check import (
    CheckResult,
    Outcome,
    Stage,
    StageReport,
    check_connection,
)
from gms_console.model.connection import GuardLevel, Proxy, ProxyMode, Tls
from gms_console.model.credentials import Credentials, Login
from gms_console.model.environment import Environment
from gms_console.simulator.server import Simulator
from gms_console.wire.request import prepare_create
from tests.engine.helpers import send
from tests.support.certificates import Authority
from tests.support.nginx import Nginx, Site, nginx
from tests.support.proxy import tinyproxy
from tests.support.wire_server import (
    UNKNOWN_HOST,
    Answer,
    WireRequest,
    WireServer,
    body_answer,
    by_request,
    cut_in_headers,
    hold,
    json_answer,
    refused_port,
    text_answer,
)

UNKNOWN = json_answer(
    {
        "exception": "com.genesyslab.gsg.GSGException",
        "message": "Service instance is not found, with canary-word",
    },
    404,
)
PAGE = body_answer(b"<html>404</html>", 404, [("Content-Type", "text/html")])
LOGIN = Login(user="default", password="canary")


def node(request: WireRequest) -> Answer:
    """A GMS of today: its node is online."""
    if request.target == "/genesys/1/admin/node/status":
        return text_answer("ONLINE")
    return UNKNOWN


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def gms() -> Iterator[WireServer]:
    with WireServer(default=by_request(node)) as server:
        yield server


@pytest.fixture(scope="module")
def site(
    gms: WireServer, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nginx]:
    """nginx before GMS: HTTP/2, an expired certificate, and passwords."""
    folder = tmp_path_factory.mktemp("nginx")
    logins = (
        ("/genesys/1/admin", "default:canary"),
        ("/genesys/1/service/request-chat", "chat:own"),
    )
    sites = (
        Site(authority.issue(), http2=True),
        Site(authority.issue(days=(-9, -1))),
        Site(authority.issue(), logins=logins),
        Site(authority.issue(), logins=(("/genesys", "default:canary"),)),
    )
    with nginx(folder, gms.port, *sites) as started:
        yield started


GOOD, EXPIRED, ADMIN_CLOSED, ALL_CLOSED = range(4)


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    forget_certificates()


def at(port: int, scheme: str = "http", **values: object) -> Environment:
    """An environment on this machine."""
    place = Environment.parse(f"{scheme}://127.0.0.1:{port}", timeout=5)
    # Each value has the type of its field.
    return replace(place, **values)  # type: ignore[arg-type]


async def check(place: Environment) -> CheckResult:
    """Check it; what was told on the way must be what came out, and hold no secret."""
    told: list[StageReport] = []
    result = await check_connection(place, told.append)
    assert [one.stage for one in result.stages] == list(Stage)
    ended = {one.stage: one for one in told if one.outcome is not Outcome.RUNNING}
    assert tuple(ended[stage] for stage in Stage) == result.stages
    assert all(one.text for one in result.stages)
    assert Outcome.RUNNING not in {one.outcome for one in result.stages}
    assert "canary" not in "".join(one.text for one in result.stages).replace("canary-word", "")
    failed = result.failed
    if failed is not None:
        later = result.stages[list(Stage).index(failed.stage) + 1 :]
        assert {one.outcome for one in later} <= {Outcome.SKIPPED, Outcome.UNKNOWN}
    assert all(one.request.method == "GET" for one in result.exchanges)
    return result


def outcome(result: CheckResult, stage: Stage) -> Outcome:
    """What came of a stage."""
    return next(one for one in result.stages if one.stage is stage).outcome


def words(result: CheckResult, stage: Stage) -> str:
    """What was said of a stage."""
    return next(one for one in result.stages if one.stage is stage).text


def fails_at(result: CheckResult, stage: Stage, *parts: str) -> None:
    """It fails there, in these words."""
    assert result.failed is not None, result.stages
    assert result.failed.stage is stage, result.stages
    assert result.failed.milliseconds is not None
    for part in parts:
        assert part in result.failed.text


# --- the way ------------------------------------------------------------------------------------


async def test_all_stages_of_a_good_way(site: Nginx, gms: WireServer, authority: Authority) -> None:
    before = len(gms.requests)
    place = at(
        site.ports[GOOD],
        "https",
        tls=Tls(ca_file=authority.file),
        http2=True,
        guard=GuardLevel.READ_ONLY,
        credentials=Credentials(server=LOGIN),
    )
    result = await check(place)
    assert result.failed is None, result.stages
    assert "127.0.0.1" in words(result, Stage.NAME)
    assert f"port {place.port}" in words(result, Stage.PORT)
    assert outcome(result, Stage.PROXY) is Outcome.SKIPPED
    assert words(result, Stage.TLS).startswith("TLSv1.3, HTTP/2; the certificate is for localhost")
    assert words(result, Stage.PATH) == "GMS is at /genesys; the node says ONLINE"
    assert words(result, Stage.CREDENTIALS) == "GMS accepts the user default"
    assert result.certificate is not None
    assert result.certificate.names == ("localhost", "127.0.0.1")
    assert [one.target for one in gms.requests[before:]] == ["/genesys/1/admin/node/status"]


async def test_a_name_that_nobody_knows_and_a_port_where_nobody_listens() -> None:
    result = await check(Environment.parse(f"http://{UNKNOWN_HOST}"))
    fails_at(result, Stage.NAME, UNKNOWN_HOST)
    with refused_port() as port:
        result = await check(at(port))
        fails_at(result, Stage.PORT, "refuses connections")
        assert outcome(result, Stage.NAME) is Outcome.OK
        result = await check(replace(at(port), host="localhost"))
        fails_at(result, Stage.PORT, "localhost refuses")
        assert "leads to " in words(result, Stage.NAME)


async def test_tls_that_fails_shows_the_certificate(site: Nginx, authority: Authority) -> None:
    result = await check(at(site.ports[EXPIRED], "https", tls=Tls(ca_file=authority.file)))
    fails_at(result, Stage.TLS, "expired on")
    assert result.certificate is not None
    result = await check(at(site.ports[GOOD], "https"))
    fails_at(result, Stage.TLS, "authority")
    result = await check(at(site.ports[GOOD], "https", tls=Tls(ca_file=Path("/nowhere/ca.pem"))))
    fails_at(result, Stage.TLS, "/nowhere/ca.pem")
    result = await check(at(site.ports[EXPIRED], "https", verify_tls=False))
    assert result.failed is None
    assert "NOT checked" in words(result, Stage.TLS)


async def test_https_where_plain_http_is_spoken(gms: WireServer, tmp_path: Path) -> None:
    with nginx(tmp_path, gms.port, Site()) as plain:
        result = await check(at(plain.ports[0], "https"))
    fails_at(result, Stage.TLS, "does not speak TLS on this port", "needs http")


async def test_through_a_proxy(
    site: Nginx, gms: WireServer, authority: Authority, tmp_path: Path
) -> None:
    tls = Tls(ca_file=authority.file)
    with tinyproxy(tmp_path, login=("tester", "canary"), connect_ports=(site.ports[GOOD],)) as via:
        proxy = Proxy(mode=ProxyMode.EXPLICIT, url=via.url, user="tester", password="canary")
        result = await check(at(site.ports[GOOD], "https", tls=tls, proxy=proxy))
        assert result.failed is None, result.stages
        assert "has connected to 127.0.0.1" in words(result, Stage.PROXY)
        assert f"port {via.port}" in words(result, Stage.PORT)
        result = await check(at(gms.port, proxy=proxy))
        assert result.failed is None, result.stages
        assert "passes requests on" in words(result, Stage.PROXY)
        assert outcome(result, Stage.PROXY) is Outcome.OK
        # Another port than those that it connects to, and without its login.
        result = await check(at(site.ports[EXPIRED], "https", tls=tls, proxy=proxy))
        fails_at(result, Stage.PROXY, "does not connect", "403")
        stranger = replace(proxy, user="", password="")
        for place in (at(site.ports[GOOD], "https", tls=tls), at(gms.port)):
            result = await check(replace(place, proxy=stranger))
            fails_at(result, Stage.PROXY, "wants a user name and a password")
    result = await check(at(gms.port, proxy=replace(proxy, url="socks5://h:1")))
    fails_at(result, Stage.PROXY, "SOCKS")
    with refused_port() as port:
        result = await check(at(gms.port, proxy=replace(proxy, url=f"http://127.0.0.1:{port}")))
        fails_at(result, Stage.PORT, f"The proxy 127.0.0.1:{port} refuses")


# --- path and credentials -------------------------------------------------------------------------


async def test_credentials_before_nginx(site: Nginx, authority: Authority) -> None:
    tls = Tls(ca_file=authority.file)
    wrong = Credentials(server=replace(LOGIN, password="other"))
    right = Credentials(server=LOGIN, services=(("request-chat", Login(user="chat")),))
    for port in (site.ports[ADMIN_CLOSED], site.ports[ALL_CLOSED]):
        place = at(port, "https", tls=tls)
        result = await check(replace(place, credentials=right))
        assert result.failed is None, result.stages
        said = words(result, Stage.CREDENTIALS)
        assert said.startswith("GMS accepts the user default; the credentials of request-chat")
        result = await check(replace(place, credentials=wrong))
        fails_at(result, Stage.CREDENTIALS, "does not accept the user default", "401")
    result = await check(at(site.ports[ALL_CLOSED], "https", tls=tls))
    fails_at(result, Stage.CREDENTIALS, "asks for credentials", "none are set")
    assert outcome(result, Stage.PATH) is Outcome.UNKNOWN
    result = await check(at(site.ports[ADMIN_CLOSED], "https", tls=tls))
    assert result.failed is None
    assert outcome(result, Stage.PATH) is Outcome.OK
    assert outcome(result, Stage.CREDENTIALS) is Outcome.UNKNOWN


async def test_a_service_takes_its_own_pair(
    site: Nginx, gms: WireServer, authority: Authority
) -> None:
    """User name and password are resolved separately (domain 1.8); nginx knows `chat:own`."""
    place = at(site.ports[ADMIN_CLOSED], "https", tls=Tls(ca_file=authority.file))
    half = Login(password="own")
    for services, status in (
        ((), 401),
        ((("request-chat", half),), 401),
        ((("request-chat", Login(user="chat", password="own")),), 404),
    ):
        credentials = Credentials(server=LOGIN, services=services)
        own = replace(place, credentials=credentials)
        exchange = await send(own, prepare_create(own, "request-chat"))
        assert exchange.response is not None
        assert exchange.response.status == status
        assert dict(exchange.request.headers)["Authorization"] == "Basic ***"
    # What reached GMS had passed nginx, and its credentials went along.
    assert gms.requests[-1].values("authorization") == ["Basic Y2hhdDpvd24="]
    mixed = Credentials(server=Login(user="chat"), services=(("request-chat", half),))
    own = replace(place, credentials=mixed)
    exchange = await send(own, prepare_create(own, "request-chat"))
    assert exchange.response is not None
    assert exchange.response.status == 404


HTML = [("Content-Type", "text/html")]
JSON_PATH = json_answer({"message": "Path [/genesys/1/service/connection-test] is unknown."}, 404)


@pytest.mark.parametrize(
    ("answer", "path", "text"),
    [
        (UNKNOWN, Outcome.OK, "in its own words (Service instance is not found"),
        (json_answer({}, 500), Outcome.OK, "in its own words"),
        (PAGE, Outcome.FAILED, "404 Not Found); check the base path"),
        (JSON_PATH, Outcome.FAILED, "is not where GMS is"),
        (text_answer("Forbidden", 403), Outcome.FAILED, "a gateway, a firewall or a port"),
        (text_answer("no", 405), Outcome.OK, "services at /genesys"),
        (
            text_answer("", 302, [("Location", "https://sso.example/login")]),
            Outcome.FAILED,
            "302 Found leads to https://sso.example/login",
        ),
        (text_answer("down", 503), Outcome.FAILED, "what stands before GMS does not reach it"),
        (body_answer(b"<html>", 200, HTML), Outcome.FAILED, "perhaps a login page"),
        (text_answer("hello there, this is no GMS", 200), Outcome.UNKNOWN, "not as GMS does"),
        (text_answer("Oops", 500), Outcome.UNKNOWN, "not as GMS does (500"),
        (cut_in_headers(), Outcome.FAILED, "closed"),
        (json_answer("[" * 100_000), Outcome.UNKNOWN, "not as GMS does"),
    ],
    ids=[
        "gms",
        "json",
        "page",
        "wrong-path",
        "forbidden",
        "method",
        "redirect",
        "gateway",
        "login",
        "text",
        "500",
        "cut",
        "deep",
    ],
)
async def test_what_answers_tell_of_the_path(answer: Answer, path: Outcome, text: str) -> None:
    with WireServer(default=answer) as server:
        result = await check(at(server.port))
        assert {one.method for one in server.requests} == {"GET"}
    assert outcome(result, Stage.PATH) is path
    assert text in words(result, Stage.PATH)
    if path is not Outcome.FAILED:
        assert outcome(result, Stage.CREDENTIALS) is Outcome.SKIPPED


async def test_the_simulator_is_gms_at_its_paths_alone() -> None:
    with Simulator() as simulator:
        place = Environment.parse(simulator.base_url)
        right = await check(place)
        assert right.failed is None, right.stages
        wrong = await check(replace(place, base_path="/gms"))
        fails_at(wrong, Stage.PATH, "/gms is not where GMS is")


async def test_bearer_tokens_and_own_headers_are_named_and_not_shown(gms: WireServer) -> None:
    result = await check(at(gms.port, credentials=Credentials(bearer="canary")))
    assert words(result, Stage.CREDENTIALS) == "GMS accepts the token"
    result = await check(at(gms.port, headers=(("Authorization", "Custom canary"),)))
    assert words(result, Stage.CREDENTIALS) == "GMS accepts the header Authorization"


# --- time and cancelling --------------------------------------------------------------------------


async def test_a_stage_that_takes_too_long_fails_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        result = await check(replace(at(port, "https"), connect_timeout=0.2))
        fails_at(result, Stage.TLS, "0.2 s")
    with WireServer(hold()) as server:
        result = await check(replace(at(server.port), timeout=0.2))
        fails_at(result, Stage.PATH, "No answer within 0.2 s")


async def test_cancelling_closes_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(4)
        told: list[StageReport] = []
        task = asyncio.create_task(
            check_connection(at(listener.getsockname()[1], "https"), told.append)
        )
        connection, _ = await asyncio.to_thread(listener.accept)
        with connection:
            connection.settimeout(4)
            await asyncio.to_thread(connection.recv, 3)
            assert told[-1] == StageReport(Stage.TLS, Outcome.RUNNING)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            while await asyncio.to_thread(connection.recv, 65536):
                pass
    with WireServer(hold()) as server:
        task = asyncio.create_task(check_connection(at(server.port), told.append))
        await asyncio.to_thread(server.wait_for_gates)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(server.wait_for_abandoned)
