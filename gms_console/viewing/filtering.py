"""What a JMESPath finds in a JSON document, as a document of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gms_console.json_text.exact import Json, read_exact, write_exact
from gms_console.viewing.errors import ViewingError

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

LARGEST = 64 * 1024 * 1024
"""Bytes of a document that can be filtered: it is read whole, and takes ten times as much."""


class Filter:
    """Filters one document after the other, and remembers the last one as read."""

    def __init__(self) -> None:
        self._read: tuple[object, Json, bool] | None = None

    def forget(self, owner: object) -> None:
        """Let go of what was read for an owner."""
        if self._read is not None and self._read[0] is owner:
            self._read = None

    def result(self, owner: object, document: bytes, expression: str) -> str:
        """Give the result as compact JSON. Raises ViewingError."""
        compiled = _compiled(expression)
        read = self._read
        if read is None or read[0] is not owner:
            self._read = None
            read = owner, *_read(document)
            if len(document) <= LARGEST // 4:
                self._read = read
        return write_exact(_searched(compiled, read[1]), exact=read[2])


def _read(document: bytes) -> tuple[Json, bool]:
    try:
        return read_exact(document.decode("utf-8-sig", "replace"))
    except RecursionError:
        raise ViewingError("The answer is nested too deeply to be filtered") from None
    except ValueError as error:
        raise ViewingError(f"Only JSON can be filtered: {error}") from None


def _compiled(expression: str) -> ParsedResult:
    import jmespath  # noqa: PLC0415 - only who filters waits for it
    from jmespath import exceptions  # noqa: PLC0415

    try:
        return jmespath.compile(expression)
    except exceptions.EmptyExpressionError:
        raise ViewingError("The expression is empty") from None
    except exceptions.LexerError as error:
        raise ViewingError(f"At character {error.lexer_position + 1}: {error.message}") from None
    except exceptions.IncompleteExpressionError:
        raise ViewingError("The expression ends too early") from None
    except exceptions.ParseError as error:
        raise ViewingError(
            f"At character {error.lex_position + 1}: unexpected {error.token_value!r}"
        ) from None
    except RecursionError:
        raise ViewingError("The expression is nested too deeply") from None
    except (exceptions.JMESPathError, ValueError) as error:
        raise ViewingError(str(error)) from None


def _searched(compiled: ParsedResult, value: Json) -> Json:
    from jmespath import Options, exceptions, functions  # noqa: PLC0415

    class Functions(functions.Functions):
        """to_string with numbers as they were sent."""

        @functions.signature({"types": []})
        def _func_to_string(self, value: Json) -> str:
            return value if isinstance(value, str) else write_exact(value)

    try:
        return compiled.search(value, options=Options(custom_functions=Functions()))
    except exceptions.JMESPathError as error:
        raise ViewingError(str(error)) from None
    except RecursionError:
        raise ViewingError("The answer is nested too deeply to be filtered") from None
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise ViewingError(f"This expression cannot be carried out: {error}") from None
