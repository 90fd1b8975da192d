"""The HTTP service: its answers in process, and a load generator for the whole of it."""
