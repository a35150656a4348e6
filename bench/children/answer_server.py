"""Answers every request with one large body; prints its URL. See BODIES for what there is."""

from __future__ import annotations

import json
import sys

from tests.support.wire_server import WireServer, body_answer

_MB = 1_000_000
_LEVELS = 10_000


def records(size: int) -> bytes:
    """Make an array of objects of that many bytes, on one line."""
    one = {"id": 0, "name": "record 0", "state": "open", "price": 1.5, "text": "words " * 10}
    count = size // len(json.dumps(one))
    rows = ({**one, "id": number, "name": f"record {number}"} for number in range(count))
    return json.dumps(list(rows)).encode()


BODIES = {
    "10": lambda: records(10 * _MB),
    "100": lambda: records(100 * _MB),
    "line": lambda: json.dumps({"text": "words " * (50 * _MB // 6)}).encode(),
    "levels": lambda: b'{"a":' * _LEVELS + b"1" + b"}" * _LEVELS,
}

if __name__ == "__main__":
    answer = body_answer(BODIES[sys.argv[1]](), headers=[("Content-Type", "application/json")])
    with WireServer(default=answer) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()
