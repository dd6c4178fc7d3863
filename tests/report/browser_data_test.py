"""The report's page with other data: tiny, huge, many, hostile, hardly any, and those of a real backtest."""

from chromium import backtest
from page_case import BACKGROUND, PIXELS, PageTest


class Sizes:
    """Tables, charts and plots for values of other sizes."""

    def test_every_number_is_there(self):
        lead = self.made["configs"][0]["pipelines"][0]["leads"][0]
        (label,) = [
            one
            for one in self.browser.run(
                "return [...document.querySelectorAll('#pipeline-0-0 .chart')].map((one) => one.getAttribute('aria-label'))"
            )
            if one.startswith("Error: ")
        ]
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
        self.browser.settle()
        self.assertEqual(self.browser.one("#glance .wide").get_attribute("tabindex"), "0")


class Hostile(PageTest):
    options = ("--series", 24, "--hostile", "--configs", 1)

    def test_names_are_text(self):
        self.assertEqual(
            self.browser.run("return [document.images.length, document.scripts.length, document.title]"),
            [0, 2, "Backtest of watch.json"],
        )
        for at, series in enumerate(self.made["series"]):
            self.browser.run("document.querySelector('#window').scrollTop = arguments[0] * 34", at)
            self.browser.settle()
            self.row(at).click()
            self.browser.settle()
            for name in ("key", "field"):
                shown = self.browser.run(
                    "return document.querySelector('#detail-title bdi.' + arguments[0]).textContent", name
                )
                self.assertEqual(shown, series[name])
        self.assertEqual(self.browser.run("return [document.images.length, document.scripts.length]"), [0, 2])


class Real(PageTest):
    """What 'forecastd backtest' writes: the beer, and series with hostile names."""

    names = (r"<!--,x=</script><script>document.title\=1</script>", "m,e=😀,r=שרת", r"\"q\",b=a\\b")

    @classmethod
    def page(cls, folder):
        lines = [
            f"{name} v={50 + i % 7 + 40 * (i == 300)} {1700000000 + 10 * i}000000000\n"
            for i in range(400)
            for name in cls.names
        ]
        return backtest(folder, "".join(lines).encode() + b"m,broken=\xff v=1 1700000000000000000\n" * 2)

    def test_every_section_is_there(self):
        self.assertEqual(
            [one.text for one in self.browser.all("h2")],
            ["At a glance", "Comparison", "Beside the labels", "Pipelines", "Series", "What the numbers mean"],
        )
        self.assertIn(f"{self.made['input']['points']:,}", self.browser.text("#top"))
        self.assertEqual(self.browser.text("#shown"), f"{len(self.made['series'])} series")
        found = self.made["configs"][0]["labelled"]
        self.assertIn(f"{found['found']} of {found['windows']}", self.browser.text("#labels"))
        for lead in self.made["configs"][0]["pipelines"][0]["leads"]:
            self.assertIn(f"{lead['mase']:.2f}", self.browser.text("#pipeline-0-0"))
        self.assertEqual(len(self.browser.all("#pipeline-0-0 .charts figure")), 6)

    def test_names_are_text(self):
        shown = set(self.names_shown())
        for name in self.names:
            self.assertTrue([one for one in shown if one.endswith(" v") and one[:3] == name[:3]], (name, shown))
        self.assertEqual(shown, {f"{one['key']} {one['field']}" for one in self.made["series"]})
        self.assertEqual(
            self.browser.run("return [document.scripts.length, document.title]"),
            [2, "Backtest of watch.json, holt.json"],
        )

    def test_each_event_is_shown(self):
        for at, series in enumerate(self.made["series"]):
            self.row(at).click()
            self.browser.settle()
            rows = self.browser.all("#detail .wide tbody tr")
            self.assertEqual(len(rows), len(series["events"]))
            for row, event in zip(rows, series["events"]):
                self.assertIn(event[5], row.text)
                row.find_element("css selector", ".link").click()
                self.browser.settle()
                first, last = self.ranges()[0]
                self.assertTrue(first <= event[0] and (event[1] or last) <= last, (first, last, event))


class Many(PageTest):
    options = ("--series", 5000, "--curves", 1000, "--buckets", 240)

    def test_ten_thousand_series(self):
        self.assertEqual(len(self.made["series"]), 10_000)
        self.browser.settle()
        took = self.browser.run(
            "const [one] = performance.getEntriesByType('navigation'); return one.loadEventEnd / 1000"
        )
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
        self.assertEqual(
            self.browser.text("#detail .legend"),
            "This series has no curve in the page: only those with most trouble have one.",
        )
        self.browser.one("#filter").send_keys("server0012")
        self.browser.settle()
        wanted = sum("server0012" in one["key"] for one in self.made["series"])
        self.assertTrue(self.browser.text("#shown").startswith(f"{wanted:,} of 10,000"), self.browser.text("#shown"))


class Long(PageTest):
    options = ("--series", 1, "--configs", 1, "--buckets", 150_000)

    def test_a_long_curve_is_drawn_and_zoomed(self):
        self.assertEqual(len(self.browser.run(PIXELS)), 3)
        full = self.ranges()[0]
        self.drag(0.4, 0.6)
        zoomed = self.ranges()[0]
        self.assertAlmostEqual((zoomed[1] - zoomed[0]) / (full[1] - full[0]), 0.2, delta=0.02)


class Little(PageTest):
    """What can be unknown is unknown."""

    @classmethod
    def data(cls):
        pipeline = {
            "name": "all",
            "forecaster": None,
            "detectors": ["mad"],
            "levels": [],
            "season_s": None,
            "series": 2,
            "points": 5,
            "series_days": 0.0,
            "intervals": [],
            "first_forecast": None,
            "first_score": None,
            "leads": [],
            "errors": None,
            "events": None,
            "labelled": None,
        }
        series = {
            "config": 0,
            "pipeline": 0,
            "key": "m",
            "points": 5,
            "interval_s": None,
            "mae": None,
            "mase": None,
            "smape": None,
            "bias": None,
            "coverage": None,
            "events_count": None,
            "anomalies": None,
            "peak_score": None,
            "warm_s": None,
            "events": [[2000, None, 1, 1.5, "none", ""]],
            "labels": [],
            "ahead": None,
        }
        curve = {"points_a_bucket": 1, "t": [1000, 2000], "low": [1, 1]}
        return {
            "format": 1,
            "program": "forecastd 0.2.0",
            "input": {"files": [], "points": 5, "first_ms": None, "last_ms": None, "left_out": 0, "without_time": 5},
            "labels": None,
            "configs": [{"name": "a.json", "seconds": 0, "labelled": None, "pipelines": [pipeline]}],
            "comparisons": [],
            "series": [
                {**series, "field": "a", "curve": curve},
                {**series, "field": "b", "curve": None},
                {**series, "field": "c", "curve": {"points_a_bucket": 1, "t": [1000], "low": [None]}},
            ],
        }

    def test_it_is_shown(self):
        self.assertEqual(
            [one.text for one in self.browser.all("h2")],
            ["At a glance", "Pipelines", "Series", "What the numbers mean"],
        )
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
        self.assertEqual(
            [one.text for one in self.browser.all("h2")], ["At a glance", "Pipelines", "What the numbers mean"]
        )


class Later(PageTest):
    @classmethod
    def data(cls):
        return {"format": 2}

    def test_it_is_refused(self):
        self.assertIn("format 2, expected 1", self.browser.text("main"))
