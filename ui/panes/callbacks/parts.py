"""Small parts of the window of callbacks and its dialogs."""

from __future__ import annotations

from ..common import Hint


class TreeHint(Hint):
    """The hint of a tree that owns its rows: who fills the tree calls `refresh`.

    Such a tree empties itself while it is deleted, which is too late to look at it.
    """

    def follow_model(self) -> None:
        """Show or hide now, and listen to nothing."""
        self.refresh()
