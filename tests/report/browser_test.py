"""The report's page as a person uses it: in a headless Chromium, with pointer and keys."""

import pathlib
import tempfile
import unittest

import chromium
from chromium import Browser, made_up, write_page

if not chromium.missing():
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

# The size of a picture's difference: what every plot shows of itself.
PIXELS = """
const sum = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
  .reduce((all, one, at) => (all * 31 + one * (at % 7 + 1)) % 4294967291, 7);
return [...document.querySelectorAll("#detail canvas")].map(sum);
"""
RANGES = "return [...document.querySelectorAll('#detail .plot')].map((one) => [Number(one.dataset.from), Number(one.dataset.to)])"
BACKGROUND = "return getComputedStyle(document.body).backgroundColor"
# Contrast after WCAG 2 of each text's colour with what lies behind it; only those below 4.5.
CONTRAST = """
const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
const light = ([r, g, b]) => [r, g, b].map((x) => x / 255).map((x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4))
  .reduce((sum, x, at) => sum + x * [0.2126, 0.7152, 0.0722][at], 0);
const behind = (node) => {
  for (let one = node; one; one = one.parentElement) {
    const found = rgb(getComputedStyle(one).backgroundColor);
    if (found.length === 3 || found[3] === 1) return found;
  }
  return [255, 255, 255];
};
const found = new Map();
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let text = walk.nextNode(); text; text = walk.nextNode()) {
  const node = text.parentElement;
  if (!text.data.trim() || !node.getClientRects().length || node.closest("script, style, .skip")) continue;
  const style = getComputedStyle(node);
  const a = light(rgb(node.closest("svg") ? style.fill : style.color)), b = light(behind(node));
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) * Number(style.opacity);
  if (contrast < 4.5) found.set(node.className?.baseVal ?? node.className ?? node.tagName, contrast);
}
return [...found];
"""


class PageTest(unittest.TestCase):
    """One page for all tests of a class; each begins with a fresh load of it."""

    options = ()
    window = {}

    @classmethod
    def data(cls):
        return made_up(*cls.options)

    @classmethod
    def setUpClass(cls):
        if chromium.missing():
            raise unittest.SkipTest(chromium.missing())
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.made = cls.data()
        cls.browser = Browser(write_page(cls.made, pathlib.Path(temporary.name, "report.html")), **cls.window)
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.driver.get(self.browser.address)

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.requests(), [])

    def row(self, at):
        """The row of the series at this place of the data, by its id."""
        return self.browser.one(f"#row-{at}")

    def names_shown(self):
        return [one.text for one in self.browser.all("#all-series tbody tr td:nth-child(2)") if one.text]

    def plot(self, name="values"):
        self.browser.show("#detail .stage")
        return self.browser.one(f"#detail .plot-{name} .u-over")

    def drag(self, begin, end, name="values"):
        """Draws the pointer over a plot, from one part of its width to another."""
        over = self.plot(name)
        width = over.size["width"]
        ActionChains(self.browser.driver, duration=20).move_to_element_with_offset(over, int(width * (begin - 0.5)), 0).click_and_hold() \
            .move_by_offset(int(width * (end - begin) / 2), 5).move_by_offset(int(width * (end - begin) / 2), 0).release().perform()
        self.browser.settle()

    def ranges(self):
        return self.browser.run(RANGES)


