"""Tests of the dialog in which environments are made and changed."""
