"""Which proxy a request goes through: an explicit one, the system's, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from gms_console.client.errors import TransportError
from gms_console.client.proxies import ProxyServer, choose, is_loopback
from gms_console.model.connection import Proxy, ProxyMode
from gms_console.model.exchange import FailureKind


@dataclass
class Settings:
    """What a system says."""

    by_scheme: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def proxies(self) -> Mapping[str, str]:
        return self.by_scheme

    def bypasses(self, host: str) -> bool:
        return host in self.without


SYSTEM = Proxy(mode=ProxyMode.SYSTEM)


def test_the_system_s_proxy_by_scheme_and_never_for_this_machine() -> None:
    system = Settings(
        {"http": "http://a:3128", "https": "https://u:p%40@b"}, without=("gms.example:80",)
    )
    assert choose(SYSTEM, "http", "other", 80, system) == ProxyServer("a", 3128)
    assert choose(SYSTEM, "http", "gms.example", 80, system) is None
    secure = choose(SYSTEM, "https", "gms.example", 443, system)
    assert secure == ProxyServer("b", 443, secure=True, user="u", password="p@")
    for host in ("localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"):
        assert is_loopback(host)
        assert choose(SYSTEM, "http", host, 80, system) is None
    assert not any(map(is_loopback, ("10.0.0.1", "localhost.example", "::2", "")))
    only = Settings({"all": "proxy:8080"})
    assert choose(SYSTEM, "https", "h", 443, only) == ProxyServer("proxy", 8080)
    assert choose(SYSTEM, "http", "h", 80, Settings()) is None
    assert choose(Proxy(), "http", "h", 80, system) is None
    own = replace(SYSTEM, user="me", password="mine")
    assert choose(own, "https", "h", 443, system) == ProxyServer(
        "b", 443, secure=True, user="me", password="mine"
    )


def test_the_environment_variables_are_the_system_s_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inner.example,.corp.example,other.example:8443")
    proxy = ProxyServer("proxy.example", 3128)
    assert choose(SYSTEM, "https", "gms.example", 443) == proxy
    assert choose(SYSTEM, "http", "gms.example", 80) is None
    for host, port in (("inner.example", 443), ("a.corp.example", 443), ("other.example", 8443)):
        assert choose(SYSTEM, "https", host, port) is None
    assert choose(SYSTEM, "https", "other.example", 443) == proxy
    assert choose(SYSTEM, "https", "127.0.0.1", 443) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://", "not an address"),
        ("http://h:port", "not an address"),
        ("ftp://u:canary@h", "does not begin with"),
        ("socks5h://u:canary@h:1", "SOCKS"),
        ("http://u:canary@h:99999", "not an address"),
        ("http://[u:canary", "not an address"),
    ],
)
def test_a_proxy_setting_that_cannot_be_used(url: str, words: str) -> None:
    with pytest.raises(TransportError) as caught:
        choose(Proxy(mode=ProxyMode.EXPLICIT, url=url), "http", "h", 80)
    assert words in str(caught.value)
    assert "canary" not in str(caught.value)
    assert caught.value.kind is FailureKind.PROXY


def test_a_proxy_shows_no_password() -> None:
    server = ProxyServer("::1", 3128, user="u", password="canary")
    assert server.netloc == "[::1]:3128"
    assert "canary" not in repr(server)
