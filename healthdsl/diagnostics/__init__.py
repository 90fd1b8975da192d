"""Diagnostics: problems as values, the catalogue of their codes, and how they are shown."""
