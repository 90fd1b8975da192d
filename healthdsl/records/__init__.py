"""Account files in, result files out: CSV, JSON and JSON Lines."""
