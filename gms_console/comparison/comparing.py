"""Compares two exchanges."""

from __future__ import annotations

from gms_console.comparison.rules import DEFAULT_RULES, IgnoreRules
from gms_console.comparison.types import Comparison
from gms_console.model.exchange import Exchange


def compare(left: Exchange, right: Exchange, rules: IgnoreRules = DEFAULT_RULES) -> Comparison:
    """Compare two exchanges: answers by structure, headers, phases. Never raises.

    Takes time with large answers, and is called in a thread then.
    """
    raise NotImplementedError
