"""Properties of every ruleset: round trip, adding up, quick equals full, pickling, fingerprints, no crash."""
