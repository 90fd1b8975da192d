"""The record backend: a graph becomes Python source, compiled once, that scores one account at a time."""