class Usual(PageTest):
    options = ("--series", 24)

    def test_every_section_has_the_numbers_of_the_data(self):
        text = self.browser.text("body")
        headings = [one.text for one in self.browser.all("h2")]
        self.assertEqual(headings, ["At a glance", "Comparison", "Beside the labels", "Pipelines", "Series", "What the numbers mean"])
        self.assertEqual(len(self.browser.all("#sections a")), len(headings))
        self.assertIn(f"{self.made['input']['points']:,}", text)
        self.assertIn("2026-01-01 00:00:00", text)
        for number, config in enumerate(self.made["configs"]):
            for at, pipeline in enumerate(config["pipelines"]):
                card = self.browser.run("const card = document.getElementById(arguments[0]); card.open = true; return card.innerText",
                                        f"pipeline-{number}-{at}")
                self.assertIn(f"{pipeline['points']:,}", card)
                self.assertIn("2 more with too few points; a plugin failed on 1", card)
                for lead in pipeline["leads"]:
                    row = next(line for line in card.splitlines() if line.split("\t")[0].endswith(f" {lead['steps']} steps".replace(" 1 steps", " 1 step"))
                               and len(line.split("\t")) > 8).split("\t")
                    self.assertEqual(float(row[5]), float(f"{lead['mase']:.2f}"))
                    self.assertAlmostEqual(float(row[2].replace(",", "")), lead["mae"], delta=0.01 * lead["mae"])
                    self.assertIn(f"{lead['levels'][-1]['coverage']:.1f} %", row)
                for event in pipeline["events"]["worst"]:
                    self.assertIn(event["reason"], card)
        comparison = self.browser.text("#comparison")
        for lead in self.made["comparisons"][0]["leads"]:
            self.assertIn(f"{lead['ratio']:.2f}", comparison)
        found = self.made["configs"][0]["labelled"]
        self.assertIn(f"{found['found']} of {found['windows']}", self.browser.text("#labels"))

    def test_the_charts_draw_every_lead(self):
        pipeline = self.made["configs"][0]["pipelines"][0]
        self.assertEqual(len(self.browser.all("#pipeline-0-0 .charts figure")), 6)
        titles = self.browser.run("return [...document.querySelectorAll('#pipeline-0-0 figure title')].map((one) => one.textContent)")
        for lead in pipeline["leads"]:
            self.assertTrue([title for title in titles if f"{lead['mase']:.2f}" in title and "last value" in title], lead)
        self.assertEqual(sum("error" in title for title in titles), 41)
        calibration = [title for title in titles if "ahead" in title and "within the 95 % interval" in title]
        self.assertGreaterEqual(len(calibration), 4)

    def test_a_click_on_a_row_draws_its_series(self):
        before = self.browser.run(PIXELS)
        self.assertEqual(len(before), 3)
        self.row(2).click()
        self.browser.settle()
        chosen = self.made["series"][2]
        self.assertEqual(self.browser.text("#detail-title"), f"{chosen['key']} {chosen['field']}")
        self.assertEqual(self.row(2).get_attribute("aria-selected"), "true")
        self.assertEqual(self.row(0).get_attribute("aria-selected"), "false")
        after = self.browser.run(PIXELS)
        self.assertTrue(all(a != b for a, b in zip(before, after)), (before, after))

    def test_a_drag_zooms_all_plots_and_a_double_click_shows_all_again(self):
        full = self.ranges()
        self.assertEqual(len({tuple(one) for one in full}), 1)
        for name in ("values", "scores"):
            self.drag(0.25, 0.5, name)
            zoomed = self.ranges()
            self.assertEqual(len({tuple(one) for one in zoomed}), 1, zoomed)
            whole, part = full[0][1] - full[0][0], zoomed[0][1] - zoomed[0][0]
            self.assertAlmostEqual(part / whole, 0.25, delta=0.02)
            self.assertAlmostEqual((zoomed[0][0] - full[0][0]) / whole, 0.25, delta=0.02)
            self.assertTrue(self.browser.one("#reset").is_displayed())
            ActionChains(self.browser.driver).double_click(self.plot(name)).perform()
            self.browser.settle()
            self.assertEqual(self.ranges(), full)
            self.assertFalse(self.browser.one("#reset").is_displayed())

    def test_the_button_shows_all_again(self):
        full = self.ranges()
        self.drag(0.1, 0.3)
        self.assertNotEqual(self.ranges(), full)
        self.browser.one("#reset").click()
        self.browser.settle()
        self.assertEqual(self.ranges(), full)

    def test_the_pointer_reads_values_and_the_reason_of_an_event(self):
        self.assertFalse(self.browser.one("#readout").is_displayed())
        series = self.made["series"][0]
        over = self.plot()
        first, last = self.ranges()[0]
        begin, end, *_, reason = series["events"][0]
        middle = ((begin + end) / 2 - first) / (last - first)
        ActionChains(self.browser.driver).move_to_element_with_offset(over, int(over.size["width"] * (middle - 0.5)), 10).perform()
        self.browser.settle()
        text = self.browser.text("#readout")
        for word in ("value", "expected", "interval", "error", "score", reason):
            self.assertIn(word, text)
        at = min(range(len(series["curve"]["t"])), key=lambda i: abs(series["curve"]["t"][i] - (begin + end) / 2))
        near = [f"{series['curve']['low'][i]:.5g}" for i in range(at - 1, at + 2)]
        self.assertTrue([one for one in near if one in text], (near, text))
        ActionChains(self.browser.driver).move_to_element(self.browser.one("#detail-title")).perform()
        self.browser.settle()
        self.assertFalse(self.browser.one("#readout").is_displayed())

    def test_a_filter_leaves_the_rows_with_all_its_words(self):
        self.browser.one("#filter").send_keys("SERVER001 simple")
        self.browser.settle()
        wanted = [one for one in self.made["series"] if "server001" in one["key"] and one["config"] == 1]
        self.assertEqual(self.browser.text("#shown"), f"{len(wanted)} of {len(self.made['series'])} series")
        self.assertEqual(self.names_shown(), [f"{one['key']} {one['field']}" for one in wanted])
        self.browser.one("#filter").send_keys(Keys.ESCAPE)
        self.browser.settle()
        self.assertEqual(self.browser.text("#shown"), f"{len(self.made['series'])} series")
        self.browser.one("#filter").send_keys("no such series")
        self.browser.settle()
        self.assertEqual(self.names_shown(), [])

    def test_a_click_on_a_heading_sorts(self):
        heading = self.browser.one("[data-column=mae]")
        for order, is_descending in (("descending", True), ("ascending", False)):
            heading.find_element("tag name", "button").click()
            self.browser.settle()
            self.assertEqual(heading.get_attribute("aria-sort"), order)
            wanted = sorted(self.made["series"], key=lambda one: one["mae"], reverse=is_descending)[:3]
            self.assertEqual(self.names_shown()[:3], [f"{one['key']} {one['field']}" for one in wanted])

    def test_keys_choose_and_filter(self):
        self.browser.show("#series")
        body = self.browser.one("body")
        body.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
        self.browser.settle()
        self.assertEqual(self.row(2).get_attribute("aria-selected"), "true")
        body.send_keys(Keys.ARROW_UP)
        self.browser.settle()
        self.assertEqual(self.browser.run("return document.querySelector('[aria-selected=true]').id"), "row-1")
        body.send_keys("/")
        self.assertEqual(self.browser.run("return document.activeElement.id"), "filter")
        self.browser.one("#filter").send_keys("server002", Keys.ENTER)
        self.browser.settle()
        self.assertIn("server002", self.browser.text("#detail-title"))
        self.assertEqual(self.browser.run("return document.activeElement.id"), "all-series")
        chosen = self.browser.run("return document.querySelector('[aria-selected=true]').id")
        self.assertEqual(self.browser.one("#all-series").get_attribute("aria-activedescendant"), chosen)

    def test_keys_zoom(self):
        full = self.ranges()[0]
        box = self.browser.one("#detail .plots")
        box.send_keys("+")
        self.browser.settle()
        zoomed = self.ranges()[0]
        self.assertAlmostEqual((zoomed[1] - zoomed[0]) / (full[1] - full[0]), 0.5, delta=0.01)
        box.send_keys(Keys.ARROW_RIGHT)
        self.browser.settle()
        self.assertGreater(self.ranges()[0][0], zoomed[0])
        box.send_keys("0")
        self.browser.settle()
        self.assertEqual(self.ranges()[0], full)

    def test_two_configs_over_each_other(self):
        both = self.browser.run(PIXELS)
        tick = self.browser.one("#detail .legend input")
        self.assertTrue(tick.is_selected())
        tick.click()
        self.browser.settle()
        one = self.browser.run(PIXELS)
        self.assertTrue(all(a != b for a, b in zip(both, one)))
        self.browser.one("#detail .legend input").click()
        self.browser.settle()
        self.assertEqual(self.browser.run(PIXELS), both)

    def test_links_lead_to_series(self):
        self.browser.one("#pipeline-0-0 .link").click()
        event = self.made["configs"][0]["pipelines"][0]["events"]["worst"][0]
        series = self.made["series"][event["series"]]
        self.assertEqual(self.browser.text("#detail-title"), f"{series['key']} {series['field']}")
        first, last = self.ranges()[0]
        self.assertTrue(first < event["start_ms"] and event["end_ms"] < last)
        self.assertLess(last - first, 0.2 * (series["curve"]["t"][-1] - series["curve"]["t"][0]))
        comparison = self.made["comparisons"][0]
        listed = [*comparison["b_gains"], *comparison["b_loses"]]
        links = self.browser.all("#comparison .link")
        self.assertEqual(len(links), len(listed))
        for link, series in ((links[0], listed[0]), (links[-1], listed[-1])):
            link.click()
            self.assertEqual(self.browser.text("#detail-title"), f"{series['key']} {series['field']}")
        self.browser.run("document.querySelector('#glance tbody tr:nth-child(2) a').click()")
        self.assertEqual(self.browser.run("return document.getElementById('pipeline-0-1').open"), True)

    def test_dark_colours(self):
        light, pixels = self.browser.run(BACKGROUND), self.browser.run(PIXELS)
        self.assertEqual(self.browser.run(CONTRAST), [])
        self.browser.one("#theme").click()
        self.browser.settle()
        self.assertNotEqual(self.browser.run(BACKGROUND), light)
        self.assertTrue(all(a != b for a, b in zip(pixels, self.browser.run(PIXELS))))
        self.assertEqual(self.browser.run(CONTRAST), [])
        self.browser.one("#theme").click()
        self.browser.settle()
        self.assertEqual(self.browser.run(PIXELS), pixels)

    def test_print(self):
        done = self.browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
        self.assertGreater(len(done["data"]), 50_000)
        self.browser.settle()
        self.assertIsNone(self.browser.one("html").get_attribute("data-theme"))

    def test_tables_have_headings_and_names(self):
        for problem in self.browser.run("""
            return [...document.querySelectorAll("table")].filter((one) => !(one.caption || one.ariaLabel || one.getAttribute("aria-label"))
              || !one.querySelector("thead th[scope=col]")).map((one) => one.outerHTML.slice(0, 80))"""):
            self.fail(problem)
        levels = [int(one.tag_name[1]) for one in self.browser.all("h1, h2, h3, h4")]
        self.assertTrue(all(b - a <= 1 for a, b in zip([0, *levels], levels)), levels)


