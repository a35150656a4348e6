"""Part of exported httpx scripts: sends, tells, and ends with the exit code."""

from __future__ import annotations

import sys
import time
from typing import Any

import httpx

from .running import Body, Reply, Run, StepFailed, carry_out, checked, data_rows
from .settings import BASE, HEADERS, OPTIONS, SERVICES, STEPS, variables


class Talk:
    """Sends requests; each instance has a client of its own, and so its own cookies."""

    def __init__(self) -> None:
        self.base = BASE
        self.clients: dict[str, httpx.Client] = {}

    def client(self, instance: str) -> httpx.Client:
        if instance not in self.clients:
            try:
                self.clients[instance] = httpx.Client(headers=HEADERS, **OPTIONS)
            except OSError as error:
                raise StepFailed(5, f"the files for TLS: {error}") from None
        return self.clients[instance]

    def send(
        self,
        instance: str,
        name: str,
        method: str,
        path: str,
        body: Body,
        headers: dict[str, str],
        check: Any,
    ) -> None:
        client = self.client(instance)
        content: dict[str, Any] = {"content": body.content} if body.content else {}
        if body.kind == "multipart":
            content = {"files": body.parts()}
        elif body.type:
            headers = {**headers, "Content-Type": body.type}
        below = f"{BASE}{path}" if path.startswith("/") else f"{BASE}{SERVICES}/{path}"
        url = path if "://" in path else below
        started = time.perf_counter()
        try:
            reply = client.request(method, url, headers=headers, **content)
        except httpx.HTTPError as error:
            raise StepFailed(3, f"{type(error).__name__}: {error}") from None
        except (httpx.InvalidURL, ValueError) as error:
            raise StepFailed(2, f"this cannot be sent: {error}") from None
        check(Reply(reply.status_code, reply.content, (time.perf_counter() - started) * 1000))

    def polled(self, name: str, seconds: float, problem: str) -> None:
        """Nothing is counted here."""

    def missed(self, message: str) -> None:
        """Nor here."""

    def close(self) -> None:
        for client in self.clients.values():
            client.close()


def tell(title: str, problem: str) -> None:
    print(f"FAILED  {title}: {problem}" if problem else f"ok      {title}", file=sys.stderr)


def main() -> int:
    code = 0
    for row in data_rows():
        talk = Talk()
        try:
            came = carry_out(Run(talk, checked(variables, row)), STEPS, tell)
        finally:
            talk.close()
        code = code or came
        if came == 130:
            break
    return code


if __name__ == "__main__":
    sys.exit(main())
