"""Whether host/report/uplot is what the npm package holds, whose integrity stands in VERSION."""

import base64
import hashlib
import io
import pathlib
import re
import subprocess
import tarfile
import tempfile

UPLOT = pathlib.Path(__file__).resolve().parents[2] / "host/report/uplot"


def check():
    version = (UPLOT / "VERSION").read_text()
    number, integrity = re.match(r"uPlot ([\d.]+)", version)[1], re.search(r"^sha512-\S+$", version, re.MULTILINE)[0]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", f"uplot@{number}"], cwd=folder, check=True, capture_output=True)
        package = pathlib.Path(folder, f"uplot-{number}.tgz").read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(package).digest()).decode()
    if found != integrity:
        raise SystemExit(
            f"uplot.py: the npm package uplot {number} has the integrity {found}, expected {integrity} as in {UPLOT / 'VERSION'}"
        )
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for name in ("LICENSE", "dist/uPlot.iife.min.js", "dist/uPlot.min.css"):
            if archive.extractfile(f"package/{name}").read() != (UPLOT / pathlib.Path(name).name).read_bytes():
                raise SystemExit(
                    f"uplot.py: {UPLOT / pathlib.Path(name).name} is not {name} of uplot {number}; copy it from there"
                )
    print(f"host/report/uplot is uplot {number} as it was published")
