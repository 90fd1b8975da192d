"""What a ruleset means: types, expressions with their names bound, and the Ruleset that every later stage reads."""
