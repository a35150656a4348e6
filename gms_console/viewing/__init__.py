"""Looking at bodies of any size: rows of text, search, filter and tree, outside of this process.

It imports nothing: its process would load all that only the window's side needs.
"""
