"""The customer's phone: what choosing in a Dialog, a push or a page sends, and sending it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from gms_console.guard import check
from gms_console.instance import Instance
from gms_console.model.address import Address, AddressError, page_url, resolve
from gms_console.model.answer import Answer, read_answer
from gms_console.model.environment import PathSegmentError
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.model.push import Push, PushError, read_push
from gms_console.model.transfer import Transfer
from gms_console.wire.request import PreparedRequest, prepare_url

__all__ = [
    "AddressError",
    "FollowUp",
    "FollowUpError",
    "Push",
    "PushError",
    "follow_up",
    "page_request",
    "page_url",
    "push_follow_up",
    "read_push",
    "send_follow_up",
]


class FollowUpError(ValueError):
    """A choice that cannot be sent; the text says why."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A request that a choice on the phone stands for; `prepared` is exactly what goes out.

    `other_origin` names scheme, host and port where they are not the instance's own: a face
    asks before it sends there, and nothing that belongs to the instance goes along.
    """

    prepared: PreparedRequest
    label: str
    other_origin: str = ""


def follow_up(
    instance: Instance, url: str, label: str, method: str = "POST", *, asks: bool = False
) -> FollowUp:
    """Prepare what a choice sends to its `_user_action_url` or `_start_chat_url`.

    The first app of the vendor sends POST, a later one GET (domain 3.2). A relative address is
    one of the instance's own origin. `asks`: it changes nothing, as the GET of a page.
    Raises FollowUpError; nothing has been sent then.
    """
    try:
        address = resolve(instance.environment, url)
    except AddressError as error:
        raise FollowUpError(str(error)) from None
    name = _last_segment(address)
    operation = Operation(
        kind=OperationKind.REQUEST,
        service=instance.service,
        instance_id=instance.id,
        request=name,
        label=label.strip() or name,
        asks=asks,
    )
    own = address.place is instance.environment
    prepared = prepare_url(
        address.place,
        operation,
        address.url,
        method=method,
        cookie=instance.client.cookie_header(address.url) if own else None,
    )
    return FollowUp(prepared, operation.label, "" if own else address.place.origin)


def push_follow_up(instance: Instance, push: Push, method: str = "POST") -> FollowUp:
    """Prepare what an app sends when a push reaches it (domain 3.2).

    A push for another instance is refused: `Session.attach` reopens that one by its id.
    Raises FollowUpError; nothing has been sent then.
    """
    if push.id != instance.id:
        raise FollowUpError(
            f"The push is for the instance {push.id}, and this one is {instance.id}; "
            "reopen that one by its id first."
        )
    try:
        url = instance.environment.service_url(push.id, push.action)
    except PathSegmentError as error:
        raise FollowUpError(f"The push cannot be followed. {error}") from None
    return follow_up(instance, url, push.action, method)


def page_request(instance: Instance, url: str) -> FollowUp:
    """Prepare the GET of a dialog's page. Raises FollowUpError."""
    return follow_up(instance, url, "", "GET", asks=True)


async def send_follow_up(
    instance: Instance,
    follow_up: FollowUp,
    transfer: Transfer | None = None,
    *,
    learn: bool = True,
) -> tuple[Exchange, Answer]:
    """Send a FollowUp; its answer becomes the instance's next screen.

    With `learn` off nothing else is learnt from it, as from a page.

    On another origin a fresh client sends it, without the instance's cookies, and cookies
    that come back are forgotten. What the answer says is learnt all the same: a node that
    is known by a second name (its `external_url_base`) answers for the same instance.
    Raises GuardError, with nothing sent, when the Environment is read-only and this is not.
    """
    check(instance.environment, follow_up.prepared)
    address = resolve(instance.environment, follow_up.prepared.url)
    if address.place is instance.environment:
        exchange = await instance.client.send(follow_up.prepared, transfer)
    else:
        async with instance.client.stranger(address.place) as client:
            exchange = await client.send(follow_up.prepared, transfer)
    answer = read_answer(exchange)
    if learn:
        instance.learn(exchange, answer)
    else:
        instance.show(exchange, answer)
    return exchange, answer


def _last_segment(address: Address) -> str:
    path = unquote(urlsplit(address.url).path)
    segments = [segment for segment in path.split("/") if segment]
    return segments[-1] if segments else address.place.host
