"""What the tests of the report's page share: a page in a headless Chromium, its scripts and its pointer."""

import pathlib
import tempfile
import unittest

import chromium
from chromium import Browser, made_up, write_page

if not chromium.missing():
    from selenium.webdriver.common.action_chains import ActionChains

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
    def page(cls, folder):
        """The page, and its data."""
        data = cls.data()
        return write_page(data, folder / "report.html"), data

    @classmethod
    def setUpClass(cls):
        if chromium.missing():
            raise unittest.SkipTest(chromium.missing())
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        page, cls.made = cls.page(pathlib.Path(temporary.name))
        cls.browser = Browser(page, **cls.window)
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
        ActionChains(self.browser.driver, duration=20).move_to_element_with_offset(
            over, int(width * (begin - 0.5)), 0
        ).click_and_hold().move_by_offset(int(width * (end - begin) / 2), 5).move_by_offset(
            int(width * (end - begin) / 2), 0
        ).release().perform()
        self.browser.settle()

    def ranges(self):
        return self.browser.run(RANGES)
