"""A real tinyproxy on loopback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import program, running
from tests.support.wire_server import unused_port


@dataclass(frozen=True)
class RunningProxy:
    """A proxy that runs, and what it logged."""

    port: int
    log_file: Path

    @property
    def url(self) -> str:
        """Its address, without any login."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[str]:
        """The request lines that it has taken, such as `CONNECT 127.0.0.1:443 HTTP/1.1`."""
        lines = self.log_file.read_text(errors="replace").splitlines()
        return [
            line.partition("Request (file descriptor ")[2].partition("): ")[2]
            for line in lines
            if "Request (file descriptor" in line
        ]


@contextmanager
def tinyproxy(
    folder: Path, *, login: tuple[str, str] | None = None, connect_ports: tuple[int, ...] = ()
) -> Iterator[RunningProxy]:
    """Start tinyproxy; with `connect_ports` it connects to those alone."""
    binary = program("tinyproxy", "tinyproxy")
    folder.mkdir(parents=True, exist_ok=True)
    port, log_file = unused_port(), folder / "tinyproxy.log"
    lines = [
        f"Port {port}",
        "Listen 127.0.0.1",
        "Timeout 60",
        f'LogFile "{log_file}"',
        "LogLevel Connect",
        "MaxClients 50",
        "Allow 127.0.0.1",
        'ViaProxyName "test-proxy"',
        *(f"ConnectPort {one}" for one in connect_ports),
    ]
    if login is not None:
        lines.append(f"BasicAuth {login[0]} {login[1]}")
    if os.geteuid() == 0:
        # It would give up root, and could not write into the test's folder then.
        lines += ["User root", "Group root"]
    path = folder / "tinyproxy.conf"
    path.write_text("\n".join(lines) + "\n")
    with running([binary, "-d", "-c", str(path)], (port,), folder / "output.log"):
        yield RunningProxy(port, log_file)
