"""Who may ask the simulator: programs of this machine, not web pages of others.

A page in a browser can have its own name lead to this machine (DNS rebinding) and then read
what the simulator answers. Its requests still carry that name as their Host.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from gms_console.simulator.web.answers import GmsError


def check_host(host: str) -> None:
    """Raise GmsError 403 for a Host that is no name of this machine; none at all will do."""
    if host and not _is_loopback(host):
        raise GmsError(
            403,
            "The simulator answers to localhost and loopback addresses alone, "
            f"and was asked as {host}.",
        )


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = name.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
