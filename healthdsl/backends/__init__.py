"""Backends: each turns the evaluation graph into something that runs, and knows nothing of rulesets."""
