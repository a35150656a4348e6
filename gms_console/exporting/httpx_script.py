"""A Flow as a Python program of its own, which needs httpx alone."""

from __future__ import annotations

from gms_console.exporting.python_code import (
    folder,
    head,
    headers,
    python_file,
    repr_,
    secrets,
)
from gms_console.exporting.script import Script
from gms_console.exporting.types import Exported
from gms_console.model.connection import ProxyMode
from gms_console.model.environment import Environment

_NEEDS = """Needs Python 3.9 or newer and httpx (pip install httpx); paths with functions and
filters also need jmespath. BASE in the environment sends to another place; DATA names a CSV
file, and the flow is carried out for each of its rows. Files are looked for beside this program,
or in the folder of GMS_FOLDER.

Exit codes: 0 all well; 1 a check failed, or GMS answered with an error; 2 it could not be sent;
3 no connection or no whole answer; 4 a poll ended without the wanted state; 5 a file is missing."""


def httpx_script(script: Script) -> Exported:
    """Write the program."""
    settings = [
        *secrets(script),
        f'BASE = {_base(script.base_url)}.rstrip("/")',
        f"SERVICES = {repr_(script.services)}",
        folder(script),
        headers(script),
        *_options(script, script.environment),
    ]
    parts = ("reading.py", "running.py", "httpx_main.py")
    text = python_file(script, parts, head(script, _NEEDS), settings)
    return Exported(text, script.left_out)


def _base(url: str) -> str:
    return f'os.environ.get("BASE", {repr_(url)})' if url else 'needed("BASE")'


def _options(script: Script, environment: Environment | None) -> list[str]:
    if environment is None:
        return ['OPTIONS: dict[str, Any] = {"timeout": 15.0, "trust_env": False}']
    connect = environment.connect_timeout
    seconds = f"{environment.timeout:g}"
    limit = seconds if connect is None else f"httpx.Timeout({seconds}, connect={connect:g})"
    lines = ["OPTIONS: dict[str, Any] = {", f'    "timeout": {limit},']
    lines.append(f'    "trust_env": {environment.proxy.mode is ProxyMode.SYSTEM},')
    tls = environment.tls
    if not environment.verify_tls:
        lines.append('    "verify": False,')
    elif tls.ca_file is not None:
        lines.append(f'    "verify": {repr_(str(tls.ca_file))},')
    if tls.certificate is not None:
        files = [repr_(str(tls.certificate)), repr_(str(tls.key or tls.certificate))]
        if script.passphrase is not None:
            files.append(script.passphrase.name)
        lines.append(f'    "cert": ({", ".join(files)}),')
    if environment.proxy.mode is ProxyMode.EXPLICIT:
        lines.append(f'    "proxy": {_proxy(script, environment)},')
    if environment.http2:
        lines.append('    "http2": True,  # pip install httpx[http2]')
    return [*lines, "}"]


def _proxy(script: Script, environment: Environment) -> str:
    proxy = environment.proxy
    if not proxy.user and script.proxy_password is None:
        return repr_(proxy.url)
    password = script.proxy_password.name if script.proxy_password is not None else '""'
    return f"httpx.Proxy({repr_(proxy.url)}, auth=({repr_(proxy.user)}, {password}))"
