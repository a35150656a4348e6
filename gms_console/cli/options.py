"""The options that all commands share which talk to a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from gms_console.cli.values import base_url, duration, file_row, header, text_row
from gms_console.model.environment import DEFAULT_TIMEOUT, Environment
from gms_console.model.form import Form, Row

URL_VARIABLE = "GMS_CONSOLE_URL"
_ENCODINGS = ("auto", "multipart", "urlencoded", "json", "none")

_F = TypeVar("_F", bound=Callable[..., object])


class TalkCommand(click.Command):
    """A command that sends a request.

    It folds the options into what its function takes: `form`, with the rows in the order
    of the command line, and `environment`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, then fold them."""
        order = self._order(ctx, args)
        rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            self.fold(ctx, order)
        return rest

    def fold(self, ctx: click.Context, order: Sequence[str]) -> None:
        """Replace parameters by the values made of several of them."""
        rows = {name: iter(ctx.params.pop(name)) for name in ("text_rows", "file_rows")}
        ctx.params["form"] = Form(tuple(_rows(rows, order)))
        ctx.params["environment"] = _environment(ctx)

    def _order(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Name the parameters in the order of the arguments, one for each occurrence.

        Click collects the values of each option apart, so -p and -f would lose the order
        that they have among each other.
        """
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        return [param.name for param in order if param.name is not None]


def _rows(rows: dict[str, Iterator[Row]], order: Sequence[str]) -> Iterator[Row]:
    return (next(rows[name]) for name in order if name in rows)


class _UrlOption(click.Option):
    """`--url`, which is not taken from its variable when an environment is named."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Give the variable's value; --env is eager, so it has been read already."""
        named = ctx.get_parameter_source("env") is ParameterSource.COMMANDLINE
        return None if named else super().resolve_envvar_value(ctx)


def _environment(ctx: click.Context) -> Environment:
    place = fold_place(ctx)
    if place.env is None and place.node is not None:
        raise click.UsageError("--node is a node of an environment: give --env too.", ctx)
    environment = place.environment()
    if environment is None:
        raise click.UsageError(where_to_send(), ctx)
    return environment


def where_to_send() -> str:
    """Say how a server is named, to a person who named none."""
    return (
        "Where to send is not known: give --url http://localhost:8080/genesys, --env NAME, "
        f"or set the environment variable {URL_VARIABLE}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to send, as the options say it, and what they change of an environment.

    `env` is a name, `url` a base URL; both are None where nothing is said. `from_variable`: the
    URL is the variable's, which is asked last. `timeout` is None where it was not given.
    """

    env: str | None
    node: str | None
    url: Environment | None
    from_variable: bool
    headers: tuple[tuple[str, str], ...]
    timeout: float | None
    insecure: bool

    def environment(self, name: str = "") -> Environment | None:
        """Give the environment, else that of a `name`; None where nothing says which.

        Raises ClickException for an environment that cannot be used.
        """
        own = self.url is not None and not self.from_variable
        if self.env is not None or (name and not own):
            # It loads pydantic and YAML, which a send to an URL does without.
            from gms_console.cli.environment import named_environment  # noqa: PLC0415

            named = name if self.env is None else self.env
            return self._changed(named_environment(named, self.node or ""))
        return None if self.url is None else self._changed(self.url)

    def _changed(self, environment: Environment) -> Environment:
        """Give the environment with what the options change for this call."""
        given = {name.lower() for name, _ in self.headers}
        kept = tuple(pair for pair in environment.headers if pair[0].lower() not in given)
        environment = replace(environment, headers=(*kept, *self.headers))
        if self.timeout is not None:
            environment = replace(environment, timeout=self.timeout, connect_timeout=None)
        return replace(environment, verify_tls=False) if self.insecure else environment


def fold_place(ctx: click.Context) -> Place:
    """Take the options of the server out of the parameters. Raises UsageError."""
    timeout: float = ctx.params.pop("timeout")
    given = ctx.get_parameter_source("timeout") is not ParameterSource.DEFAULT
    place = Place(
        env=ctx.params.pop("env"),
        node=ctx.params.pop("node"),
        url=ctx.params.pop("url"),
        from_variable=ctx.get_parameter_source("url") is ParameterSource.ENVIRONMENT,
        headers=ctx.params.pop("headers"),
        timeout=timeout if given else None,
        insecure=ctx.params.pop("insecure"),
    )
    if place.env is not None and place.url is not None:
        raise click.UsageError("--env and --url exclude each other: give one of them.", ctx)
    return place


def form_options(function: _F) -> _F:
    """Add the options for the rows and their encoding."""
    return _all(
        function,
        click.option(
            "-p",
            "text_rows",
            type=text_row,
            multiple=True,
            metavar="KEY=VALUE",
            help="A row with a text; repeat it for more. Rows are sent in the order given.",
        ),
        click.option(
            "-f",
            "file_rows",
            type=file_row,
            multiple=True,
            metavar="KEY=PATH",
            help="A row with a file, which ;type=MIME and ;filename=NAME may follow.",
        ),
        click.option(
            "--encoding",
            type=click.Choice(_ENCODINGS),
            default="auto",
            show_default=True,
            help="The kind of body; auto: multipart with a file, else urlencoded.",
        ),
    )


def talk_options(function: _F) -> _F:
    """Add the options for the server and for the output."""
    return _all(
        function,
        click.option(
            "--env",
            metavar="NAME",
            is_eager=True,
            help="An environment: where GMS is, with all settings of its file.",
        ),
        click.option(
            "--node", metavar="NAME", help="A node of the environment; the first unless given."
        ),
        click.option(
            "--url",
            cls=_UrlOption,
            type=base_url,
            metavar="URL",
            envvar=URL_VARIABLE,
            show_envvar=True,
            help="Where GMS is: http://host:port/base, the base being /genesys unless given.",
        ),
        click.option(
            "--header",
            "headers",
            type=header,
            multiple=True,
            metavar="K:V",
            help="A header of the request, in place of the environment's; repeat it for more.",
        ),
        click.option(
            "--timeout",
            type=duration,
            default=f"{DEFAULT_TIMEOUT:g}",
            show_default="15, or the environment's",
            metavar="S",
            help="The longest silence to wait through: seconds, or with a unit (500ms, 2m).",
        ),
        click.option(
            "--insecure", is_flag=True, help="Do not check the certificate of the server."
        ),
        click.option(
            "--format",
            "output",
            type=click.Choice(("text", "json")),
            default="text",
            show_default=True,
            help="json: one JSON object on standard output.",
        ),
    )


def _all(function: _F, *options: Callable[[Any], Any]) -> _F:
    """Apply the options so that the help lists them in this order."""
    for option in reversed(options):
        function = option(function)
    return function
