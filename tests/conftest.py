"""What all tests share: measures that a test records are told when all is done, also by xdist's workers."""

from __future__ import annotations

import pytest

MEASURED = "measured"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each `record_property("measured", ...)`."""
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            for name, value in report.user_properties:
                if name == MEASURED:
                    terminalreporter.write_line(str(value))
