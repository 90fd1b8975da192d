"""Runs kept over time: each a Parquet file of fixed columns, and what changed between two of them."""
