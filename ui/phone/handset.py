"""The Handset: what stands on one instance's phone beside the screens that came."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.model.reading import body_text
from gms_console.model.transfer import Transfer
from gms_console.phone import FollowUp
from gms_console.presentation import status_line
from gms_console.trail import Screen

PAGE_LIMIT = 50_000
"""Characters of a page that the phone shows; the answer beside it has the rest."""

NO_INSTANCE = (
    "Create a service (Ctrl+Enter), choose one under Live services, "
    "or paste a push message: its phone appears here."
)
NO_SCREEN = (
    "No answer of this instance had anything for a phone yet. Receive a push, "
    "or send a request such as status."
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched for a screen, as text; `note` says what is not shown of it."""

    screen: int
    url: str
    text: str
    is_html: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """A request of the phone that waits for consent, or is under way.

    `place` is the number of the menu entry it came of; `page` is the number of the screen
    whose page it fetches. Both are 0 for none.
    """

    follow_up: FollowUp
    place: int = 0
    page: int = 0
    transfer: Transfer = field(default_factory=Transfer, repr=False, compare=False)

    @property
    def url(self) -> str:
        """Where it goes."""
        return self.follow_up.prepared.url


@dataclass(slots=True, eq=False)
class Handset:
    """What stands on one instance's phone beside its trail.

    `past` is the number of the earlier screen that is looked at; None for the latest.
    `trouble` says why the last thing was not done, `note` what came of it otherwise; both are
    about the screen that was the `latest` then. `received` is what the last push asked for.
    """

    errand: Errand | None = None
    question: Errand | None = None
    task: asyncio.Task[None] | None = None
    past: int | None = None
    latest: int = 0
    trouble: str = ""
    note: str = ""
    received: str = ""
    page: Page | None = None
    page_texts: dict[int, str] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)

    def clear(self) -> None:
        """Forget what was said, and a question that was asked."""
        self.trouble = self.note = ""
        self.question = None

    @property
    def busy(self) -> bool:
        """Whether a request of this phone is under way."""
        return self.errand is not None


def same_number(one: str | None, other: str) -> bool:
    """Whether two writings may be of one number: with and without its country, and separators."""
    if one is None:
        return True
    digits, others = ("".join(filter(str.isdigit, text)) for text in (one, other))
    return digits.endswith(others) or others.endswith(digits)


def note_of(before: Screen | None, now: Screen | None, exchange: Exchange, answer: Answer) -> str:
    """Say why an answer brought no new screen; empty when it did."""
    if now is None or now.exchange_id != exchange.id:
        return f"The answer has nothing for a phone: {status_line(exchange, answer)}."
    same = before is not None and before.number == now.number
    return "The answer brought the same screen again." if same else ""


def page_of(errand: Errand, exchange: Exchange) -> Page:
    """Make the Page of what an errand for one brought."""
    response = exchange.response
    kind = (response.header("content-type") or "" if response is not None else "").lower()
    if response is None or not response.body:
        return Page(errand.page, errand.url, "", is_html=False, note="The page is empty.")
    text = body_text(response)
    is_html = "html" in kind or text.lstrip()[:1] == "<"
    if not is_html and kind and not any(one in kind for one in ("text", "json", "xml")):
        note = f"A page of the type {kind} cannot be shown here."
        return Page(errand.page, errand.url, "", is_html=False, note=note)
    cut = f"Only the first {PAGE_LIMIT:,} characters." if len(text) > PAGE_LIMIT else ""
    return Page(errand.page, errand.url, text[:PAGE_LIMIT], is_html, cut)
