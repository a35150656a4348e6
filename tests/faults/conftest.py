"""Tells at the end of a run how many faults were named."""

import pytest

from tests.faults.table import FAULTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the count, where faults were played at all; another process may have played them."""
    played = [
        (report.passed, value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "fault" and report.when == "call"
    ]
    named = {fault for passed, fault in played if passed}
    if played:
        terminalreporter.write_line(f"faults: {len(named)} of {len(FAULTS)} named")
