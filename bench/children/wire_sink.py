"""The server of `upload`: the raw-socket server of the tests, which keeps no body."""

from __future__ import annotations

import sys

from tests.support.wire_server import WireServer, json_answer

if __name__ == "__main__":
    with WireServer(default=json_answer({"_id": "1"}), keep_body=False) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()
