"""The crate for plugins in Rust: its tests, its examples as plugins of the built program, and a panic in a call."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import forecastd_test
from forecastd_test import ROOT, forecastd
from test_sdk_exports import exports

FUSSY = """
use forecastd_plugin::*;

params! { pub struct Fussy {} }
plain! { pub struct Series { last: f64 } }

impl Model for Fussy {
    const ABOUT: About = About::new("test.fussy", "1.0.0", "Repeats the last value, if it likes it.");
    type Series = Series;

    fn observe(&self, s: &mut Series, p: &Point) -> Result {
        match p.value as i64 {
            -1 => panic!("the value is {}, expected 0 or more", p.value),
            -2 => return Err(Error::begin_again("the value is -2, so the sensor was reset")),
            7 => log(Level::Info, "A seven was learned."),
            _ => {}
        }
        s.last = p.value;
        Ok(())
    }
}
impl Forecaster for Fussy {
    fn forecast(&self, s: &Series, out: &mut Forecast) -> Result {
        out.fill(Prediction::of(s.last));
        Ok(())
    }
}

params! { pub struct Still {} }

impl Model for Still {
    const ABOUT: About = About::new("test.still", "1.0.0", "Scores by the distance from the last value.");
    type Series = Series;

    fn observe(&self, s: &mut Series, p: &Point) -> Result {
        s.last = p.value;
        Ok(())
    }
}
impl Detector for Still {
    fn judge(&self, s: &Series, p: &Point) -> Result<Verdict> {
        Ok(Verdict::symmetric(p.value, s.last, 1.0, 2.0))
    }
}
plugin!(Fussy: forecaster, Still: detector);
"""


def there_is_cargo():
    try:
        return subprocess.run(["cargo", "--version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@unittest.skipIf(forecastd_test.is_sanitized(), "what authors build has no sanitizer")
@unittest.skipUnless(there_is_cargo(), "there is no cargo, the build program of Rust")
class Rust(forecastd_test.TestCase):
    """A copy of sdk/, and nothing from a registry. What was built is shared by the tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.copy, cls.target = pathlib.Path(temporary.name, "sdk"), pathlib.Path(temporary.name, "target")
        shutil.copytree(ROOT / "sdk", cls.copy, ignore=shutil.ignore_patterns("target", "Cargo.lock"))
        cls.rust = cls.copy / "rust"

    def cargo(self, crate, *arguments):
        result = subprocess.run(["cargo", arguments[0], "--offline", *arguments[1:]], cwd=crate,
                                capture_output=True, text=True, check=False,
                                env={**os.environ, "CARGO_TARGET_DIR": str(self.target)})
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for said in ("warning", "skipped"):
            self.assertNotIn(said, result.stderr)
        return result.stdout

    def build(self, crate):
        self.cargo(crate, "build", "--release")
        return self.target / f"release/lib{crate.name}.so"

    def passes(self, file, name):
        self.assertEqual(exports(file), ["forecastd_library_v1"])
        found = forecastd("plugins", name, "--plugin-dir", file.parent)
        self.assertEqual((found.returncode, found.stderr), (0, b""))
        verified = forecastd("verify", file)
        self.assertEqual(verified.returncode, 0, verified.stdout.decode())
        return found.stdout.decode()

    def test_the_crate(self):
        said = self.cargo(self.rust / "forecastd-plugin", "test")
        self.assertIn("structs_and_constants_are_those_of_the_header ... ok", said)

    def test_examples(self):
        for name, id in (("huber", "example.huber"), ("ewma", "example.rust_ewma")):
            crate = self.rust / "examples" / name
            self.assertIn("test result: ok. 2 passed", self.cargo(crate, "test"))
            shown = self.passes(self.build(crate), id)
        self.assertIn("\n  alpha\n      a number from 0.001 to 1; default 0.2\n      Weight of a new value.\n", shown)

    def test_a_model_that_can_do_everything(self):
        source = (self.rust / "forecastd-plugin/tests/contract.rs").read_text()
        crate = self.crate("everything", source.split("#[test]")[0])
        shown = self.passes(self.build(crate), "test.recent")
        self.assertIn('  form\n      "none" or "add"; default "add"', shown)
        self.assertIn('a list of 2 integers from 1 to 9, or "auto"; default "auto"', shown)

    def test_errors_and_panics(self):
        crate = self.crate("fussy", FUSSY)
        verified = forecastd("verify", self.build(crate), "test.still")  # the second of the library
        self.assertEqual(verified.returncode, 0, verified.stdout.decode())
        config = self.config({"log": {"level": "debug"}, "plugin_dirs": [str(self.target / "release")],
                              "pipelines": [{"interval": "1s", "forecast": {"plugin": "test.fussy"}}]})

        def run(*values):
            lines = [f"room t={value} {1700000000 + i}000000000\n" for i, value in enumerate(values)]
            done = forecastd("run", config, stdin="".join(lines))
            written = done.stdout.decode().splitlines()
            forecasts = [line.split()[1].split(",")[0] for line in written if "forecast" in line]
            return forecasts, done.stderr.decode()

        forecasts, messages = run(1, 2, -1, 3)
        self.assertEqual(forecasts, ["yhat=1", "yhat=2"])
        told = [line for line in messages.splitlines() if not line.startswith("I! ")]
        self.assertEqual(told[0], "D! plugin 'test.fussy': panicked at src/lib.rs:13.")  # for the author alone
        self.assertRegex(told[1], "'test.fussy' failed: the value is -1, expected 0 or more; this series is set aside")
        self.assertEqual(len(told), 2, messages)
        forecasts, messages = run(1, -2, 3, 7)
        self.assertEqual(forecasts, ["yhat=1", "yhat=3", "yhat=7"])  # it began again
        self.assertIn("I! plugin 'test.fussy': A seven was learned.\n", messages)

    def test_the_plugin_of_the_readme(self):
        page = (self.rust / "README.md").read_text()
        (self.folder / "spread/src").mkdir(parents=True)
        for name, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
            text = text.replace("/usr/local/share/forecastd/rust", str(self.rust))
            (self.folder / "spread" / name).write_text(text)
        self.assertIn("test result: ok. 1 passed", self.cargo(self.folder / "spread", "test"))
        self.passes(self.build(self.folder / "spread"), "acme.spread")

    def test_what_is_installed(self):
        build, prefix = self.folder / "build", self.folder / "prefix"
        for command in (["cmake", "-S", self.copy, "-B", build, "-DFORECASTD_SDK_EXAMPLES=OFF"],
                        ["cmake", "--install", build, "--prefix", prefix]):
            done = subprocess.run(command, capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.cargo(prefix / "share/forecastd/examples/rust/huber", "check")
        self.cargo(prefix / "share/forecastd/rust/forecastd-plugin", "test", "--test", "layout", "--", "--nocapture")

    def crate(self, name, source):
        """A crate of one file beside the examples, with the Cargo.toml that they have."""
        crate = self.rust / "examples" / name
        (crate / "src").mkdir(parents=True)
        text = (self.rust / "examples/huber/Cargo.toml").read_text()
        (crate / "Cargo.toml").write_text(text.replace('"huber"', f'"{name}"'))
        (crate / "src/lib.rs").write_text(source)
        return crate


if __name__ == "__main__":
    forecastd_test.main()
