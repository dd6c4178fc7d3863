"""The report's page without a browser: it loads nothing, allows its own styles and scripts alone, and carries uPlot as it was published."""

import base64
import hashlib
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
REPORT = HERE.parents[1] / "host/report"
WRITE_PAGE = os.environ.get("WRITE_REPORT_PAGE", str(HERE.parents[1] / "build/dev/bin/write_report_page"))


def made_up(*options):
    return subprocess.run(
        [sys.executable, HERE / "made_up.py", *map(str, options)], capture_output=True, check=True
    ).stdout


def page_of(data):
    return subprocess.run([WRITE_PAGE], input=data, capture_output=True, check=True).stdout.decode()


class Elements(html.parser.HTMLParser):
    """Elements of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def texts(page, opening, closing):
    """What stands between these two tags, wherever they are, as the bytes are."""
    return re.findall(re.escape(opening) + "(.*?)" + re.escape(closing), page, re.DOTALL)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = made_up("--series", 16, "--hostile")
        cls.page = page_of(cls.data)
        cls.elements = Elements(cls.page)

    def test_nothing_is_loaded(self):
        self.assertGreater(len(self.elements.found), 10)
        for tag, attributes in self.elements.found:
            self.assertNotIn(tag, ("link", "img", "iframe", "object", "embed", "base", "form"))
            for name in ("src", "srcset", "style", "data", "action"):
                self.assertNotIn(name, attributes, tag)
            self.assertTrue(attributes.get("href", "#").startswith("#"), attributes)
            self.assertFalse([name for name in attributes if name.startswith("on")], attributes)

    def test_the_policy_allows_what_the_page_carries_and_no_more(self):
        policy = next(
            attributes["content"]
            for tag, attributes in self.elements.found
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        )
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        self.assertEqual(rules["default-src"], "'none'")
        scripts = texts(self.page, "<script>", "</script>")
        styles = texts(self.page, "<style>", "</style>")
        self.assertEqual((len(scripts), len(styles)), (1, 1))
        for rule, text in (("script-src", scripts[0]), ("style-src", styles[0])):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            self.assertEqual(rules[rule], f"'sha256-{digest}'")

    def test_the_data_come_back(self):
        (text,) = texts(self.page, '<script type="application/json" id="data">', "</script>")
        self.assertNotIn("<", text)
        self.assertEqual(json.loads(text), json.loads(self.data))

    def test_our_scripts_make_no_markup_of_text_and_ask_for_nothing(self):
        scripts = sorted((REPORT / "page/js").glob("*.js"))
        self.assertGreater(len(scripts), 8)
        listed = re.search(r"IN ITEMS ([\w ]+)\)", (REPORT / "CMakeLists.txt").read_text())[1].split()
        self.assertEqual(sorted(listed), [script.stem for script in scripts])
        forbidden = re.compile(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|\bFunction\(|fetch\(|XMLHttpRequest|"
            r"WebSocket|sendBeacon|import\(|\.src\b|localStorage"
        )
        for script in scripts:
            self.assertIsNone(forbidden.search(script.read_text()), script.name)

    def test_uplot_is_as_it_was_published(self):
        version = (REPORT / "uplot/VERSION").read_text()
        hashes = {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", version, re.MULTILINE)}
        self.assertEqual(set(hashes), {path.name for path in (REPORT / "uplot").iterdir()} - {"VERSION"})
        for name, digest in hashes.items():
            self.assertEqual(hashlib.sha256((REPORT / "uplot" / name).read_bytes()).hexdigest(), digest, name)
        self.assertIn((REPORT / "uplot/LICENSE").read_text(), self.page)
        self.assertIn(re.match(r"uPlot ([\d.]+)", version)[1], (REPORT / "uplot/uPlot.iife.min.js").read_text()[:100])

    def test_files_stay_small(self):
        for path in (REPORT / "page").rglob("*.*"):
            self.assertLess(len(path.read_text().splitlines()), 400, path.name)


if __name__ == "__main__":
    unittest.main()
