"""The table of faults: all that can go wrong with a request and that the console names."""

from dataclasses import replace

from tests.faults.bodies import CHARACTERS, COMPRESSION, DATA
from tests.faults.connections import CONNECTIONS
from tests.faults.fault import Fault, Group
from tests.faults.heads import FRAMING, HEADS
from tests.faults.ways import PROXIES, REDIRECTS, REDIRECTS_OF_TLS, TLS

GROUPS: tuple[Group, ...] = (
    CONNECTIONS,
    TLS,
    PROXIES,
    replace(REDIRECTS, faults=[*REDIRECTS.faults, REDIRECTS_OF_TLS]),
    HEADS,
    FRAMING,
    COMPRESSION,
    CHARACTERS,
    DATA,
)

FAULTS: tuple[Fault, ...] = tuple(fault for group in GROUPS for fault in group.faults)
