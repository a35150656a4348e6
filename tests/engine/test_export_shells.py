"""Words for cmd and PowerShell, read back by the rules of cmd, PowerShell and Windows programs."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gms_console.curl import curl_command
from gms_console.model.exchange import Exchange
from gms_console.model.form import Form, Row
from gms_console.shell_text import (
    CMD,
    POWERSHELL,
    batch_quoted,
    cmd_quoted,
    powershell_quoted,
    windows_word,
)
from tests.engine.exports import script_of, steps
from tests.engine.helpers import create, environment, send
from tests.support.wire_server import WireServer


def windows_argv(line: str) -> list[str]:
    """Split a command line as programs of Windows do (Microsoft's C runtime)."""
    words: list[str] = []
    word, inside, started = "", False, False
    place = 0
    while place < len(line):
        run = re.compile(r"\\*").match(line, place)
        slashes = len(run[0]) if run else 0
        after = place + slashes
        if after < len(line) and line[after] == '"':
            word += "\\" * (slashes // 2)
            place, started = after + 1, True
            if slashes % 2:
                word += '"'
            else:
                inside = not inside
            continue
        if slashes:
            word += "\\" * slashes
            place, started = after, True
            continue
        one = line[place]
        if one in " \t" and not inside:
            if started:
                words.append(word)
            word, started = "", False
        else:
            word += one
            started = True
        place += 1
    return [*words, word] if started else words


def after_cmd(line: str, *, batch: bool) -> str:
    """What cmd passes on of a line: percent signs first, then carets and quotes."""
    if batch:
        line = re.sub(r"%%|%[^%\n]*%|%", lambda one: "%" if one[0] == "%%" else "", line)
    out, quotes, place = "", False, 0
    while place < len(line):
        one = line[place]
        if one == "^" and not quotes:
            place += 1
            if line[place : place + 1] == "\n":  # the line goes on: the next character is literal
                place += 1
            out += line[place : place + 1]
        elif one == '"':
            quotes = not quotes
            out += one
        else:
            assert quotes or one not in "&|<>()", f"cmd would act on {one}"
            assert one != "\n", "cmd would end the command"
            out += one
        place += 1
    return out


def after_powershell(line: str) -> str:
    """What PowerShell passes on of literals: its quotes off, and its own around blanks."""
    words = re.findall(r"(?:'(?:[^'‘’‚‛]|['‘’‚‛]{2})*'|[A-Za-z]\w*)(?= |$)", line)
    assert " ".join(words) == line, "PowerShell would read other words"
    passed = []
    for literal in words:
        word = literal
        if word.startswith("'"):
            word = re.sub("(['‘’‚‛])['‘’‚‛]", r"\1", word[1:-1])
        if word:  # an empty one is left out
            passed.append(f'"{word}"' if needs_quotes(word) else word)
    return " ".join(passed)


def needs_quotes(word: str) -> bool:
    """As PowerShell's NativeCommandParameterBinder decides, in its version 5."""
    count, slash = 0, False
    for one in word:
        if one == '"' and not slash:
            count += 1
        elif one.isspace() and count % 2 == 0:
            return True
        slash = one == "\\"
    return False


typed = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
nasty = st.text(st.sampled_from("a b\"'\\^%!&|<>()\n\t‘’$`@{}"), max_size=20)


@given(st.lists(typed | nasty, max_size=4))
@example(["%PATH%", "\\\n", "a b\\", '\\"', "", "a\nb", "^%^"])
@pytest.mark.parametrize("batch", [False, True], ids=["prompt", "file"])
def test_a_program_started_by_cmd_gets_the_words(batch: bool, words: list[str]) -> None:
    quoted = batch_quoted if batch else cmd_quoted
    line = " ".join(["curl", *map(quoted, words)])
    assert windows_argv(after_cmd(line, batch=batch)) == [
        "curl",
        *(word.replace("\r", "") for word in words),
    ]


def test_the_prompt_of_cmd_puts_no_variable_in() -> None:
    """At the prompt a name between percent signs is looked up before carets go."""
    names = re.findall("%([^%]*)%", cmd_quoted("100 %PATH% %"))
    assert names == ["PATH^"]  # which no variable is called, so that it stays


@given(st.lists(typed | nasty, max_size=4))
@example(["a b\\", '\\"', "", "it's", "‘x’", 'a "b" c\\', " "])
def test_a_program_started_by_powershell_gets_the_words(words: list[str]) -> None:
    line = " ".join(map(powershell_quoted, ["curl", *words]))
    assert windows_argv(after_powershell(line)) == ["curl", *words]


@given(typed | nasty)
def test_a_word_of_windows(word: str) -> None:
    assert windows_argv(f"curl {windows_word(word)}") == ["curl", word]


FORM = Form(
    (
        Row(key="name", value='O\'Neil & "Söhne" 100% ^'),
        Row(key="typed", value="x", content_type="text/plain"),
    )
)


async def sent(wire: WireServer) -> Exchange:
    return await send(environment(wire), create(wire, FORM))


@pytest.fixture
async def exchange(wire: WireServer) -> Exchange:
    return await send(environment(wire), create(wire, Form(FORM.rows[:1])))


async def test_copied_for_cmd(exchange: Exchange) -> None:
    command = curl_command(exchange, CMD)
    argv = windows_argv(after_cmd(command.rstrip("\n"), batch=False))
    assert argv[:2] == ["curl", exchange.request.url]
    body = argv[argv.index("--data-raw") + 1]
    assert body == exchange.request.body_preview


async def test_copied_for_powershell(exchange: Exchange) -> None:
    command = curl_command(exchange, POWERSHELL)
    assert command.startswith(f"curl.exe '{exchange.request.url}' `\n  ")
    assert f"--data-raw '{exchange.request.body_preview}'" in command


FLOW = """\
  - create: "request x&y"
    as: call
    form: {name: 'a "b" 100% & c', phone: "{{phone}}", plus: "{{$now+1m}}"}
    expect: [{http: 200}, {path: "list[?a].b", exists: true}]
    capture: {number: _access_number}
  - poll: status
    until: {path: status, in: [ready]}
  - follow: Yes
  - request: confirm
    form: {number: "{{number}}"}
"""


def test_a_batch_file_lists_what_cmd_cannot_do(wire: WireServer) -> None:
    exported = script_of(steps(FLOW), "curl", wire, shell="cmd")
    assert [one.split(":")[0] for one in exported.left_out] == [
        "Step 1, create request x&y",
        "Step 1, create request x&y",
        "Step 1, create request x&y",
        "Step 2, poll status",
        "Step 3, follow Yes",
    ]
    lines = exported.text.split("\r\n")
    assert "\n" not in "".join(lines)
    assert all(f"REM   {one.replace('&', '')}" in lines for one in exported.left_out)
    start = next(place for place, one in enumerate(lines) if one.startswith("curl "))
    command = lines[start]
    while command.endswith("^"):
        start += 1
        command = command[:-1] + lines[start]
    argv = windows_argv(
        after_cmd(
            re.sub("%(GMS_SERVICES|phone|now)%", "<\\1>", command)
            .replace("<", "^<")
            .replace(">", "^>"),
            batch=True,
        )
    )
    assert argv[2] == "<GMS_SERVICES>/request%20x%26y"
    assert [one for one, before in zip(argv[1:], argv, strict=False) if before == "--data-raw"] == [
        "name=a+%22b%22+100%25+%26+c",
        "phone=<phone>",
        "plus=<now>",
    ]


@pytest.mark.parametrize(("word", "mark"), [("plain", ""), ("Söhne", "\ufeff")])
def test_windows_powershell_reads_what_is_not_ascii_by_a_mark(
    wire: WireServer, word: str, mark: str
) -> None:
    text = script_of(
        steps(f"  - {{create: x, encoding: json, form: {{a: {word}}}}}"),
        "curl",
        wire,
        shell="powershell",
    ).text
    assert text.startswith(f"{mark}# ")
    assert text.count("\ufeff") == len(mark)


def test_a_script_for_powershell_leaves_filters_out(wire: WireServer) -> None:
    exported = script_of(steps(FLOW), "curl", wire, shell="powershell")
    assert exported.left_out[:1] == (
        "Step 1: list[?a].b, as PowerShell has no JMESPath functions and filters.",
    )
    text = exported.text
    assert "'--data-raw', ('phone=' + (FormText $v['phone']))" in text
    assert "$v['number'] = Capture @('_access_number')" in text
    assert "Poll 'call' $url $options 1 60 3 0 @(, @(@('status'), 'in', @('ready'))) @()" in text
    assert text.count("{") == text.count("}")
    assert text.count("(") == text.count(")")


def test_what_is_left_out_asks_for_no_variable(wire: WireServer) -> None:
    text = """\
  - create: x
    expect: [{path: "length(list)", equals: "{{length}}"}]
    form: {a: "{{asked}}"}
"""
    for shell, (asked, other) in {
        "powershell": ("Needed 'asked'", "Needed 'length'"),
        "cmd": ("not defined asked", "not defined length"),
    }.items():
        written = script_of(steps(text), "curl", wire, shell=shell).text
        assert asked in written
        assert other not in written


def test_a_batch_file_says_what_it_does_otherwise(wire: WireServer) -> None:
    text = """\
  - create: alone
    expect: [{http: 200}]
  - wait: 200ms
  - wait: 2s
"""
    said = script_of(steps(text), "curl", wire, shell="cmd").left_out
    assert said == (
        "Step 1, create alone: its check.",
        "Step 2, wait 0.2 s: it waits 1 s, as cmd counts whole seconds.",
    )
