"""The whole of a large answer, for the checks and captures of a step that looks into it.

What makes an answer is read of a large body without holding it; a check may ask for any of it.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from gms_console.flow.types import Step, ValueCheck
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange, Response
from gms_console.model.reading import charset_of, known_charset, whole_body
from gms_console.runner.ending import StepEnd
from gms_console.runner.results import Verdict

LARGEST = 32 * 1024**2
"""Bytes of the largest body that a check looks into; read, it takes ten times as much."""


async def with_whole_data(step: Step, exchange: Exchange, answer: Answer) -> Answer:
    """Give an answer with all of its data, where that is in a file and the step asks for it.

    Raises StepEnd where it cannot be looked into: nothing may be said of what was not read.
    """
    response = exchange.response
    if response is None or response.stored is None or response.stored.broken:
        return answer
    if not step.capture and not any(isinstance(check, ValueCheck) for check in step.expect):
        return answer
    if response.size > LARGEST:
        limit = f"{LARGEST // 1024**2} MiB"
        why = f"the answer has {response.size:,} bytes; checks and captures look into {limit}"
        raise StepEnd(Verdict.FAILED, why)
    # A codec is imported when it is first asked for, which is not for another thread.
    known_charset(charset_of(response))
    try:
        return replace(
            answer, data=await asyncio.to_thread(lambda: json.loads(whole_text(response)))
        )
    except OSError as error:
        why = f"the answer could not be read again: {error.strerror or error}"
        raise StepEnd(Verdict.FAILED, why) from None
    except (ValueError, RecursionError):
        return answer  # no JSON, of which no check holds


def whole_text(response: Response) -> str:
    """Give the whole text of a body, from its file too. Raises OSError."""
    charset = known_charset(charset_of(response) or "utf-8")
    return whole_body(response).decode(charset, "replace").lstrip("\ufeff")
