"""What a plugin knows of its series: for each of them, and in the host's metrics."""

from forecastd_test import BUILD, TestCase, forecastd, main

FORECAST = {"plugin": "test.describe", "params": {"season": 7, "form": "mul", "order": [1, 0, 1]}, "emit_every": "1d",
            "diagnostics_every": "30s"}


def config(**keys):
    return {"plugin_dirs": [str(BUILD / "test_plugins/describe")],
            "pipelines": [{"name": "rooms", "interval": "10s", "forecast": {**FORECAST, **keys}}],
            "metrics": {"every": "1h"}}


def rooms(count=7):
    for i in range(1, count + 1):
        for tank in "ab":
            yield f"room,floor={tank} t={i},note=\"x\" {i}0000000000\n"


class Diagnostics(TestCase):
    def run_config(self, value, text):
        result = forecastd("run", self.config(value), stdin=text)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode().splitlines()

    def test_a_line_for_each_series_with_its_tags(self):
        out = self.run_config(config(), "".join(rooms()))
        self.assertEqual([line for line in out if line.startswith("room_model,field=t,floor=a ")], [
            'room_model,field=t,floor=a form="mul",mean=1,points=1i 10000000000',
            'room_model,field=t,floor=a form="mul",mean=2,points=3i 30000000000',
            'room_model,field=t,floor=a form="mul",mean=3.5,points=6i 60000000000'])
        self.assertEqual(sum(line.startswith("room_model,field=t,floor=b ") for line in out), 3)

    def test_metrics_sum_over_the_series(self):
        out = self.run_config(config(), "".join(rooms()))
        tags = "forecastd_model,algorithm=test.describe,"
        models = [line.rsplit(" ", 1)[0] for line in out if line.startswith("forecastd_model")]
        self.assertEqual(models, [tags + "interval=10s,pipeline=rooms,role=forecast series=2i,mean=4,points=14i",
                                  tags + "form=mul,interval=10s,pipeline=rooms,role=forecast series=2i"])

    def test_they_pass_untouched_when_they_come_back(self):
        out = self.run_config(config(), "".join(rooms()))
        ours = [line for line in out if not line.startswith("room,")]
        self.assertTrue(any(line.startswith("room_model,") for line in ours))
        again = self.run_config({**config(), "metrics": {}}, "".join(line + "\n" for line in ours))
        self.assertEqual(again, ours)

    def test_check_names_the_measurement(self):
        done = forecastd("check", self.config(config()))
        self.assertIn("  output    originals, {measurement}_forecast, {measurement}_model\n", done.stdout.decode())
        self.assertIn('params {"form":"mul","season":7,"order":[1,0,1]}', done.stdout.decode())
        done = forecastd("check", self.config(config(diagnostics_every="0s")))
        self.assertIn("  output    originals, {measurement}_forecast\n", done.stdout.decode())


if __name__ == "__main__":
    main()
