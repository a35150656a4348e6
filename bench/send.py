"""`send`: one create on the command line, as a whole process."""

from __future__ import annotations

from bench.servers import simulator
from bench.table import PROCESS_HEAD, Table, Target, process_row
from bench.timing import in_turn, python, ratio, wall

LIMIT = 1.5
RUNS = 11
SERVICE = "request-inbound-poll"
ROW = "_phone_number=6504669999"


def measure(runs: int = RUNS) -> Table:
    """Send with the command line and with bare httpx in turn, the latter also without its own."""
    with simulator() as url:
        target = f"{url}/1/service/{SERVICE}"
        ours, bare, lean = in_turn(
            [
                python("gms_console", "send", SERVICE, "--url", url, "-p", ROW, expect="_id"),
                python("bench.children.bare_send", target, expect="_id"),
                python("bench.children.bare_send", target, "--lean", expect="_id"),
            ],
            runs,
        )
    return Table(
        "send",
        f"One urlencoded create, as a whole process; {runs} rounds.",
        PROCESS_HEAD,
        [
            process_row("gms-console send", ours, lean),
            process_row("httpx script", bare, lean),
            process_row("httpx script without httpx's own command line", lean),
        ],
        [Target("wall time against the leaner script", ratio(ours, lean, wall), LIMIT, "x")],
    )
