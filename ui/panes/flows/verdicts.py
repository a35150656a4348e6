"""How verdicts of steps look: a sign, a word and a colour, never a colour alone."""

from __future__ import annotations

from gms_console.runner.results import Verdict

from ...theme import colours

_SIGNS = {
    Verdict.PASSED: ("✓", "passed"),
    Verdict.FAILED: ("✗", "failed"),
    Verdict.NOT_REACHED: ("✗", "not reached"),
    Verdict.ERROR: ("!", "error"),
    Verdict.REFUSED: ("⊘", "refused"),
    Verdict.MISSING_FILE: ("⊘", "missing file"),
    Verdict.SKIPPED: ("–", "skipped"),
    Verdict.INTERRUPTED: ("■", "interrupted"),
}


def verdict_look(verdict: Verdict | None, count: str = "") -> tuple[str, str]:
    """Give the sign and words of a verdict, and its colour; `count` stands in place of the words.

    None stands for a step that is under way.
    """
    scheme = colours()
    if verdict is None:
        return "▸ running", scheme.accent
    sign, words = _SIGNS[verdict]
    words = count or words
    if verdict is Verdict.PASSED:
        ink = scheme.good
    elif verdict in {Verdict.SKIPPED, Verdict.INTERRUPTED}:
        ink = scheme.muted
    else:
        ink = scheme.error
    return f"{sign} {words}", ink
