"""Days that follow the clocks of a time zone: a heater that is switched on by local time, over both changes of the clocks.

The clocks of Berlin were set forward on 2023-03-26 and back on 2023-10-29, each at 01:00 UTC."""

import random
import re

from forecastd_test import TestCase, expectations, forecastd, main

SPRING, AUTUMN = 1679792400, 1698541200
STEP_S, DAY_S = 600, 86400


def local_hour(time):
    offset = 7200 if SPRING <= time < AUTUMN else 3600
    return (time + offset) % DAY_S / 3600


def heater(time, noise):
    return 40 + (25 if 6 <= local_hour(time) < 9 else 0) + (15 if 17 <= local_hour(time) < 22 else 0) + noise.gauss(0, 0.5)


def series(begin, end, seed=5, step=STEP_S):
    noise = random.Random(seed)
    return [(time, heater(time, noise)) for time in range(begin, end, step)]


def pipeline(zone, plugin="holt-winters", step=STEP_S, **params):
    one = {"interval": f"{step}s", "forecast": {"plugin": plugin, "params": {"season_length": "1d", **params}},
           "detect": {"plugin": "zscore", "min_dev_from_expected": 5}, "alarm": {"raise": 1}}
    return {"pipelines": [{**one, **({"timezone": zone} if zone else {})}]}


class Timezone(TestCase):
    def judged(self, points, config):
        """(time, |y - yhat|, whether it is an anomaly) of each point with an expectation."""
        text = "".join(f"m v={value!r} {time}000000000\n" for time, value in points)
        result = forecastd("run", self.config(config), stdin=text)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [(time, abs(error), rings) for time, error, rings in expectations(result.stdout)]

    # Each forecaster with a season: plugin, parameters, interval in seconds, days before the change.
    FORECASTERS = (("seasonal-naive", {}, 600, 20), ("holt-winters", {}, 600, 20),
                   ("holt-winters", {"fit": "online"}, 600, 20), ("lag", {}, 600, 20), ("lag", {"fit": "online"}, 600, 20),
                   ("lag", {"second_season_length": "7d"}, 600, 20), ("auto", {}, 600, 20),
                   ("auto", {"second_season_length": "7d"}, 600, 20), ("theta", {}, 600, 20),
                   ("arima", {"window": 336}, 3600, 45))

    def check_change(self, config, change, step, days):
        """No alarm around the change, and errors as on other days."""
        points = series(change - days * DAY_S, change + 6 * DAY_S, step=step)
        rows = self.judged(points, config)

        def errors(first, last):
            return [error for time, error, _ in rows if change + first * DAY_S <= time < change + last * DAY_S]
        self.assertEqual([time for time, _, rings in rows if rings and time >= change - 6 * DAY_S], [])
        usual, changed = errors(-6, -1), errors(0, 6)
        self.assertGreater(len(changed), 5 * DAY_S / step)
        self.assertLess(sum(changed) / len(changed), 1.25 * sum(usual) / len(usual))

    def test_a_change_of_the_clocks_costs_no_alarm_and_no_error(self):
        for plugin, params, step, days in self.FORECASTERS:
            for change in (SPRING, AUTUMN):
                with self.subTest(plugin=plugin, params=params, change=change):
                    config = pipeline("Europe/Berlin", plugin, step=step, **params)
                    self.check_change(config, change, step, days)

    def test_detectors_with_a_season_judge_by_local_time(self):
        for plugin in ("quantile", "mad"):
            for change in (SPRING, AUTUMN):
                with self.subTest(plugin=plugin, change=change):
                    one = {"interval": "10m", "timezone": "Europe/Berlin", "alarm": {"raise": 1},
                           "detect": {"plugin": plugin, "params": {"season_length": "1d"}, "min_dev_from_expected": 5}}
                    self.check_change({"pipelines": [one]}, change, STEP_S, 20)

    def test_by_utc_the_same_days_ring(self):
        """What the tests above would see without a zone."""
        for change in (SPRING, AUTUMN):
            rows = self.judged(series(change - 20 * DAY_S, change + 4 * DAY_S), pipeline(None))
            self.assertGreater(sum(rings for time, _, rings in rows if time >= change), 10)

    def test_forecasts_over_a_change_are_for_the_local_hour(self):
        for plugin in ("seasonal-naive", "holt-winters", "lag", "auto", "theta"):
            for change in (SPRING, AUTUMN):
                with self.subTest(plugin=plugin, change=change):
                    points = [(time, heater(time, random.Random(0)))
                              for time in range(change - 10 * DAY_S, change - 4 * 3600 + STEP_S, STEP_S)]
                    config = pipeline("Europe/Berlin", plugin)
                    config["pipelines"][0]["forecast"].update(horizon="1d")
                    text = "".join(f"m v={value!r} {time}000000000\n" for time, value in points)
                    lines = forecastd("run", self.config(config), stdin=text).stdout.decode().splitlines()
                    last = [line for line in lines if line.startswith("m_forecast")][-144:]
                    self.assertEqual(len(last), 144)
                    for line in last:
                        time = int(line.rsplit(" ", 1)[1]) // 10**9
                        if change <= time < change + 3600:
                            continue  # the hour that comes twice, or behind the one that is left out
                        self.assertAlmostEqual(float(re.search(r"yhat=([^,]*),", line)[1]), heater(time, random.Random(0)), delta=2)

    def test_novelty_knows_the_local_time_of_day(self):
        """An hour of heating more or less is what the profile of the day does not know."""
        alarms = {}
        for zone in ("Europe/Berlin", None):
            one = {"interval": "10m", "detect": {"plugin": "novelty", "false_alarms": "30d"}}
            config = {"pipelines": [{**one, **({"timezone": zone} if zone else {})}]}
            rows = self.judged(series(AUTUMN - 40 * DAY_S, AUTUMN + 4 * DAY_S), config)
            alarms[zone] = [time for time, _, rings in rows if rings and time >= AUTUMN]
        self.assertEqual(alarms["Europe/Berlin"], [])
        self.assertNotEqual(alarms[None], [])

    def test_a_zone_that_there_is_not_is_refused_with_a_sentence(self):
        for zone, found in (("Europe/Berln", "no zone of that name"), (7, "expected a name of the time zone database")):
            with self.subTest(zone=zone):
                result = forecastd("check", self.config(pipeline(zone)))
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(found, (result.stdout + result.stderr).decode())
                self.assertIn("timezone", (result.stdout + result.stderr).decode())


if __name__ == "__main__":
    main()
