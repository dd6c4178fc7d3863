"""A headless Chromium for the tests and pictures of the report's page."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("FORECASTD_BUILD", HERE.parents[1] / "build/release"))
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
except ImportError:
    webdriver = None


def missing():
    """A sentence about what is not there; None: all is."""
    if not webdriver:
        return "python3-selenium is not there; the page is not tried in a browser"
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            return f"{program} is not there; the page is not tried in a browser"
    return None


def made_up(*options):
    """Made-up data of a report."""
    made = subprocess.run([sys.executable, HERE / "made_up.py", *map(str, options)], capture_output=True, check=True)
    return json.loads(made.stdout)


def write_page(data, file):
    done = subprocess.run(
        [BUILD / "bin/write_report_page"], input=json.dumps(data).encode(), capture_output=True, check=True
    )
    file.write_bytes(done.stdout)
    return file


WATCH = {
    "pipelines": [
        {
            "forecast": {"plugin": "auto", "horizon": "1m", "level": [80, 95]},
            "detect": {"plugin": "novelty", "false_alarms": "30d"},
        }
    ]
}
HOLT = {
    "pipelines": [
        {
            "forecast": {"plugin": "holt", "params": {"damped_trend": True}, "horizon": "1m", "level": [80, 95]},
            "detect": {"plugin": "zscore"},
        }
    ]
}


def backtest(folder, more=b""):
    """The page of a real backtest, and its data: two configs over the beer of docs/backtest.md, and over further lines."""
    program = BUILD / "bin/forecastd"
    points, labels, page = folder / "beer.lp", folder / "labels.csv", folder / "beer.html"
    points.write_bytes(
        subprocess.run([program, "simulate", "--labels", labels], capture_output=True, check=True).stdout + more
    )
    for name, config in (("watch", WATCH), ("holt", HOLT)):
        (folder / f"{name}.json").write_text(json.dumps(config))
    done = subprocess.run(
        [
            program,
            "backtest",
            "watch.json",
            "holt.json",
            points.name,
            "--labels",
            labels.name,
            "--report",
            page,
            "--json",
        ],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    return page, json.loads(done.stdout)


class Browser:
    """One page in a window of its own."""

    def __init__(self, file, width=1280, height=960, scale=1, is_dark=False):
        options = Options()
        options.binary_location = shutil.which("chromium")
        for option in (
            "--headless=new",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            f"--window-size={width},{height}",
            f"--force-device-scale-factor={scale}",
        ):
            options.add_argument(option)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
        )
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]},
        )
        self.address = file.resolve().as_uri()
        self.driver.get(self.address)

    def close(self):
        self.driver.quit()

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).innerText", selector)

    def show(self, selector):
        """Scrolls there, and waits until it is drawn."""
        self.run("document.querySelector(arguments[0]).scrollIntoView({block: 'start', behavior: 'instant'})", selector)
        self.settle()

    def settle(self):
        """Waits for two frames: what was asked for is drawn then."""
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")

    def complaints(self):
        """What the console says."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Every address that the page asked for, but for its own."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [
            event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"
        ]
        assert self.address in asked, "the browser's log has not even the page itself"
        return [address for address in asked if address.split("#")[0] != self.address]
