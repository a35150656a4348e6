"""A server that repeats what it must not be asked to keep: secrets, in many forms."""

from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote

from tests.support.wire_server import Answer, WireRequest, by_request, json_answer
from tests.trust.canaries import Canaries


def echo(canaries: Canaries, places: Iterable[str], cookie: str, *, filler: int = 0) -> Answer:
    """Answer with the secrets of `places` and all that came, and set a session cookie.

    `filler`: characters before them, for answers that are too large for memory.
    """
    known = [canaries[place] for place in places]
    session = canaries.plain(cookie)

    def answer(request: WireRequest) -> Answer:
        data = {
            "filler": "x" * filler,
            "_id": "instance-1",
            "status": "waiting",
            "_text": " ".join(known),
            "came": request.raw.decode("utf-8", "replace"),
            "headers": {name: _read(value) for name, value in request.headers},
            "pairs": [
                b64encode(f"{'u' * n}:{one}".encode()).decode() for n in range(3) for one in known
            ],
            "escaped": [quote(one, safe="") for one in known],
            "nested": {one: [one, {"x": one}] for one in known},
            "session": session,
            "filler behind": "x" * (filler // 10),
        }
        headers = [("Set-Cookie", f"JSESSIONID={session}.node1; Path=/; HttpOnly")]
        return json_answer(data, headers=headers)

    return by_request(answer)


def _read(value: str) -> str:
    """Read a header as most servers do whose clients send UTF-8."""
    return value.encode("latin-1").decode("utf-8", "replace")
