"""One script of the console's main jobs: people are guided by it, and pictures made by it."""

from .assets import example_picture
from .waiting import TourError
from .walk import walk_tour

__all__ = ["TourError", "example_picture", "walk_tour"]