class Sizes:
    """Tables, charts and plots for values of other sizes."""

    def test_every_number_is_there(self):
        lead = self.made["configs"][0]["pipelines"][0]["leads"][0]
        (label,) = [one for one in self.browser.run(
            "return [...document.querySelectorAll('#pipeline-0-0 .chart')].map((one) => one.getAttribute('aria-label'))") if one.startswith("Error: ")]
        first = label.split("MAE ")[1].split("; RMSE")[0].split(", ")[0].replace(",", "").replace("−", "-")
        self.assertAlmostEqual(float(first), lead["mae"], delta=0.01 * lead["mae"])
        self.assertEqual(len(self.browser.run(PIXELS)), 3)


class Tiny(Sizes, PageTest):
    options = ("--series", 6, "--scale", 1e-7)


class Huge(Sizes, PageTest):
    options = ("--series", 6, "--scale", 3e9)


class Dark(PageTest):
    options = ("--series", 4)
    window = {"is_dark": True}

    def test_the_system_chooses(self):
        self.assertEqual(self.browser.text("#theme"), "Light")
        self.assertEqual(self.browser.run(BACKGROUND), "rgb(18, 21, 26)")


class Narrow(PageTest):
    options = ("--series", 8)
    window = {"width": 420, "height": 800}

    def test_the_page_does_not_scroll_sideways(self):
        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 420)


