"""Finds out what was meant by a line that fits no form of the language, and says how to write it."""
