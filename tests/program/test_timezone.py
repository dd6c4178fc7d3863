"""Days that follow the clocks of a time zone: a heater that is switched on by local time, over both changes of the clocks.

The clocks of Berlin were set forward on 2023-03-26 and back on 2023-10-29, each at 01:00 UTC."""

import random
import re

from forecastd_test import TestCase, forecastd, main

SPRING, AUTUMN = 1679792400, 1698541200
STEP_S, DAY_S = 600, 86400


def local_hour(time):
    offset = 7200 if SPRING <= time < AUTUMN else 3600
    return (time + offset) % DAY_S / 3600


def heater(time, noise):
    return 40 + (25 if 6 <= local_hour(time) < 9 else 0) + (15 if 17 <= local_hour(time) < 22 else 0) + noise.gauss(0, 0.5)


def series(begin, end, seed=5):
    noise = random.Random(seed)
    return [(time, heater(time, noise)) for time in range(begin, end, STEP_S)]


def pipeline(zone, plugin="holt-winters", season="1d", **more):
    one = {"interval": "10m", "forecast": {"plugin": plugin, "params": {"season_length": season} if season else {}},
           "detect": {"plugin": "zscore", "min_dev_from_expected": 5}, "alarm": {"raise": 1}, **more}
    return {"pipelines": [{**one, **({"timezone": zone} if zone else {})}]}


class Timezone(TestCase):
    def judged(self, points, config):
        """(time, |y - yhat|, whether it is an anomaly) of each point with an expectation."""
        text = "".join(f"m v={value!r} {time}000000000\n" for time, value in points)
        result = forecastd("run", self.config(config), stdin=text)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = []
        for line in result.stdout.decode().splitlines():
            if not line.startswith("m_anomaly"):
                continue
            fields = {key: float(value) for key, value in re.findall(r"(\w+)=(-?[\d.][^, ]*)[, ]", line)}
            if "yhat" in fields:
                rows.append((int(line.rsplit(" ", 1)[1]) // 10**9, abs(fields["y"] - fields["yhat"]), "is_anomaly=true" in line))
        return rows

    def test_a_change_of_the_clocks_costs_no_alarm_and_no_error(self):
        for plugin in ("holt-winters", "theta", "lag"):
            for change in (SPRING, AUTUMN):
                with self.subTest(plugin=plugin, change=change):
                    points = series(change - 20 * DAY_S, change + 6 * DAY_S)
                    rows = self.judged(points, pipeline("Europe/Berlin", plugin))
                    errors = lambda first, last: [error for time, error, _ in rows  # noqa: E731
                                                  if change + first * DAY_S <= time < change + last * DAY_S]
                    alarms = [time for time, _, rings in rows if rings and time >= change - 6 * DAY_S]
                    self.assertEqual(alarms, [])
                    usual, changed = errors(-6, -1), errors(0, 4)
                    self.assertLess(sum(changed) / len(changed), 1.3 * sum(usual) / len(usual))
                    by_utc = self.judged(points, pipeline(None, plugin))
                    self.assertTrue([time for time, _, rings in by_utc if rings and time >= change])

    def test_forecasts_over_a_change_are_for_the_local_hour(self):
        for plugin in ("seasonal-naive", "holt-winters", "lag"):
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
        """A minute of heating at night is what the profile of the day does not know."""
        alarms = {}
        for zone in ("Europe/Berlin", None):
            one = {"interval": "10m", "detect": {"plugin": "novelty", "false_alarms": "30d"}}
            config = {"pipelines": [{**one, **({"timezone": zone} if zone else {})}]}
            rows = self.judged(series(AUTUMN - 40 * DAY_S, AUTUMN + 4 * DAY_S), config)
            alarms[zone] = [time for time, _, rings in rows if rings and time >= AUTUMN]
        self.assertLessEqual(len(alarms["Europe/Berlin"]), len(alarms[None]))
        self.assertEqual(alarms["Europe/Berlin"], [])

    def test_a_zone_that_there_is_not_is_refused_with_a_sentence(self):
        for zone, found in (("Europe/Berln", "no zone of that name"), (7, "expected a name of the time zone database")):
            with self.subTest(zone=zone):
                result = forecastd("check", self.config(pipeline(zone)))
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(found, (result.stdout + result.stderr).decode())
                self.assertIn("timezone", (result.stdout + result.stderr).decode())


if __name__ == "__main__":
    main()
