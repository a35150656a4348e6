"""The baseline of `simulator`: bare starlette with one answer to everything; prints its URL."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_BODY = (
    b'{"_id":"39a98e24-b03b-4191-b756-1efe8f3b16b8","status":"waiting-for-agent",'
    b'"dialog":"/waitingforagent.html"}'
)
_HEADERS = {"Cache-Control": "no-cache", "Pragma": "no-cache"}


async def answer(request: Request) -> Response:
    await request.body()
    return Response(_BODY, 200, _HEADERS, "application/json;charset=utf-8")


if __name__ == "__main__":
    # asyncio switches Nagle's delay off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/genesys", flush=True)
    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    config = uvicorn.Config(
        app, http="h11", loop="asyncio", log_config=None, access_log=False, timeout_keep_alive=75
    )
    uvicorn.Server(config).run(sockets=[listener])
