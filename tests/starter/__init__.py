"""The rulesets to start from, rulesets/starter."""
