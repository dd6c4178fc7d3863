"""Holidays that count as a Sunday, in an office that is empty then; and seasons that the interval does not divide.

2026-05-01 is a Friday, 2026-05-25 a Monday, 2026-03-29 the day on which the clocks of Berlin are set forward."""

import datetime
import random
import re

from forecastd_test import TestCase, expectations, forecastd, main

DAY_S = 86400
BERLIN = datetime.timezone(datetime.timedelta(hours=2))
SPRING = 1774746000  # 2026-03-29 01:00 UTC
HOLIDAYS = ("2026-05-01", "2026-05-25")


def local(time):
    """Date, weekday (Monday: 0) and hour in Berlin."""
    moment = datetime.datetime.fromtimestamp(time, datetime.timezone.utc) + datetime.timedelta(
        hours=2 if time >= SPRING else 1)
    return moment.strftime("%Y-%m-%d"), moment.weekday(), moment.hour + moment.minute / 60


def office(time, noise):
    date, weekday, hour = local(time)
    if date in HOLIDAYS:
        weekday = 6
    work = 40 if 8 <= hour < 18 else 0
    return 100 + (0, 0.25, 1)[0 if weekday == 6 else 1 if weekday == 5 else 2] * work + noise.gauss(0, 1)


def series(begin, end, step):
    noise = random.Random(3)
    first = int(datetime.datetime.fromisoformat(begin).replace(tzinfo=BERLIN).timestamp())
    last = int(datetime.datetime.fromisoformat(end).replace(tzinfo=BERLIN).timestamp())
    return [(time, office(time, noise)) for time in range(first, last, step)]


def mean(errors):
    return sum(errors) / len(errors)


class Calendar(TestCase):
    # seasons of a week, as each forecaster takes them
    FORECASTERS = (("seasonal-naive", {"season_length": "7d"}), ("holt-winters", {"season_length": "7d"}),
                   ("holt-winters", {"season_length": "7d", "fit": "online"}), ("lag", {"season_length": ["1d", "7d"]}),
                   ("lag", {"season_length": ["1d", "7d"], "fit": "online"}), ("auto", {"season_length": ["1d", "7d"]}),
                   ("theta", {"season_length": "7d"}))

    def judged(self, points, config):
        """(time, |y - yhat|, whether it is an anomaly) of each point with an expectation."""
        text = "".join(f"m v={value!r} {time}000000000\n" for time, value in points)
        result = forecastd("run", self.config(config), stdin=text)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [(time, abs(error), rings) for time, error, rings in expectations(result.stdout)]

    @staticmethod
    def pipeline(plugin, params, calendar, **more):
        one = {"interval": "30m", "timezone": "Europe/Berlin", "forecast": {"plugin": plugin, "params": params},
               "detect": {"plugin": "zscore", "min_dev_from_expected": 12}, "alarm": {"raise": 1}, **more}
        return {"pipelines": [{**one, **({"calendar": {"holidays": list(HOLIDAYS)}} if calendar else {})}]}

    def test_a_holiday_is_forecast_as_a_sunday_and_spoils_no_other_day(self):
        points = series("2026-03-16", "2026-06-09", 1800)
        for plugin, params in self.FORECASTERS:
            with self.subTest(plugin=plugin, params=params):
                days = {}
                rows = self.judged(points, self.pipeline(plugin, params, True))
                for time, error, _ in rows:
                    days.setdefault(local(time)[0], []).append(error)
                sundays = mean(days["2026-04-19"] + days["2026-04-26"] + days["2026-05-17"])
                self.assertLess(mean(days["2026-05-01"]), 1.4 * sundays)
                self.assertLess(mean(days["2026-05-25"]), 1.4 * sundays)
                workdays = mean([error for day in range(20, 25) for error in days[f"2026-04-{day}"]])
                for date in ("2026-05-04", "2026-05-05", "2026-05-08", "2026-05-26", "2026-05-27", "2026-06-01", "2026-06-02"):
                    self.assertLess(mean(days[date]), 1.5 * workdays, date)
                # lag and auto do not foresee each edge of a Sunday: a holiday is no worse than that.
                rings = [local(time) for time, _, rings in rows if rings and local(time)[0] > "2026-04-20"]
                self.assertEqual([date for date, weekday, _ in rings if weekday < 5 and date not in HOLIDAYS], [])
                of_sundays = [sum(one == date for one, _, _ in rings) for date in ("2026-04-26", "2026-05-17")]
                for date in HOLIDAYS:
                    self.assertLessEqual(sum(one == date for one, _, _ in rings), max(of_sundays) + 2)

    def test_without_a_calendar_the_same_holidays_ring(self):
        rows = self.judged(series("2026-03-16", "2026-06-09", 1800), self.pipeline("auto", {"season_length": ["1d", "7d"]}, False))
        rings = {local(time)[0] for time, _, rings in rows if rings}
        self.assertTrue(set(HOLIDAYS) <= rings, rings)

    def test_forecasts_over_a_holiday(self):
        points = series("2026-03-16", "2026-04-30", 1800)
        for plugin, params in self.FORECASTERS:
            with self.subTest(plugin=plugin, params=params):
                config = self.pipeline(plugin, params, True)
                config["pipelines"][0]["forecast"].update(horizon="5d", emit_every="1d")
                text = "".join(f"m v={value!r} {time}000000000\n" for time, value in points)
                lines = forecastd("run", self.config(config), stdin=text).stdout.decode().splitlines()
                last = [line for line in lines if line.startswith("m_forecast")][-240:]
                self.assertEqual(len(last), 240)
                errors = {}
                for line in last:
                    time = int(line.rsplit(" ", 1)[1]) // 10**9
                    errors.setdefault(local(time)[0], []).append(
                        abs(float(re.search(r"yhat=([^,]*),", line)[1]) - office(time, Quiet())))
                self.assertIn("2026-05-01", errors)
                for date, ones in errors.items():
                    # An ordinary Friday is 20 off. Of lag, the values of the days before have their share too.
                    self.assertLess(mean(ones), 9 if plugin == "lag" else 4, date)

    def test_a_calendar_file_beside_the_config(self):
        config = self.pipeline("auto", {"season_length": ["1d", "7d"]}, False)
        config["pipelines"][0]["calendar"] = {"ics": "days.ics", "as": "saturday"}
        file = self.config(config)
        ics = file.parent / "days.ics"
        ics.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:May Day\nDTSTART;VALUE=DATE:20260501\nEND:VEVENT\n"
                       "END:VCALENDAR\n")
        result = forecastd("check", file)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b"calendar  clocks of Europe/Berlin; 1 holiday, as a saturday\n", result.stdout)
        ics.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260501\nRRULE:FREQ=MONTHLY\nEND:VEVENT\nEND:VCALENDAR\n")
        result = forecastd("check", file)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"line 4: found RRULE \"FREQ=MONTHLY\", expected FREQ=YEARLY", result.stderr)

    def test_a_season_of_a_day_alone_is_refused(self):
        result = forecastd("check", self.config(self.pipeline("auto", {"season_length": "1d"}, True)))
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"no model of this pipeline has a season of a week", result.stderr)


