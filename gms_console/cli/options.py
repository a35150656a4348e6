"""The options that all commands share which talk to a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
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
    url: Environment | None = ctx.params.pop("url")
    name: str | None = ctx.params.pop("env")
    node: str | None = ctx.params.pop("node")
    if name is not None and url is not None:
        raise click.UsageError("--env and --url exclude each other: give one of them.", ctx)
    if name is None and node is not None:
        raise click.UsageError("--node is a node of an environment: give --env too.", ctx)
    if name is not None:
        # It loads pydantic and YAML, which a send to an URL does without.
        from gms_console.cli.environment import named_environment  # noqa: PLC0415

        url = named_environment(name, node or "")
    if url is None:
        raise click.UsageError(
            "Where to send is not known: give --url http://localhost:8080/genesys, --env NAME, "
            f"or set the environment variable {URL_VARIABLE}.",
            ctx,
        )
    return _changed(url, ctx)


def _changed(environment: Environment, ctx: click.Context) -> Environment:
    """Give the environment with what the options change for this call."""
    headers: tuple[tuple[str, str], ...] = ctx.params.pop("headers")
    timeout: float = ctx.params.pop("timeout")
    given = {name.lower() for name, _ in headers}
    kept = tuple(pair for pair in environment.headers if pair[0].lower() not in given)
    environment = replace(environment, headers=(*kept, *headers))
    if ctx.get_parameter_source("timeout") is not ParameterSource.DEFAULT:
        environment = replace(environment, timeout=timeout, connect_timeout=None)
    if ctx.params.pop("insecure"):
        environment = replace(environment, verify_tls=False)
    return environment


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
