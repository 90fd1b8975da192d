"""Where the published specifications and tables lie: beside the repository, or at HEALTHDSL_SHARED."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HEALTHDSL_SHARED") or ROOT.parent / "shared")
ABSENT = f"no shared folder at {SHARED}: set HEALTHDSL_SHARED to run this test"
