"""Builders: for each name in the parse table, the function that makes the syntax node."""
