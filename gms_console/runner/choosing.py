"""What a follow step chooses on the phone of an Instance."""

from __future__ import annotations

from gms_console.instance import Instance
from gms_console.model.dialog import (
    AccessDialog,
    Confirmation,
    DialNumber,
    Dialog,
    DisplayMenu,
    FailedDialog,
    MenuItem,
    PageDialog,
    StartChat,
    UnreadDialog,
)
from gms_console.phone import FollowUp, FollowUpError, follow_up, page_request
from gms_console.runner.ending import StepEnd
from gms_console.runner.results import Verdict

START_CHAT = "Start the chat"
"""What the button says that begins a chat, as the window's phone shows it."""


def choose(instance: Instance, label: str, method: str) -> FollowUp | None:
    """Prepare what choosing `label` sends; None for what sends nothing, as to call a number.

    Labels compare as they are shown, in any casing. Raises StepEnd: FAILED where the phone shows
    no such choice, REFUSED where it cannot be sent, as to another host.
    """
    screen = instance.trail.current
    if screen is None:
        raise StepEnd(Verdict.FAILED, "the phone shows nothing to choose from")
    try:
        following = _follow(instance, screen.dialog, label, method)
    except FollowUpError as error:
        raise StepEnd(Verdict.REFUSED, str(error)) from None
    if following is not None and following.other_origin:
        raise StepEnd(
            Verdict.REFUSED,
            f"“{label}” leads to another host, {following.other_origin}; a run sends nothing there",
        )
    return following


def _follow(instance: Instance, dialog: Dialog, label: str, method: str) -> FollowUp | None:
    match dialog:
        case DisplayMenu():
            items = [item for group in dialog.groups for item in group.items]
            item = _item(items, label)
            if not item.url:
                raise StepEnd(Verdict.REFUSED, f"“{item.label}” has no address to send to")
            return follow_up(instance, item.url, item.label, method)
        case StartChat():
            _check(label, (START_CHAT, dialog.subject))
            if not dialog.url:
                raise StepEnd(Verdict.REFUSED, "the chat has no address to begin it at")
            return follow_up(instance, dialog.url, START_CHAT, method)
        case PageDialog():
            _check(label, (dialog.path,))
            return page_request(instance, dialog.path)
    _check(label, _shown(dialog))
    return None


def _shown(dialog: Dialog) -> tuple[str, ...]:
    """Give what can be chosen on a screen that sends nothing."""
    match dialog:
        case DialNumber():
            return dialog.label, dialog.number, dialog.tel_url
        case AccessDialog():
            return (dialog.access.number or "",)
        case Confirmation():
            return dialog.ok_title, dialog.text
        case FailedDialog():
            raise StepEnd(Verdict.FAILED, f"the phone shows an error: {dialog.said}")
        case UnreadDialog():
            raise StepEnd(Verdict.FAILED, f"the phone shows what it cannot read: {dialog.reason}")
    return ()


def _item(items: list[MenuItem], label: str) -> MenuItem:
    found = next((item for item in items if _same(item.label, label)), None)
    if found is None:
        raise _not_shown(label, [item.label for item in items])
    return found


def _check(label: str, shown: tuple[str, ...]) -> None:
    known = [text for text in shown if text]
    if not any(_same(text, label) for text in known):
        raise _not_shown(label, known)


def _same(shown: str, label: str) -> bool:
    return " ".join(shown.split()).casefold() == " ".join(label.split()).casefold()


def _not_shown(label: str, shown: list[str]) -> StepEnd:
    choices = ", ".join(f"“{one}”" for one in shown[:20]) or "nothing to choose"
    return StepEnd(Verdict.FAILED, f"the phone does not show “{label}” but {choices}")
