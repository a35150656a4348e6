"""Loads httpx without the command line of its own that it brings along, and without HTTP/2.

Where rich and pygments are installed, the command line takes longer than all the rest of httpx.
`client/http2.py` loads HTTP/2 when a server has agreed to speak it. Import this module before
httpx; once httpx is loaded it makes no difference.
"""

import sys

if "httpcore" not in sys.modules and "h2" not in sys.modules:
    # It would load HTTP/2 as well, which takes as long again, for callers that may never speak it.
    sys.modules["h2"] = None  # type: ignore[assignment]
    import httpcore  # noqa: F401

    del sys.modules["h2"]

if "httpx" not in sys.modules:
    # None makes the import of this one module fail, which httpx allows for.
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