class Hostile(PageTest):
    options = ("--series", 24, "--hostile", "--configs", 1)

    def test_names_are_text(self):
        self.assertEqual(self.browser.run("return [document.images.length, document.scripts.length, document.title]"),
                         [0, 2, "Backtest of watch.json"])
        for at, series in enumerate(self.made["series"]):
            self.browser.run("document.querySelector('#window').scrollTop = arguments[0] * 34", at)
            self.browser.settle()
            self.row(at).click()
            self.browser.settle()
            for name in ("key", "field"):
                shown = self.browser.run("return document.querySelector('#detail-title bdi.' + arguments[0]).textContent", name)
                self.assertEqual(shown, series[name])
        self.assertEqual(self.browser.run("return [document.images.length, document.scripts.length]"), [0, 2])


class Many(PageTest):
    options = ("--series", 5000, "--curves", 1000, "--buckets", 240)

    def test_ten_thousand_series(self):
        self.assertEqual(len(self.made["series"]), 10_000)
        self.browser.settle()
        took = self.browser.run("const [one] = performance.getEntriesByType('navigation'); return one.loadEventEnd / 1000")
        print(f"10,000 series: loaded in {took:.2f} s")
        self.assertTrue(0 < took < 3, took)
        self.assertLess(len(self.browser.all("#all-series tbody tr")), 60)
        self.browser.run("const sight = document.querySelector('#window'); sight.scrollTop = sight.scrollHeight")
        self.browser.settle()
        self.assertEqual(self.row(9999).find_element("tag name", "td").text, "10,000")
        self.browser.run("document.querySelector('#window').scrollTop = 5000 * 34")
        self.browser.settle()
        self.row(5001).click()
        self.browser.settle()
        self.assertIn(self.made["series"][5001]["key"], self.browser.text("#detail-title"))
        self.assertEqual(self.browser.text("#detail .legend"),
                         "This series has no curve in the page: only those with most trouble have one.")
        self.browser.one("#filter").send_keys("server0012")
        self.browser.settle()
        wanted = sum("server0012" in one["key"] for one in self.made["series"])
        self.assertTrue(self.browser.text("#shown").startswith(f"{wanted:,} of 10,000"), self.browser.text("#shown"))


