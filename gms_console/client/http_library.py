"""Loads httpx without the command line of its own that it brings along.

Where rich and pygments are installed, that takes longer than all the rest of httpx. Import
this module before httpx; once httpx is loaded it makes no difference.
"""

import sys

if "httpx" not in sys.modules:
    # None makes the import of this one module fail, which httpx allows for.
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
