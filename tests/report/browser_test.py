"""The report's page as a person uses it: in a headless Chromium, with pointer and keys."""

import chromium
from page_case import BACKGROUND, CONTRAST, PIXELS, PageTest

if not chromium.missing():
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys


class Usual(PageTest):
    options = ("--series", 24)

    def test_every_section_has_the_numbers_of_the_data(self):
        text = self.browser.text("body")
        headings = [one.text for one in self.browser.all("h2")]
        self.assertEqual(
            headings, ["At a glance", "Comparison", "Beside the labels", "Pipelines", "Series", "What the numbers mean"]
        )
        self.assertEqual(len(self.browser.all("#sections a")), len(headings))
        self.assertIn(f"{self.made['input']['points']:,}", text)
        self.assertIn("2026-01-01 00:00:00", text)
        for number, config in enumerate(self.made["configs"]):
            for at, pipeline in enumerate(config["pipelines"]):
                card = self.browser.run(
                    "const card = document.getElementById(arguments[0]); card.open = true; return card.innerText",
                    f"pipeline-{number}-{at}",
                )
                self.assertIn(f"{pipeline['points']:,}", card)
                self.assertIn("2 more with too few points; a plugin failed on 1", card)
                for lead in pipeline["leads"]:
                    row = next(
                        line
                        for line in card.splitlines()
                        if line.split("\t")[0].endswith(f" {lead['steps']} steps".replace(" 1 steps", " 1 step"))
                        and len(line.split("\t")) > 8
                    ).split("\t")
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
        titles = self.browser.run(
            "return [...document.querySelectorAll('#pipeline-0-0 figure title')].map((one) => one.textContent)"
        )
        for lead in pipeline["leads"]:
            self.assertTrue(
                [title for title in titles if f"{lead['mase']:.2f}" in title and "last value" in title], lead
            )
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
        ActionChains(self.browser.driver).move_to_element_with_offset(
            over, int(over.size["width"] * (middle - 0.5)), 10
        ).perform()
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
        self.assertEqual(self.browser.run("return document.activeElement.type"), "checkbox")
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
        self.assertIsNone(self.browser.one("#glance .wide").get_attribute("tabindex"), "it has room for all of it")
        levels = [int(one.tag_name[1]) for one in self.browser.all("h1, h2, h3, h4")]
        self.assertTrue(all(b - a <= 1 for a, b in zip([0, *levels], levels)), levels)
