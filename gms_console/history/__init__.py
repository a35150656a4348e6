"""The history: every Exchange and Poll, kept in SQLite before it is shown."""

from gms_console.history.history import History
from gms_console.history.rows import (
    REDIRECTED,
    Entry,
    HistoryFacts,
    HistoryPage,
    HistoryQuery,
    HistoryRow,
    HistorySettings,
    KeptExchange,
    KeptPoll,
)

__all__ = [
    "REDIRECTED",
    "Entry",
    "History",
    "HistoryFacts",
    "HistoryPage",
    "HistoryQuery",
    "HistoryRow",
    "HistorySettings",
    "KeptExchange",
    "KeptPoll",
]
