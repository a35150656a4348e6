"""Profiles for tests: an example with everything, and any Profile for hypothesis."""

from pathlib import Path
from string import ascii_letters
from typing import Any

from hypothesis import strategies as st

from gms_console.environments.profile import COLOURS, Profile
from gms_console.model.connection import GuardLevel

FULL = """\
# The test system of the bank. Ask in the team's channel before you restart it.
gms: 1
name: qa        # as in the load balancer
colour: orange

guard: confirm-first
# Both nodes write to one database.
nodes:
  # In the first rack.
  - name: node1
    url: http://127.0.0.1:8080   # no base path: it is below
    worker: w1
  # In the second rack.
  - name:   node2
    url: "http://127.0.0.1:8081/GMS-web/gms"

base_path: /genesys
headers:
    - {name: ContactCenterId, value: '4711'}   # our tenant
    - name: apikey
      secret: qa-apikey
variables:
  phone: "6504669999"
  # Where the test phones are.
  site: "Zürich"
timeouts: {connect: 5000ms,   read: 20s}
credentials:
  user: default
  password: {secret: qa-password}  # kept by everyone for themselves
  services:
    request-chat:
      user: chat

    callme:
      password:
        secret: qa-callme
"""


def profile(**values: Any) -> Profile:
    """A Profile with one node, and with other values."""
    least = {"name": "qa", "nodes": [{"name": "node1", "url": "http://127.0.0.1:8080"}]}
    return Profile.model_validate({**least, **values})


def put(folder: Path, name: str, text: str) -> Path:
    """A file in a folder that is made if need be, exactly as given."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(text.encode())
    return file


_AWKWARD = st.sampled_from(
    "\"'\r\n%&=+;:#-?[]{},|>@`!*\t \x00\x0b\x1c\x85\u2028\ufeff\xa0é€😀\ud800"
)
_WORDS = st.sampled_from(
    ["", "yes", "null", "~", "1.1", "0x1f", "2026-01-01", "- a", "a: b", "{{x}}"]
)
texts = st.text(st.characters(exclude_categories=()) | _AWKWARD, max_size=15) | _WORDS
_names = st.text(ascii_letters + "é -_.", min_size=1, max_size=12).filter(
    lambda name: name == name.strip(" .") and name.lower() not in {"con", "prn", "aux", "nul"}
)
_variables = st.text(
    st.characters(codec="utf-8", exclude_characters="{}\r\n"), min_size=1, max_size=10
)
_variable_names = _variables.filter(lambda name: name == name.strip() and name[0] != "$")
_secrets = st.none() | st.text(st.characters(codec="utf-8"), min_size=1, max_size=10).map(
    lambda name: {"secret": name}
)
_seconds = st.floats(0.001, 86_400) | st.integers(1, 86_400) | st.sampled_from([0.333, 0.001, 15.0])
_header_values = st.text(ascii_letters + "é :#'\"", max_size=10).filter(lambda v: v == v.strip())


def _lists(entries: Any, key: str, *, least: int) -> Any:
    return st.lists(entries, max_size=3, unique_by=lambda one: one[key], min_size=least)


_nodes = st.fixed_dictionaries(
    {
        "name": _names,
        "url": st.sampled_from(["localhost", "http://10.0.0.1:8080", "https://[::1]/g"]),
    },
    optional={"worker": texts},
)
_headers = st.builds(
    lambda name, value, secret: {
        "name": name,
        **({"secret": secret} if secret else {"value": value}),
    },
    st.sampled_from(["X-Trace", "ContactCenterId", "x"]),
    _header_values,
    st.none() | st.text(st.characters(codec="utf-8"), min_size=1, max_size=10),
)
_login = {"user": st.none() | texts, "password": _secrets}
_service_names = st.text(ascii_letters + "-é #:", min_size=1, max_size=10).filter(str.strip)
_optional = {
    "colour": st.sampled_from([*COLOURS, "#a0B1c2", ""]),
    "guard": st.sampled_from(list(GuardLevel)),
    "base_path": st.sampled_from(["/genesys", "/GMS-web/gms", "", "/", "a b"]).filter(
        lambda p: p != "a b"
    ),
    "api_version": st.integers(1, 9),
    "gms_user": _header_values,
    "headers": st.lists(_headers, max_size=3),
    "variables": st.dictionaries(_variable_names, texts, max_size=3),
    "timeouts": st.fixed_dictionaries(
        {}, optional={"connect": _seconds, "read": _seconds, "total": st.none() | _seconds}
    ),
    "max_body": st.integers(1024, 2 * 1024**3) | st.sampled_from([1024**2, 1024**3, 64 * 1024**2]),
    "http": st.sampled_from(["1.1", "2"]),
    "proxy": st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["none", "system", "explicit"]),
            "url": st.just("http://proxy:3128"),
        },
        optional={"user": texts, "password": _secrets},
    ),
    "tls": st.fixed_dictionaries(
        {},
        optional={
            "verify": st.booleans(),
            "ca_file": texts,
            "certificate": texts,
            "passphrase": _secrets,
        },
    ),
    "credentials": st.fixed_dictionaries(
        {},
        optional={
            **_login,
            "bearer": _secrets,
            "services": st.dictionaries(
                _service_names, st.fixed_dictionaries({}, optional=_login), max_size=2
            ),
        },
    ),
}

profiles = st.fixed_dictionaries(
    {"name": _names, "nodes": _lists(_nodes, "name", least=1)}, optional=_optional
).map(Profile.model_validate)
"""Any Profile that a file can have."""