class Quiet:
    @staticmethod
    def gauss(mean, _):
        return mean


class OddSeasons(TestCase):
    """A day at intervals of 7 minutes, and an hour at 13 seconds."""

    def errors(self, interval_s, season, season_s, given):
        noise = random.Random(1)
        times = range(1_700_000_000, 1_700_000_000 + 40 * season_s, interval_s)
        text = "".join(f"m v={(80 if time % season_s < season_s // 3 else 50) + noise.gauss(0, 0.5)!r} {time}000000000\n"
                       for time in times)
        one = {"forecast": {"plugin": "seasonal-naive", "params": {"season_length": season}},
               "detect": {"plugin": "zscore"}, **({"interval": f"{interval_s}s"} if given else {})}
        result = forecastd("run", self.config({"pipelines": [one]}), stdin=text)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = [abs(error) for _, error, _ in expectations(result.stdout)]
        return rows[len(rows) // 2:], result.stderr.decode()

    def test_the_season_stays_in_time_and_is_told_once(self):
        for interval_s, season, season_s, told in ((420, "1d", DAY_S, "205.71 intervals of \"7m\", and is taken as 206 steps"),
                                                   (13, "1h", 3600, "276.92 intervals of \"13s\", and is taken as 277 steps")):
            for given in (True, False):
                with self.subTest(season=season, given=given):
                    errors, log = self.errors(interval_s, season, season_s, given)
                    # An edge may be a step off: two a season.
                    wrong = sum(error > 15 for error in errors)
                    self.assertLess(wrong / len(errors), 2.5 * interval_s / season_s)
                    self.assertLess(mean([error for error in errors if error <= 15]), 1)
                    self.assertEqual(log.count(told), 1, log)

    def test_check_tells_seasons_in_steps(self):
        one = {"interval": "7m", "forecast": {"plugin": "auto", "params": {"season_length": ["1d", "7d"]}}}
        result = forecastd("check", self.config({"pipelines": [one]}))
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"  seasons   auto 206 steps (1d) and 1442 steps (7d)\n", result.stdout)
        self.assertIn(b"W! pipeline 'pipeline 1': season_length of 'auto': found \"1d\", which is 205.71", result.stderr)
        one["interval"] = "10m"
        result = forecastd("check", self.config({"pipelines": [one]}))
        self.assertIn(b"  seasons   auto 144 steps (1d) and 1008 steps (7d)\n", result.stdout)
        self.assertNotIn(b"W!", result.stderr)


if __name__ == "__main__":
    main()
