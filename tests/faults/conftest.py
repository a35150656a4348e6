"""Tells at the end of a run how many faults were named."""

import pytest

from tests.faults.table import FAULTS
from tests.faults.test_faults import NAMED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the count, where faults were played at all."""
    if NAMED:
        terminalreporter.write_line(f"faults: {len(NAMED)} of {len(FAULTS)} named")
