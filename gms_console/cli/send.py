"""`gms-console send`: one create."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gms_console.cli.confirming import confirm
from gms_console.cli.options import TalkCommand, form_options, talk_options
from gms_console.cli.report import report
from gms_console.cli.talk import Talk, talk
from gms_console.cli.values import method as read_method
from gms_console.cli.variables import Expander
from gms_console.model.environment import Environment
from gms_console.model.form import Form
from gms_console.redaction import Masker
from gms_console.wire.body import BodyKind
from gms_console.wire.request import prepare_create

if TYPE_CHECKING:
    from gms_console.session import Session


_EXAMPLE = """\b
Example:
  gms-console send request-interaction --url http://localhost:8080/genesys \\
      -p _phone_number=6504669999 -p language=french \\
      -f "FileKey=./MyPic.png;type=image/png"
"""


@click.command("send", cls=TalkCommand, epilog=_EXAMPLE)
@click.argument("service")
@form_options
@click.option("--method", type=read_method, default="POST", show_default=True, metavar="METHOD")
@click.option("--yes", is_flag=True, help="Confirm a create that the environment's guard asks for.")
@talk_options
def send(
    service: str,
    form: Form,
    encoding: str,
    method: str,
    yes: bool,
    environment: Environment,
    output: str,
) -> int:
    """Create an instance of SERVICE and print the answer.

    A callback service is callback/NAME, and /2/chat/NAME or another path that begins with / is
    taken from the base path on. Calendar and capacity services are asked with --method GET, which
    puts the rows into the address. {{name}} in SERVICE and rows is a
    variable of the environment, or one built in: $uuid, $now, $now+15m, $counter, $env:NAME.
    """
    expander = Expander(environment)
    service, form = expander.text(service, "SERVICE"), expander.form(form)
    prepared = prepare_create(environment, service, form, method=method, kind=BodyKind(encoding))
    confirmed = confirm(environment, prepared, yes=yes)

    async def work(session: Session, _: Talk) -> None:
        await session.create(environment, prepared, confirmed=confirmed)

    return report(talk(work), output, Masker.of(environment, form))
