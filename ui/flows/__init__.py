"""The open flow, its file, its folder, its runs, and recording."""
