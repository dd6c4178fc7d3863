"""Those whole-program tests that ask more of a machine with a Telegraf, here with one."""

import os
import pathlib
import subprocess
import sys

from telegraf_test import FORECASTD, HERE, TELEGRAF, TelegrafTest, main

PROGRAM_TESTS = pathlib.Path(HERE).parent / "program"


class Program(TelegrafTest):
    def run_test(self, name, **environment):
        done = subprocess.run([sys.executable, PROGRAM_TESTS / name], capture_output=True, text=True, timeout=300, check=False,
                              env={**os.environ, "FORECASTD": str(FORECASTD), "FORECASTD_SHARED": "", **environment})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def test_telegraf_takes_the_section_that_is_printed(self):
        self.assertNotIn("skipped", self.run_test("test_telegraf_conf.py", TELEGRAF=str(TELEGRAF)))

    def test_telegraf_takes_the_configs_of_the_brewing_example(self):
        self.run_test("test_brewing.py", TELEGRAF=str(TELEGRAF))


if __name__ == "__main__":
    main()
