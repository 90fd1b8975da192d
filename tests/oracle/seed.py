"""The seed of the random rulesets and records: HEALTHDSL_SEED sets it, and every test run prints it."""

import os

SEED = int(os.environ.get("HEALTHDSL_SEED") or 20260331)
