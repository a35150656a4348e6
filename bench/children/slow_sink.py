"""A server of `transport` that takes uploads in at some 50 MB/s, as a good line does."""

from __future__ import annotations

import sys

from tests.support.slow_reader import SlowReader

if __name__ == "__main__":
    with SlowReader(step=256 * 1024, every=0.005, buffer=1024 * 1024) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()
