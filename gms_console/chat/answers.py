"""Reads the answers of a chat, those too that are so long that they are kept in a file."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from gms_console.model.answer import Answer, read_answer
from gms_console.model.exchange import Exchange, Response
from gms_console.model.reading import JsonValue, body_json, whole_body

LONGEST = 64 * 1024 * 1024
"""Bytes of the longest answer that is read; years of talk fit into it."""

TOO_LONG = f"the answer is longer than {LONGEST // 1024 // 1024} MB, or its file cannot be read"
"""Why an answer that lacks its lines is refused."""


async def whole_answer(exchange: Exchange) -> Answer:
    """Read an answer with all its lines; `Answer.data` of a long one has only small members."""
    answer, response = read_answer(exchange), exchange.response
    if response is None or response.stored is None or response.stored.size > LONGEST:
        return answer
    try:
        data = await asyncio.to_thread(_whole_data, response)
    except OSError:
        # Without its lines it is refused by who looks for them, and asked for again.
        return answer
    return answer if data is None else replace(answer, data=data)


def _whole_data(response: Response) -> JsonValue:
    return body_json(replace(response, body=whole_body(response), stored=None))[0]


def lacks_lines(exchange: Exchange, data: JsonValue, name: str) -> bool:
    """Whether the lines of an answer stayed in its file; its position is not to be trusted then."""
    response = exchange.response
    stored = response is not None and response.stored is not None
    return stored and isinstance(data, dict) and name not in data
