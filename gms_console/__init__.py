"""GMS Console: the engine, which knows Genesys Mobile Services and no window."""

__version__ = "0.1.0"
