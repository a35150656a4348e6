"""A Flow as a Locust file, for load from one machine or many."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

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

_NEEDS = """Run it with `locust -f FILE`, or without a browser:

  locust -f FILE --headless -u 5 -r 5 -t 1m --host http://localhost:8080/genesys

From many machines: `locust -f FILE --master` on one, `locust -f FILE --worker --master-host NAME`
on the others; each needs this file and the files that its rows send, beside it or in the folder of
GMS_FOLDER. Each user carries out the whole flow again and again. Requests count by their names,
never by ids; a failed check is a failure of its request. POLL has the time of whole polls, and is
not in the sum. Needs locust (pip install locust); paths with functions and filters also need
jmespath. BASE is where --host is not given; DATA names a CSV file with a row for each run."""


def locust_file(script: Script) -> Exported:
    """Write the file."""
    environment = script.environment
    left_out = list(script.left_out)
    timeout = "15.0"
    options: list[str] = []
    if environment is not None:
        timeout = f"{environment.timeout:g}"
        if environment.connect_timeout is not None:
            timeout = f"({environment.connect_timeout:g}, {timeout})"
        tls = environment.tls
        if not environment.verify_tls:
            options.append('"verify": False')
        elif tls.ca_file is not None:
            options.append(f'"verify": {repr_(str(tls.ca_file))}')
        if tls.certificate is not None:
            pair = (repr_(str(tls.certificate)), repr_(str(tls.key or tls.certificate)))
            options.append(f'"cert": ({", ".join(pair)})')
        if script.passphrase is not None:
            left_out.append("Locust takes no passphrase for the client's key: store it without.")
        if environment.http2:
            left_out.append("Locust speaks HTTP/1.1, so HTTP/2 is not offered.")
        if environment.proxy.mode is ProxyMode.EXPLICIT:
            url = _proxy(script, environment)
            options.append(f'"proxies": {{"http": {url}, "https": {url}}}')
    settings = [
        *secrets(script),
        f"BASE: Any = {_base(script.base_url)}",
        f"SERVICES = {repr_(script.services)}",
        folder(script),
        f"TIMEOUT: Any = {timeout}",
        headers(script),
        f"OPTIONS: dict[str, Any] = {{{', '.join(options)}}}",
    ]
    parts = ("reading.py", "running.py", "locust_main.py")
    shown = replace(script, left_out=tuple(left_out))
    text = python_file(shown, parts, head(shown, _NEEDS), settings)
    return Exported(text, tuple(left_out))


def _base(url: str) -> str:
    return f'os.environ.get("BASE", {repr_(url)})' if url else 'os.environ.get("BASE")  # or --host'


def _proxy(script: Script, environment: Environment) -> str:
    """Write the URL of the proxy, with user and password in it as requests takes them."""
    proxy = environment.proxy
    if not proxy.user and script.proxy_password is None:
        return repr_(proxy.url)
    scheme, _, rest = proxy.url.partition("://")
    start = repr_(f"{scheme}://{quote(proxy.user, safe='')}:")
    if script.proxy_password is None:
        return f"{start} + {repr_(f'@{rest}')}"
    return f'{start} + quote({script.proxy_password.name}, safe="") + {repr_(f"@{rest}")}'
