"""Part of exported Python scripts: what a choice on the customer's phone sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from .reading import text_of
from .running import Reply, Run, StepFailed

START_CHAT = "Start the chat"


def choices(screen: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Give what can be chosen, each with its address; None for what sends nothing."""
    action = str(screen.get("_action") or "").strip()
    if action == "page":
        yield screen["path"], screen["path"]
    elif action == "DisplayMenu":
        groups = screen.get("_content")
        for group in groups if isinstance(groups, list) else []:
            items = group.get("_group_content") if isinstance(group, dict) else None
            for item in items if isinstance(items, list) else []:
                if isinstance(item, dict):
                    url = text_of(item.get("_user_action_url") or "")
                    yield text_of(item.get("_label") or url or "(no label)"), url
    elif action == "StartChat" or (not action and screen.get("_chatIxnAPI-CREATE-URL")):
        url = text_of(screen.get("_start_chat_url") or screen.get("_chatIxnAPI-CREATE-URL") or "")
        subject = screen.get("_chat_parameters")
        yield START_CHAT, url
        if isinstance(subject, dict) and subject.get("subject"):
            yield text_of(subject["subject"]), url
    else:
        number = text_of(screen.get("_tel_url") or "")
        yield number.partition(":")[2].partition(",")[0], None
        title = screen.get("_ok_title") or screen.get("_okTitle") or "OK"
        for name in ("_label", "_tel_url", "_access_number", "_text"):
            yield text_of(screen.get(name) or ""), None
        if action == "ConfirmationDialog" or "_text" in screen:
            yield text_of(title), None


def folded(label: str) -> str:
    return " ".join(label.split()).casefold()


def origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        raise StepFailed(2, f"{url[:80]} is no address") from None
    return parts.scheme, parts.hostname, port


def follow(
    run: Run,
    instance: str,
    name: str,
    method: str,
    label: str,
    *,
    headers: dict[str, str] | None = None,
    asked: Sequence[int] | None = (),
) -> None:
    """Choose what has a label on the phone's screen; its answer is the next screen."""
    run.id(instance)
    screen = run.screens.get(instance) or {}
    shown = [(text, url) for text, url in choices(screen) if text]
    found = next((one for one in shown if folded(one[0]) == folded(label)), None)
    if found is None:
        others = ", ".join(text for text, _ in shown[:20]) or "nothing to choose"
        raise StepFailed(1, f"the phone does not show {label} but {others}")
    run.reply, run.data = Reply(0, b"", 0.0), None
    if found[1] is None:
        return
    if not found[1]:
        raise StepFailed(2, f"{found[0]} has no address to send to")
    base = run.talk.base
    url = urldefrag(urljoin(urljoin(base, "/"), found[1].strip()))[0]
    if origin(url) != origin(base):
        raise StepFailed(2, f"{label} leads to another host; a run sends nothing there")
    verb = "GET" if screen.get("_action") == "page" else method
    run.request(instance, name, verb, url, headers=headers, asked=asked)