class Little(PageTest):
    """What can be unknown is unknown."""

    @classmethod
    def data(cls):
        pipeline = {"name": "all", "forecaster": None, "detectors": ["mad"], "levels": [], "season_s": None, "series": 2, "points": 5,
                    "series_days": 0.0, "intervals": [], "first_forecast": None, "first_score": None, "leads": [], "errors": None,
                    "events": None, "labelled": None}
        series = {"config": 0, "pipeline": 0, "key": "m", "points": 5, "interval_s": None, "mae": None, "mase": None, "smape": None,
                  "bias": None, "coverage": None, "events_count": None, "anomalies": None, "peak_score": None, "warm_s": None,
                  "events": [[2000, None, 1, 1.5, "none", ""]], "labels": [], "ahead": None}
        curve = {"points_a_bucket": 1, "t": [1000, 2000], "low": [1, 1]}
        return {"format": 1, "program": "forecastd 0.2.0",
                "input": {"files": [], "points": 5, "first_ms": None, "last_ms": None, "left_out": 0, "without_time": 5},
                "labels": None, "configs": [{"name": "a.json", "seconds": 0, "labelled": None, "pipelines": [pipeline]}], "comparisons": [],
                "series": [{**series, "field": "a", "curve": curve}, {**series, "field": "b", "curve": None},
                           {**series, "field": "c", "curve": {"points_a_bucket": 1, "t": [1000], "low": [None]}}]}

    def test_it_is_shown(self):
        self.assertEqual([one.text for one in self.browser.all("h2")], ["At a glance", "Pipelines", "Series", "What the numbers mean"])
        for at in range(3):
            self.row(at).click()
            self.browser.settle()
            self.assertEqual(self.browser.text("#detail-title"), f"m {'abc'[at]}")


class Empty(PageTest):
    """A run without any series, and data of a later program."""

    @classmethod
    def data(cls):
        return {**Little.data(), "series": []}

    def test_it_is_shown(self):
        self.assertEqual([one.text for one in self.browser.all("h2")], ["At a glance", "Pipelines", "What the numbers mean"])


class Later(PageTest):
    @classmethod
    def data(cls):
        return {"format": 2}

    def test_it_is_refused(self):
        self.assertIn("format 2, expected 1", self.browser.text("main"))
