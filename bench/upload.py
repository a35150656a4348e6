"""`upload`: a file of 1 GiB as multipart, against curl."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from bench.servers import sink
from bench.table import PROCESS_HEAD, Table, Target, process_row
from bench.timing import BenchError, Command, in_turn, median, python, ratio, run, wall

LIMIT = 1.3
GROWTH_LIMIT = 50.0
RUNS = 5
SIZE = 1024**3
_BLOCK = 8 * 1024**2
_SERVICE = "request-interaction"


def measure(runs: int = RUNS) -> Table:
    """Upload with the command line and with curl in turn; then look at the memory of it."""
    curl = shutil.which("curl")
    if curl is None:
        raise BenchError("curl, the baseline, is not installed")
    with tempfile.TemporaryDirectory(prefix="gms-console-bench-") as folder, sink() as url:
        file = Path(folder) / "upload.bin"
        _write(file)
        ours, theirs = in_turn([_ours(url, file), _curl(curl, url, file)], runs)
        memory = python("bench.children.upload_memory", url, str(file))
        inside = [json.loads(run(memory).output) for _ in range(3)]
    seconds = statistics.median(one["seconds"] for one in inside)
    growth = statistics.median(one["growth"] for one in inside)
    alone = seconds / median(theirs, wall)
    return Table(
        "upload",
        f"1 GiB as multipart to a server on this machine, the file cached; {runs} pairs.",
        PROCESS_HEAD,
        [
            process_row("gms-console send -f", ours, theirs),
            process_row("curl -F", theirs),
            ("of the former the upload itself", f"{seconds:.3f} s", "", "", f"{alone:.2f}", ""),
        ],
        [
            Target("wall time of the process against curl", ratio(ours, theirs, wall), LIMIT, "x"),
            Target("memory on top, at the peak of the upload", growth, GROWTH_LIMIT, " MB"),
        ],
    )


def _ours(url: str, file: Path) -> Command:
    row = f"file={file}"
    return python("gms_console", "send", _SERVICE, "--url", url, "-f", row, expect="_id")


def _curl(curl: str, url: str, file: Path) -> Command:
    # With the header Expect, curl would wait a second for "100 Continue".
    options = ("-sS", "-f", "-H", "Expect:", "-F", f"file=@{file}")
    return Command((curl, *options, f"{url}/genesys/1/service/{_SERVICE}"), expect="_id")


def _write(file: Path) -> None:
    """Write a real file, so that reading it finds it in the page cache."""
    block = os.urandom(_BLOCK)
    with file.open("wb") as stream:
        for _ in range(SIZE // _BLOCK):
            stream.write(block)
