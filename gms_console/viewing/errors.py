"""What can go wrong when a body is looked at."""


class ViewingError(Exception):
    """What was asked for cannot be given; the text says why, for the place where it was asked."""
