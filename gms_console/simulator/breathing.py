"""Long work beside the thread that answers requests, in parts between which that one goes first."""

import time

_MOMENT = 0.00005


def breathe() -> None:
    """Give way to a thread that wants to go on; without this it may wait 5 ms at each step."""
    time.sleep(_MOMENT)
