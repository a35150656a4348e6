"""The dialog that exports evidence, with the preview of what it masks."""
