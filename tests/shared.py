"""Where the published specifications and tables lie: beside the repository, or at HEALTHDSL_SHARED."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HEALTHDSL_SHARED") or ROOT.parent / "shared")
ABSENT = f"no shared folder at {SHARED}: set HEALTHDSL_SHARED to run this test"


def is_dictionary(path: Path) -> bool:
    """Whether a file is one that rulesets use, and no ruleset."""
    return any(line.startswith("dictionary ") for line in path.read_text("utf-8").splitlines())


def rulesets_in(folder: Path, pattern: str = "**/*.health") -> list[Path]:
    """The rulesets of a folder, in the order of their paths."""
    return sorted(path for path in folder.glob(pattern) if not is_dictionary(path))
