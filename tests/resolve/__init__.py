"""Tests of the meaning given to syntax."""
