"""A comparison in words: what it found, and what the two sides are."""

from __future__ import annotations

from gms_console.comparison import (
    Change,
    Comparison,
    DiffNode,
    HeaderDifference,
    IgnoreRules,
    name_rule,
    path_rule,
)
from gms_console.comparison.rules import HEADER
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange
from gms_console.presentation import status_line

from ...models.diff_words import SIGNS, WORDS

COMPARING = "Comparing …"

LEGEND = "     ".join(f"{sign} {WORDS[change]}" for change, sign in SIGNS.items() if sign)
"""What the signs before rows mean."""


def counted(count: int, one: str, many: str) -> str:
    """Say how many, as in `1 difference` or `1,200 differences`."""
    return f"{count:,} {one if count == 1 else many}"


def summary(found: Comparison) -> tuple[str, str]:
    """Say what was found, and in which role: good where the answers are equal."""
    ignored = found.ignored
    aside = f", {ignored:,} ignored" if ignored else ""
    if found.differences:
        return f"{counted(found.differences, 'difference', 'differences')}{aside}", "warning"
    if ignored:
        return f"The same but for what is ignored ({ignored:,})", "good"
    return "The answers are the same", "good"


def only_text(hidden: int) -> str:
    """Give the text of the box that hides what is the same; what is ignored is no secret."""
    if not hidden:
        return "Only &differences"
    return f"Only &differences ({hidden:,} ignored {'is' if hidden == 1 else 'are'} hidden)"


def clock(exchange: Exchange) -> str:
    """Say when it was sent, by the clock here."""
    local = exchange.started.astimezone()
    return f"{local:%d %b %H:%M:%S}.{local.microsecond // 1000:03}"


def how_it_went(exchange: Exchange) -> tuple[str, str]:
    """Say in a line how it went, and in which role."""
    answer = read_answer(exchange)
    return status_line(exchange, answer), "good" if answer.ok else "error"


def node_rules(node: DiffNode, rules: IgnoreRules) -> list[tuple[str, str, bool]]:
    """Give what can be done about a value's rules: words, rule, and whether it begins to hold."""
    matching = rules.matching(node.path)
    if matching:
        return [(f"Count “{rule}” again", rule, False) for rule in matching]
    name, path = name_rule(node), path_rule(node)
    found = [(f"Ignore “{name}” wherever it is", name, True)] if name else []
    if path and path != name:
        found.append((f"Ignore “{path.removeprefix('@.')}” at this place", path, True))
    return found


def header_rules(header: HeaderDifference, rules: IgnoreRules) -> list[tuple[str, str, bool]]:
    """Give what can be done about a header's rules, as `node_rules` does."""
    mine = [one for one in rules.headers if one.lower() == header.name.lower()]
    if mine:
        return [(f"Count the header {one} again", f"{HEADER} {one}", False) for one in mine]
    if header.change is Change.SAME:
        return []
    return [(f"Ignore the header {header.name}", f"{HEADER} {header.name}", True)]
