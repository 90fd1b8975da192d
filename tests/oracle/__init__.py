"""The oracle: a slow interpreter of rulesets in exact fractions, with random rulesets and records to try."""
