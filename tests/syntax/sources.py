"""The rulesets that the tests of this folder share."""

from pathlib import Path

FOLDER = Path(__file__).parent
SAMPLE = (FOLDER / "sample.health").read_text(encoding="utf-8")
EVERYTHING = (FOLDER / "everything.health").read_text(encoding="utf-8")
