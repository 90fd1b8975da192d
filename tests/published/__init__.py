"""Published scores: every case of every specification, through the rulesets in rulesets/published."""
