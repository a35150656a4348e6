"""The group: what it lists, and its help."""

import pytest

from tests.cli.conftest import Cli


def test_help_lists_the_commands_that_there_are(cli: Cli) -> None:
    out = cli("--help").out
    commands = out.partition("Commands:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in commands.splitlines()] == [
        "demo",
        "env",
        "export",
        "import",
        "request",
        "run",
        "send",
        "simulate",
    ]
    assert "Example:\n" in out
    assert "4    a poll ended without the wanted state\n" in out


@pytest.mark.parametrize(
    "command", ["send", "request", "run", "export", "import", "simulate", "demo", "env"]
)
def test_each_help_has_an_example(cli: Cli, command: str) -> None:
    ended = cli(command, "-h")
    assert ended.code == 0
    assert f"  gms-console {command} " in ended.out.partition("Example:\n")[2]


@pytest.mark.parametrize("arguments", [["run"], ["--nonsense"], ["send"], ["request", "7"]])
def test_wrong_commands_end_with_2(cli: Cli, arguments: list[str]) -> None:
    ended = cli(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Error: " in ended.err
