"""Two exchanges side by side: the window, its dialogs, and the choice of a second place."""
