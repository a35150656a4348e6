"""The window: PySide6 widgets and the models that feed them."""
