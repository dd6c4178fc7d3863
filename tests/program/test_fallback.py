"""A model that is worse than repeating values gives way to them, and the operator reads so once."""

import random

from forecastd_test import TestCase, forecastd, main


def config(**params):
    return {"log": {"level": "info"}, "pipelines": [{"name": "levels", "interval": "10s",
                           "forecast": {"plugin": "arima", "emit_every": "10s", "diagnostics_every": "10s",
                                        "params": {"order": [0, 0, 0], "window": 120, "min_samples": 120, "refit_every": 5000,
                                                   **params}}}]}


def lines():
    """Noise around a level, which then climbs away from the mean that was fitted."""
    noise = random.Random(5)
    level = 0
    for i in range(1, 401):
        level += 3 if i > 300 else 0
        yield f"room,tank=a t={level + noise.gauss(0, 1):.3f} {10 * i}000000000\n"


class Fallback(TestCase):
    def run_config(self, value):
        result = forecastd("run", self.config(value), stdin="".join(lines()))
        self.assertEqual(result.returncode, 0)
        out = result.stdout.decode().splitlines()
        return ([line for line in out if line.startswith("room_model,")], [line for line in out if line.startswith("room,")],
                [line for line in out if line.startswith("room_forecast,")], result.stderr.decode())

    def test_the_last_value_takes_over_and_the_log_says_so_once(self):
        models, values, forecasts, log = self.run_config(config())
        self.assertIn('fallback="own"', models[250])
        self.assertIn('fallback="last"', models[-1])
        self.assertIn("fallbacks=1i", models[-1])
        self.assertEqual(log.count("a series is forecast by its last value"), 1)
        last = float(values[-1].split("t=")[1].split(" ")[0])
        self.assertTrue(any(f"={last:g}" in line for line in forecasts[-3:]), forecasts[-3:])

    def test_it_can_be_switched_off(self):
        models, _, _, log = self.run_config(config(fallback=False))
        self.assertTrue(all('fallback="own"' in line for line in models))
        self.assertNotIn("a series is forecast by", log)


if __name__ == "__main__":
    main()
