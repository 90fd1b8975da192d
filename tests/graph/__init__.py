"""Tests of lowering and of the graph."""
