"""`python -m bench [NAME ...] [--runs N] [--write PAGE]`; `--help` lists the names."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import (
    answers,
    document,
    flow_folder,
    flows,
    history,
    live,
    machine,
    polls,
    send,
    simulator,
    start,
    transport,
    upload,
)
from bench.timing import BenchError

_BENCHMARKS = {
    "start": start.measure,
    "send": send.measure,
    "upload": upload.measure,
    "polls": polls.measure,
    "live": live.measure,
    "transport": transport.measure,
    "history": history.measure,
    "answers": answers.measure,
    "flows": flows.measure,
    "flow_folder": flow_folder.measure,
    "simulator": simulator.measure,
}


def main() -> int:
    """Run the benchmarks asked for; 0 when all could be measured, whatever the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures GMS Console.")
    parser.add_argument("names", nargs="*", type=_name, metavar="NAME", help=", ".join(_BENCHMARKS))
    parser.add_argument("--runs", type=_count, help="counted runs, where not each one's own number")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the figures into PAGE")
    chosen = parser.parse_args()
    print(machine.described())
    failed = False
    for name in chosen.names or _BENCHMARKS:
        print(f"\n{name}", flush=True)
        measure = _BENCHMARKS[name]
        try:
            table = measure() if chosen.runs is None else measure(chosen.runs)
            print(table.text())
            if chosen.write is not None:
                document.write(chosen.write, table)
        except BenchError as error:
            print(f"not measured: {error}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


def _name(text: str) -> str:
    if text not in _BENCHMARKS:
        raise argparse.ArgumentTypeError(f"{text} is none of {', '.join(_BENCHMARKS)}")
    return text


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is no number of runs")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
