"""What the played agent says; the same words are always answered in the same way."""

import re

IDLE_ALERT = "Are you still there? This chat will be closed soon."
IDLE_CLOSE = "This chat was closed because nothing was said for a while."

_QUOTE_LIMIT = 200
"""Characters of a message that an answer repeats."""

_FAREWELL = re.compile(
    r"\s*(ok(ay)?[,. ]+)?(thanks|thank you)?[,. !]*(good ?bye|bye|bye bye|see you)[.! ]*",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\s*(ok(ay)?[,. ]+)?(many )?(thanks|thank you)\b", re.IGNORECASE)
_GREETING = re.compile(r"\s*(hello|hi|hey|good (morning|afternoon|evening))\b", re.IGNORECASE)

_ANSWERS = (
    'Thank you, I have noted "{text}".',
    'Let me look into "{text}" for you.',
    'I see: "{text}". I am checking that right now.',
    'Got it, "{text}". Is there anything else that I should know?',
)
_TO_QUESTIONS = (
    'Good question: "{text}" I am looking it up.',
    'You ask "{text}" Let me find out for you.',
    'About "{text}" - I will have the answer in a moment.',
)


def greeting(nickname: str) -> str:
    """Return what the agent says on coming in."""
    return f"Hello {nickname}, what can I do for you?"


def reply(text: str, number: int) -> str:
    """Return the answer to a message; the `number` of the answer chooses among phrasings."""
    quoted = _shortened(text)
    if is_farewell(text):
        return "Thank you for the chat. Goodbye!"
    if _THANKS.match(text):
        return f'You are welcome! To your "{quoted}": is there anything else?'
    if _GREETING.match(text):
        return f'"{quoted}" to you too! Please tell me what it is about.'
    phrasings = _TO_QUESTIONS if text.rstrip().endswith("?") else _ANSWERS
    return phrasings[number % len(phrasings)].format(text=quoted)


def thanks_for(filename: str) -> str:
    """Return what the agent says about a file that has come."""
    return f'Thank you, I have received "{_shortened(filename)}".'


def is_farewell(text: str) -> bool:
    """Return whether a message says goodbye and nothing else."""
    return len(text) <= _QUOTE_LIMIT and _FAREWELL.fullmatch(text) is not None


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _QUOTE_LIMIT else f"{text[: _QUOTE_LIMIT - 1]}…"
