"""Tests of the record backend and of the public face."""
