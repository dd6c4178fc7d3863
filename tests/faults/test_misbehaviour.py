"""Every plugin that misbehaves, with a directory of the state: what the program saves is whole, and a good pipeline beside it goes on
over a restart as if it were alone."""

import json
import subprocess
import unittest

from rig import BUILD, FORECASTD, PIPELINE, FaultTest, Stream


class Misbehaviour(FaultTest):
    def derived(self, out):
        """Of the good pipeline, whose forecasts have a name of their own."""
        return [line for line in out.splitlines() if line.startswith((b"good_", b"m_anomaly"))]

    def test_every_broken_plugin(self):
        stream = Stream(series=3, steps=60)
        parts = [stream.lines(1, 40), stream.lines(40, 60)]
        good = {**PIPELINE, "name": "good", "output": {"forecast": "good_{measurement}"}}
        alone = self.config({"pipelines": [good]}, "alone.json")
        expected = self.derived(subprocess.run([FORECASTD, "run", alone], input=b"".join(parts), capture_output=True,
                                               check=True).stdout)
        plugins = sorted((BUILD / "broken_plugins").iterdir())
        plugins = [folder for folder in plugins if list(folder.glob("*.so"))]
        crashes = 0
        for folder in plugins:
            for what in ("forecast", "detect"):
                directory = self.folder / f"state-{folder.name}-{what}"
                bad = {"name": "bad", "interval": "10s", what: {"plugin": f"broken.{folder.name}"},
                       "output": {"forecast": "bad_{measurement}", "anomaly": "bad_{measurement}_anomaly"}}
                config = self.config({"plugin_dirs": [str(folder)], "plugins": {"deadline": "300ms"},
                                      "state": {"dir": str(directory), "checkpoint_interval": "1s"}, "pipelines": [good, bad]})
                out = b""
                for part in parts:
                    done = subprocess.run([FORECASTD, "run", config], input=part, capture_output=True, check=False)
                    shown = (folder.name, what, done.stderr.decode()[-2000:])
                    self.assertEqual(done.returncode, 0, shown)
                    originals = b"".join(line for line in done.stdout.splitlines(keepends=True) if line.startswith(b"m,"))
                    self.assertEqual(originals, part, shown)
                    crashes += done.stderr.count(b"no point is lost")
                    out += done.stdout
                self.assertEqual(self.derived(out), expected, shown)
                state = subprocess.run([FORECASTD, "state", str(directory), "--json"], capture_output=True, check=False)
                self.assertEqual(state.returncode, 0, (shown, state.stderr))
                saved = [json.loads(line)["pipeline"] for line in state.stdout.splitlines()]
                self.assertEqual(saved.count("good"), stream.series, shown)
        self.assertGreater(len(plugins), 30)
        self.report(plugins=len(plugins), crashes=crashes, series_lost=0)


if __name__ == "__main__":
    unittest.main()
