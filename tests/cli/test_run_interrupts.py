"""`gms-console run` and Ctrl+C, whenever it comes: nothing is torn, and it says 130."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gms_console.cli.interrupts import Interrupts
from tests.cli.conftest import Start, finish
from tests.cli.test_process import posix
from tests.support.wire_server import WireServer, json_answer

CREATED = json_answer({"_id": "a1"})


def interrupt() -> None:
    """Press Ctrl+C in this process."""
    signal.raise_signal(signal.SIGINT)


@posix
def test_ctrl_c_while_modules_are_loaded_says_nothing() -> None:
    code = (
        "import signal\nfrom gms_console.cli import ctrl_c_ends\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "with ctrl_c_ends():\n    signal.raise_signal(signal.SIGINT)\nprint('it went on')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=50, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_one_that_comes_before_the_run_ends_it_as_it_begins() -> None:
    stops: list[str] = []
    with Interrupts() as interrupts:
        interrupt()
        assert stops == []
        interrupts.running(lambda: stops.append("stop"))
        assert stops == ["stop"]
        interrupt()
        assert stops == ["stop", "stop"]
        interrupts.ending()
        interrupt()
    assert interrupts.seen
    assert stops == ["stop", "stop"]


def test_while_reports_are_written_the_first_says_so_and_the_second_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        interrupts.writing(told=True)
        interrupt()
        assert "reports are being written" in capsys.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            interrupt()
        interrupts.writing(told=False)
        with pytest.raises(KeyboardInterrupt):
            interrupt()
    assert signal.getsignal(signal.SIGINT) is before


@posix
def test_ctrl_c_at_the_end_still_leaves_the_whole_report(
    start: Start, server: WireServer, tmp_path: Path
) -> None:
    server.script(CREATED)
    flow = tmp_path / "one.yaml"
    flow.write_text("gms: 1\nsteps: [{create: s}]\n")
    pipe = tmp_path / "report.jsonl"
    os.mkfifo(pipe)
    process = start("run", flow, "--url", server.base_url, "--report-jsonl", pipe)
    assert process.stdout is not None
    printed = ""
    while "create s" not in printed:
        printed = process.stdout.readline()
    # Nobody reads the pipe yet, so that the report waits to be written.
    process.send_signal(signal.SIGINT)
    report: list[str] = []
    reading = threading.Thread(target=lambda: report.append(pipe.read_text()))
    reading.start()
    ended = finish(process)
    reading.join(20)
    assert ended.code == 130
    assert '"event": "run-ended"' in report[0].splitlines()[-1]
