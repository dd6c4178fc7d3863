"""Where the modules of other tests are found; import it first."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("tests/program", "tests/e2e", "dashboards"):
    sys.path.insert(0, str(ROOT / folder))
os.environ.setdefault("FORECASTD_BUILD", str(ROOT / "build/release"))
os.environ.setdefault("FORECASTD", str(pathlib.Path(os.environ["FORECASTD_BUILD"]) / "bin/forecastd"))
