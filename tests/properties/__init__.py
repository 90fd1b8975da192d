"""Properties that hold for every ruleset: round trip, adding up, quick equals full, pickling, fingerprints, no crash."""
