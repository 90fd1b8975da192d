"""Findings about a ruleset without mistakes: what it says, and probably does not mean."""
