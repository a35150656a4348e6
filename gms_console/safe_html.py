"""A page from a server made harmless: its text and structure, and nothing that loads or runs.

Read with expressions that never go back over what they have read: the page is a stranger's, and
the library's own parser takes minutes for some that are made to hurt it.
"""

from __future__ import annotations

import re
from html import escape, unescape


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEPT = _names(
    "p div span h1 h2 h3 h4 h5 h6 b strong i em u s small big sub sup code pre tt kbd samp "
    "ul ol li dl dt dd blockquote table thead tbody tfoot tr th td caption center"
)
_VOID = _names("br hr")
_AS_BLOCK = _names(
    "section article header footer main nav aside form fieldset figure address details"
)
_DROPPED = _names(
    "script style head title template noscript iframe object applet svg math audio video "
    "canvas frameset noframes select textarea"
)
_TABLE = _names("table thead tbody tfoot tr th td caption")
_DEEPEST = 24

_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)"
    r"(?P<rest>[^<>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^<>\"']*+)*+)>"
)
_ATTRIBUTE = re.compile(
    r"([A-Za-z]{1,20}+)\s{0,9}+=\s{0,9}+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))"
)
_LONG_WORD = re.compile(r"\S{200}")
_CLOSING = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _DROPPED}


def breakable(text: str) -> str:
    """Let a very long word break: to lay it out whole takes time by the square of its length."""
    return _LONG_WORD.sub(lambda word: f"{word[0]}\u200b", text)


def safe_html(page: str) -> str:
    """Give the static part of a page.

    Scripts, styles, frames, forms' fields and every attribute but a link's address are left
    out; a picture is named instead of shown. Nothing of the result refers to anything that
    would have to be loaded.
    """
    maker = _Maker()
    place = 0
    while place < len(page):
        start = page.find("<", place)
        if start < 0:
            start = len(page)
        maker.text(page[place:start])
        place = _after_markup(page, start, maker)
    return maker.result()


def _after_markup(page: str, start: int, maker: _Maker) -> int:
    """Read what begins at a `<`; give the place behind it."""
    if page.startswith("<!--", start):
        return _behind(page, "-->", start + 4)
    if page.startswith(("<!", "<?"), start):
        return _behind(page, ">", start + 2)
    tag = _TAG.match(page, start)
    if tag is None:
        maker.text(page[start : start + 1])
        return start + 1
    name = tag["name"].lower()
    if tag["end"]:
        maker.end(name)
    elif name in _DROPPED:
        return _behind_element(page, name, tag.end(), maker)
    else:
        maker.start(name, tag["rest"])
    return tag.end()


def _behind(page: str, mark: str, start: int) -> int:
    place = page.find(mark, start)
    return place + len(mark) if place >= 0 else len(page)


def _behind_element(page: str, name: str, start: int, maker: _Maker) -> int:
    """Give the place behind an element that is left out; a head that is left open ends here."""
    if name == "head" and maker.no_head_ends:
        return start
    end = _CLOSING[name].search(page, start)
    if end is not None:
        return end.end()
    maker.no_head_ends = True
    return start if name == "head" else len(page)


class _Maker:
    """Writes what may stay. Tables in tables are flattened: they cost too much to lay out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.no_head_ends = False

    def result(self) -> str:
        """Give what was written, with what is open closed."""
        while self._open:
            self._close_last()
        return "".join(self._parts)

    def text(self, text: str) -> None:
        """Write a text."""
        if text:
            self._parts.append(escape(breakable(unescape(text)), quote=False))

    def start(self, tag: str, rest: str) -> None:
        """Write what begins an element."""
        if tag == "img":
            alt = _attribute(rest, "alt")
            self.text(f"[picture: {alt}]" if alt else "[picture]")
        elif tag == "input":
            self.text(f"[{_attribute(rest, 'value') or 'field'}] ")
        elif tag == "a":
            href = _attribute(rest, "href")
            self._push(tag, "a" if href else "span", f' href="{escape(href)}"' if href else "")
        elif tag in _VOID:
            self._parts.append(f"<{tag}>")
        else:
            self._start_block(tag)

    def end(self, tag: str) -> None:
        """Write what ends an element, and those that it left open."""
        if any(opened == tag for opened, _ in self._open):
            while self._open[-1][0] != tag:
                self._close_last()
            self._close_last()

    def _start_block(self, tag: str) -> None:
        written = "div" if tag in _AS_BLOCK else tag
        if written not in _KEPT:
            return
        table = next((end for opened, end in reversed(self._open) if opened == "table"), "")
        nested = tag == "table" and table
        stray = tag != "table" and table != "table"
        if tag in _TABLE and (nested or stray):
            written = "div"
        self._push(tag, written)

    def _push(self, tag: str, written: str, attributes: str = "") -> None:
        if len(self._open) < _DEEPEST:
            self._open.append((tag, written))
            self._parts.append(f"<{written}{attributes}>")

    def _close_last(self) -> None:
        self._parts.append(f"</{self._open.pop()[1]}>")


def _attribute(rest: str, name: str) -> str:
    for found in _ATTRIBUTE.finditer(rest):
        if found[1].lower() == name:
            return unescape(found[2] or found[3] or found[4] or "").strip()
    return ""
