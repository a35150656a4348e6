"""A dialog in words: its name in the trail, and what a screen reader says of it."""

from __future__ import annotations

from datetime import datetime

from gms_console.model.dialog import (
    AccessDialog,
    ChatAnswer,
    Confirmation,
    DialNumber,
    Dialog,
    DisplayMenu,
    FailedDialog,
    PageDialog,
    StartChat,
    UnreadDialog,
)
from gms_console.phone import FollowUp
from gms_console.trail import Screen

KEPT_BACK = "Not sent along: cookies, credentials and the headers of the environment."

_KINDS: tuple[tuple[type[Dialog], str], ...] = (
    (DialNumber, "Call a number"),
    (DisplayMenu, "Menu"),
    (Confirmation, "Message"),
    (StartChat, "Start a chat"),
    (ChatAnswer, "Chat"),
    (PageDialog, "Page"),
    (AccessDialog, "Access number"),
    (FailedDialog, "Error"),
    (UnreadDialog, "Unknown dialog"),
)


def kind_text(dialog: Dialog) -> str:
    """Name the kind of a dialog."""
    return next(text for kind, text in _KINDS if isinstance(dialog, kind))


def title_text(dialog: Dialog) -> str:
    """Give the words by which a screen is recognised; may be empty."""
    match dialog:
        case DialNumber():
            title = dialog.label or dialog.number or dialog.tel_url
        case DisplayMenu():
            title = dialog.label or dialog.note
        case Confirmation():
            title = dialog.text
        case StartChat():
            title = dialog.subject
        case ChatAnswer():
            title = dialog.state
        case PageDialog():
            title = dialog.state or dialog.path
        case AccessDialog():
            title = dialog.access.number or ""
        case FailedDialog():
            title = dialog.said
        case UnreadDialog():
            title = dialog.action or dialog.reason
    return title


def what_text(screen: Screen) -> str:
    """Say what a screen is: its number and, after two blanks, kind and title."""
    title = " ".join(title_text(screen.dialog).split())
    what = " · ".join(part for part in (kind_text(screen.dialog), title) if part)
    return f"{screen.number}  {what}"


def came_text(screen: Screen) -> str:
    """Say when a screen came, and by what."""
    return f"{clock_text(screen.at)} · {screen.came_by}"


def clock_text(at: datetime) -> str:
    """Give the time of day here."""
    return at.astimezone().strftime("%H:%M:%S")


def spoken_text(dialog: Dialog) -> str:
    """Give all that a screen shows, for a screen reader."""
    return sentences(kind_text(dialog), *_spoken(dialog))


def consent_text(question: FollowUp) -> str:
    """Ask, for a screen reader, whether something may leave for another host."""
    asked = f"Send to another host? “{question.label}” leads to {question.other_origin}"
    return sentences(asked, KEPT_BACK)


def sentences(*parts: str) -> str:
    """Write parts one after the other, each ended as a sentence; empty ones are left out."""
    ended = (part if part[-1] in ".!?:" else f"{part}." for part in parts if part)
    return " ".join(ended)


def _spoken(dialog: Dialog) -> list[str]:
    match dialog:
        case DialNumber():
            code = f"code {dialog.code}" if dialog.code else ""
            return [dialog.label, dialog.number or dialog.tel_url, code]
        case DisplayMenu():
            return [dialog.label, *_spoken_items(dialog), dialog.note]
        case Confirmation():
            return [dialog.text, dialog.note, f"Button {dialog.ok_title}"]
        case ChatAnswer():
            return [dialog.state, *dialog.lines]
        case PageDialog():
            return [dialog.state, dialog.path]
        case AccessDialog():
            code = f"code {dialog.access.code}" if dialog.access.code else ""
            return [dialog.access.number or "", code]
        case UnreadDialog():
            return [dialog.action, dialog.reason, dialog.text]
        case _:
            return [title_text(dialog)]


def _spoken_items(dialog: DisplayMenu) -> list[str]:
    spoken: list[str] = []
    place = 0
    for group in dialog.groups:
        spoken.append(group.name)
        for item in group.items:
            place += 1
            spoken.append(f"{place}, {item.label}{'' if item.url else ', cannot be chosen'}")
    return spoken
