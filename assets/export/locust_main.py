"""Part of exported Locust files: sends through Locust's clients, which count."""

from __future__ import annotations

import itertools
import sys
import time
from typing import Any

import gevent
from locust import HttpUser, constant, task
from locust.clients import HttpSession

from .running import Body, Reply, Run, StepFailed, Variables, carry_out, checked, data_rows
from .settings import BASE, HEADERS, OPTIONS, SERVICES, STEPS, TIMEOUT, variables

# The time of -t counts from here, and not from when Python was started.
gevent.get_hub().loop.update_now()

# All variables are looked for here, so that one that is missing is said once, and before any load.
ROWS = itertools.cycle([checked(variables, row) for row in data_rows()])


class Talk:
    """Sends the requests of one run; each instance has a session, and so cookies, of its own."""

    def __init__(self, user: HttpUser) -> None:
        self.user = user
        self.base = str(user.host).rstrip("/")
        self.sessions: dict[str, HttpSession] = {}
        self.last = ("", "")

    def session(self, instance: str) -> HttpSession:
        if instance not in self.sessions:
            event = self.user.environment.events.request
            session = HttpSession(base_url=self.user.host, request_event=event, user=self.user)
            session.headers.update(HEADERS)
            session.trust_env = False
            for name, value in OPTIONS.items():
                setattr(session, name, value)
            self.sessions[instance] = session
        return self.sessions[instance]

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
        content: dict[str, Any] = {"data": body.content} if body.content else {}
        if body.kind == "multipart":
            content = {"files": body.parts()}
        elif body.type:
            headers = {**headers, "Content-Type": body.type}
        below = f"{self.base}{path}" if path.startswith("/") else f"{self.base}{SERVICES}/{path}"
        url = path if "://" in path else below
        self.last = (method, name)
        started = time.perf_counter()
        with self.session(instance).request(
            method,
            url,
            name=name,
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
            catch_response=True,
            **content,
        ) as response:
            ms = (time.perf_counter() - started) * 1000
            if not response.status_code:
                error = str(getattr(response, "error", None) or "no answer")
                response.failure(error)
                raise StepFailed(3, error)
            problem = check(Reply(response.status_code, response.content or b"", ms))
            if problem:
                response.failure(problem)
            else:
                response.success()

    def polled(self, name: str, seconds: float, problem: str) -> None:
        """Count a whole poll on a line of its own, which is no request: it is not in the sum."""
        stats = self.user.environment.stats
        stats.get(name, "POLL").log(round(seconds * 1000), 0)
        if problem:
            stats.log_error("POLL", name, problem)

    def missed(self, message: str) -> None:
        """Count checks that failed as one failure of the request that they judge."""
        self.user.environment.stats.log_error(*self.last, message)

    def close(self) -> None:
        for session in self.sessions.values():
            session.close()


def tell(title: str, problem: str) -> None:
    if problem:
        print(f"{title}: {problem}", file=sys.stderr)


class Caller(HttpUser):
    """One caller after the other, each carrying out the whole flow."""

    host = BASE
    wait_time = constant(0)

    @task
    def flow(self) -> None:
        talk = Talk(self)
        try:
            carry_out(Run(talk, Variables(next(ROWS))), STEPS, tell)
        finally:
            talk.close()
