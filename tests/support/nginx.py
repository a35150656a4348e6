"""A real nginx in front of a test's server: TLS, client certificates, passwords, HTTP/2."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import Pair
from tests.support.process import lives_on, program, running
from tests.support.wire_server import unused_port

_CONFIGURATION = """
{user}
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr info;
events {{ worker_connections 256; }}
http {{
    log_format seen '$server_port $request $status $ssl_client_s_dn';
    access_log {folder}/access.log seen;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 64m;
    ssl_protocols TLSv1.2 TLSv1.3;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_request_buffering off;
    {servers}
}}
"""

_SERVER = """
    server {{
        listen 127.0.0.1:{port}{tls};
        {lines}
        location / {{ proxy_pass http://127.0.0.1:{behind}; }}
        {places}
    }}
"""


@dataclass(frozen=True)
class Site:
    """One port of nginx. `logins` are password files by a path prefix, as `user:password`."""

    pair: Pair | None = None
    http2: bool = False
    client_authority: Path | None = None
    logins: tuple[tuple[str, str], ...] = ()
    extra: str = ""


@dataclass(frozen=True)
class Nginx:
    """A running nginx: its ports, in the order of its sites, and what it logged."""

    ports: tuple[int, ...]
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def seen(self) -> list[str]:
        """The lines of its access log: port, request line, status, client certificate."""
        return (self.folder / "access.log").read_text().splitlines()

    def wait_for(self, text: str, after: int = 0, timeout: float = 5) -> None:
        """Wait for a line with `text` behind `after` others: it comes later than the answer."""
        end = time.monotonic() + timeout
        while not any(text in line for line in self.seen[after:]):
            if time.monotonic() > end:
                raise TimeoutError(f"nginx logged no {text!r}: {self.seen[after:]}")
            assert lives_on(self.process)


@contextmanager
def nginx(folder: Path, behind: int, *sites: Site) -> Iterator[Nginx]:
    """Start nginx with these sites, all before the server on the port `behind`."""
    binary = program("nginx", "nginx-light")
    folder.mkdir(parents=True, exist_ok=True)
    ports = tuple(unused_port() for _ in sites)
    servers = "".join(
        _server(folder, site, port, behind) for site, port in zip(sites, ports, strict=True)
    )
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(_CONFIGURATION.format(user=user, folder=folder, servers=servers))
    command = [binary, "-p", str(folder), "-c", str(path), "-e", "stderr"]
    with running(command, ports, folder / "nginx.log") as process:
        yield Nginx(ports, folder, process)


def _server(folder: Path, site: Site, port: int, behind: int) -> str:
    lines = [site.extra]
    if site.pair is not None:
        lines += [
            f"ssl_certificate {site.pair.certificate};",
            f"ssl_certificate_key {site.pair.key};",
        ]
    if site.client_authority is not None:
        lines += [f"ssl_client_certificate {site.client_authority};", "ssl_verify_client on;"]
    places = [
        _place(folder / f"{port}-{number}.passwords", prefix, login, behind)
        for number, (prefix, login) in enumerate(site.logins)
    ]
    return _SERVER.format(
        port=port,
        tls=(" ssl" if site.pair is not None else "") + (" http2" if site.http2 else ""),
        lines="\n        ".join(lines),
        behind=behind,
        places="\n        ".join(places),
    )


def _place(passwords: Path, prefix: str, login: str, behind: int) -> str:
    user, _, password = login.partition(":")
    passwords.write_text(f"{user}:{{PLAIN}}{password}\n")
    return (
        f'location {prefix} {{ auth_basic "GMS"; auth_basic_user_file {passwords}; '
        f"proxy_pass http://127.0.0.1:{behind}; }}"
    )
