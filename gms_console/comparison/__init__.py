"""Two exchanges side by side: what differs, and what always does."""

from gms_console.comparison.comparing import compare
from gms_console.comparison.rules import (
    DEFAULT_RULES,
    IgnoreRules,
    RuleError,
    name_rule,
    path_rule,
)
from gms_console.comparison.types import (
    Change,
    Comparison,
    DiffNode,
    HeaderDifference,
    PhaseDifference,
    SentDifference,
)

__all__ = [
    "DEFAULT_RULES",
    "Change",
    "Comparison",
    "DiffNode",
    "HeaderDifference",
    "IgnoreRules",
    "PhaseDifference",
    "RuleError",
    "SentDifference",
    "compare",
    "name_rule",
    "path_rule",
]
