"""The documents' pictures of the report's page: of a real backtest of the beer, and of many made-up series."""

import pathlib
import shutil
import subprocess
import tempfile

from chromium import Browser, backtest, made_up, write_page

LIMIT = 200 * 1024  # bytes of a picture
WIDTH = 1200


def take(folder, page=None):
    """Each picture with as few colours as keep it sharp; fails if one is too large."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        beer = page or backtest(pathlib.Path(temporary))[0]
        many = page or write_page(made_up("--series", 24), pathlib.Path(temporary, "report.html"))
        for shoot, file in ((shoot_beer, beer), (shoot_many, many)):
            browser = Browser(file, width=WIDTH, height=1000, scale=1.5)
            try:
                shoot(browser, folder)
            finally:
                browser.close()


def shoot_beer(browser, folder):
    save(browser, folder / "report.png", "body", 900)
    save(browser, folder / "report-calibration.png", "#pipelines details .charts")
    save(browser, folder / "report-series.png", "#detail", 800)


def shoot_many(browser, folder):
    if browser.all("#comparison"):
        save(browser, folder / "report-comparison.png", "#comparison .card")
    browser.one("#theme").click()
    browser.settle()
    save(browser, folder / "report-dark.png", "#series", 1000)


def save(browser, file, selector, most=None):
    """An element of the page, cut off below."""
    browser.show(selector)
    at = browser.run(
        "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return [box.left + scrollX, box.top + scrollY, box.width, box.height]",
        selector,
    )
    margin = 0 if selector == "body" else 16
    clip = {
        "x": max(0, at[0] - margin),
        "y": max(0, at[1] - margin),
        "width": at[2] + 2 * margin,
        "scale": 1,
        "height": min(at[3] + 2 * margin, most or at[3] + 2 * margin),
    }
    shot = browser.driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "clip": clip, "captureBeyondViewport": True}
    )
    subprocess.run(["base64", "-d"], input=shot["data"].encode(), stdout=file.open("wb"), check=True)
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--ext", ".png", "--speed", "1", "--nofs", "64", file], check=True)
    size = file.stat().st_size
    if size > LIMIT:
        raise SystemExit(f"pictures.py: {file} has {size} bytes, expected at most {LIMIT}")
    print(f"{file.name}: {size / 1024:.0f} KiB")
