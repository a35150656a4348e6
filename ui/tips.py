"""Tooltips that hold what came from elsewhere."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """Give a tooltip that is shown as it is: Qt would take markup in an answer for its own."""
    return f"<qt>{escape(text)}</qt>".replace("\n", "<br>") if "<" in text else text
