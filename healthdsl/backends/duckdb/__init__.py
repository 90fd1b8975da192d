"""DuckDB in process: files and frames read by the input contract, the query run, the result written.

This package knows the graph's fields and plain names; what a ruleset is and how a command behaves is above.
All SQL from names and paths of strangers goes through `quoting`.
"""
