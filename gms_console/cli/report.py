"""Prints what came of a talk with a server, in the format asked for, and gives the exit code."""

from __future__ import annotations

import sys

from gms_console.cli.exits import Exit, exit_of, exit_of_poll
from gms_console.cli.output import printable, write_err, write_out
from gms_console.cli.report_json import json_report
from gms_console.cli.report_text import text_poll, text_poll_error, text_problem, text_report
from gms_console.cli.talk import Talk
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange
from gms_console.redaction import Masker, header_secrets


def report(done: Talk, output: str, masker: Masker) -> Exit:
    """Print a talk as `text` or `json`, with what `masker` knows masked."""
    exchange = done.exchange
    if exchange is not None:
        masker = masker.also(_sessions(exchange))
    if output == "json":
        if exchange is not None:
            write_out(json_report(exchange, done.poll, masker))
    else:
        _print_text(done, masker)
    if done.interrupted or exchange is None:
        return Exit.INTERRUPTED
    if done.poll is not None:
        return exit_of_poll(done.poll)
    return exit_of(read_answer(exchange).problem)


def _sessions(exchange: Exchange) -> tuple[str, ...]:
    """Give the session cookies that an exchange carried; an answer may repeat them."""
    came = exchange.response.headers if exchange.response is not None else ()
    return header_secrets((*exchange.request.headers, *came))


def _print_text(done: Talk, masker: Masker) -> None:
    exchange, poll = done.exchange, done.poll
    parts = [] if poll is None else [text_poll(poll)]
    if exchange is not None:
        parts.append(text_report(exchange))
    write_out(printable(masker.mask("\n".join(part for part in parts if part)), sys.stdout))
    errors = []
    if poll is not None and exit_of_poll(poll) is not Exit.OK:
        errors.append(text_poll_error(poll))
    problem = None if exchange is None else read_answer(exchange).problem
    if exchange is not None and problem is not None:
        errors.append(text_problem(problem, exchange))
    elif poll is None and done.interrupted:
        errors.append("Interrupted.")
    if errors:
        write_err(printable(masker.mask("\n".join(errors)), sys.stderr))
