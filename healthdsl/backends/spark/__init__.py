"""Spark: DataFrames read by the input contract, the query run over them, lazily; a local session when asked.

This package knows the graph's fields and plain names; what a ruleset is and how a command behaves is above.
Whatever a text holds, it reaches Spark as a literal or as a column, never as SQL.
"""
