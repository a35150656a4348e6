"""`gms-console request`: one service-specific request, or the same one again and again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from gms_console.cli.options import TalkCommand, form_options, talk_options
from gms_console.cli.output import printable, write_err
from gms_console.cli.report import report
from gms_console.cli.talk import Talk, talk
from gms_console.cli.values import duration, stop_rule
from gms_console.cli.values import method as read_method
from gms_console.cli.variables import Expander
from gms_console.guard import check
from gms_console.model.environment import Environment
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.model.stop_rule import StopRule
from gms_console.redaction import Masker
from gms_console.wire.body import BodyKind
from gms_console.wire.request import PreparedRequest, prepare_request

if TYPE_CHECKING:
    from gms_console.poll import Poll
    from gms_console.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The poll options as given; `every` and `within` are seconds."""

    every: float
    until: tuple[StopRule, ...]
    fail_on: tuple[StopRule, ...]
    within: float
    tolerate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The request that was asked for."""

    id: str
    service: str
    request: str
    method: str
    form: Form
    kind: BodyKind

    def prepared(self, environment: Environment) -> PreparedRequest:
        """Prepare it without cookies, to see whether it can be sent."""
        operation = Operation(
            kind=OperationKind.REQUEST,
            service=self.service,
            instance_id=self.id,
            request=self.request,
        )
        return prepare_request(
            environment, operation, self.form, method=self.method, kind=self.kind
        )


class RequestCommand(TalkCommand):
    """Folds the request into `wanted`, and the poll options into `repeat`, None without --poll."""

    def fold(self, ctx: click.Context, order: Sequence[str]) -> None:
        """Check that the poll options and --poll come together."""
        super().fold(ctx, order)
        names = ("service", "request", "method", "form")
        ctx.params["wanted"] = Wanted(
            id=ctx.params.pop("instance_id"),
            kind=BodyKind(ctx.params.pop("encoding")),
            **{name: ctx.params.pop(name) for name in names},
        )
        options = {name: ctx.params.pop(name) for name in Repeat.__dataclass_fields__}
        if not ctx.params.pop("poll"):
            self._refuse_poll_options(ctx, options)
            ctx.params["repeat"] = None
            return
        if not options["until"]:
            raise click.UsageError(
                "--poll needs to know when to stop: give --until status=agent-ready.", ctx
            )
        ctx.params["repeat"] = Repeat(**options)

    def _refuse_poll_options(self, ctx: click.Context, names: dict[str, object]) -> None:
        for param in self.params:
            name = param.name or ""
            if name in names and ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
                raise click.UsageError(f"{param.opts[0]} is for a poll: give --poll too.", ctx)


_EXAMPLE = """\b
Example:
  gms-console request 39a98e24-b03b-4191-b756-1efe8f3b16b8 status \\
      --url http://localhost:8080/genesys \\
      --poll --every 1s --until status=agent-ready --within 60s
"""


@click.command("request", cls=RequestCommand, epilog=_EXAMPLE)
@click.argument("instance_id", metavar="ID")
@click.argument("request")
@form_options
@click.option("--method", type=read_method, default="POST", show_default=True, metavar="METHOD")
@click.option("--poll", is_flag=True, help="Repeat the request until a state is reached.")
@click.option(
    "--until",
    type=stop_rule,
    multiple=True,
    metavar="PATH=VALUE",
    help="The wanted state; repeat it for more, any of them will do. PATH is a JMESPath.",
)
@click.option(
    "--fail-on",
    type=stop_rule,
    multiple=True,
    metavar="PATH=VALUE",
    help="A state that ends the poll as not reached.",
)
@click.option(
    "--every",
    type=duration,
    default="1s",
    show_default=True,
    metavar="TIME",
    help="From the start of one request to the start of the next: 500ms, 1s, 2m.",
)
@click.option(
    "--within",
    type=duration,
    default="60s",
    show_default=True,
    metavar="TIME",
    help="When to give up.",
)
@click.option(
    "--tolerate",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    metavar="N",
    help="Errors of transport or server in a row to bear.",
)
@click.option(
    "--service",
    default="",
    metavar="NAME",
    help="The service that the instance is of, where it has credentials of its own.",
)
@talk_options
def request(wanted: Wanted, environment: Environment, repeat: Repeat | None, output: str) -> int:
    """Send REQUEST to the instance with that ID and print the answer.

    {{name}} in ID, REQUEST, rows, --until and --fail-on is a variable, as with send.
    """
    expander = Expander(environment)
    wanted = replace(
        wanted,
        id=expander.text(wanted.id, "ID"),
        service=expander.text(wanted.service, "--service"),
        request=expander.text(wanted.request, "REQUEST"),
        form=expander.form(wanted.form),
    )
    if repeat is not None:
        repeat = replace(
            repeat,
            until=expander.rules(repeat.until, "--until"),
            fail_on=expander.rules(repeat.fail_on, "--fail-on"),
        )
    # Before anything else, so that what cannot be sent is refused before httpx is loaded.
    check(environment, wanted.prepared(environment))

    async def once(session: Session, _: Talk) -> None:
        instance = session.attach(environment, wanted.id, wanted.service)
        prepared = instance.prepare(
            wanted.request, wanted.form, method=wanted.method, kind=wanted.kind
        )
        await instance.send(prepared)

    async def again(session: Session, done: Talk) -> None:
        done.poll = _new_poll(session, environment, wanted, repeat)
        await done.poll.run()

    done = talk(once if repeat is None else again)
    return report(done, output, Masker.of(environment, wanted.form))


def _new_poll(
    session: Session, environment: Environment, wanted: Wanted, repeat: Repeat | None
) -> Poll:
    from gms_console.poll import Poll, PollPlan  # noqa: PLC0415 - it brings in httpx

    if repeat is None:
        raise AssertionError("a poll needs its options")
    plan = PollPlan(
        request=wanted.request,
        form=wanted.form,
        kind=wanted.kind,
        method=wanted.method,
        every=repeat.every,
        until=repeat.until,
        fail_on=repeat.fail_on,
        within=repeat.within,
        tolerate=repeat.tolerate,
    )
    on_change = (
        _progress(Masker.of(environment, wanted.form)) if sys.stderr.isatty() else lambda _: None
    )
    return Poll(session.attach(environment, wanted.id, wanted.service), plan, on_change)


def _progress(masker: Masker) -> Callable[[Poll], None]:
    """Give a listener that prints a line for each new state and each fault."""
    told: list[int | str | None] = [0, None]

    def tell(poll: Poll) -> None:
        attempts = poll.timeline.attempts
        if len(attempts) == told[0]:
            return
        last = attempts[-1]
        told[0], before = last.number, told[1]
        told[1] = last.state or (f"error: {last.fault}" if last.fault else "no state")
        if told[1] != before:
            elapsed = (last.started - attempts[0].started).total_seconds()
            line = masker.mask(f"{elapsed:6.1f} s  {told[1]}")
            write_err(printable(line, sys.stderr))

    return tell
