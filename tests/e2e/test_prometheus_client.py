"""What Telegraf's outputs.prometheus_client makes of forecastd's lines, with the config that docs/dashboards.md names.

The tests of the dashboard in PromQL leave Telegraf out, and name the series by exported(); here both are compared.
"""

import re
import sys
import urllib.request

from telegraf_test import HERE, TelegrafTest, free_port, main, toml

sys.path.insert(0, str(HERE.parent / "dashboards"))

from promql_store import exported  # noqa: E402
from telemetry import Telemetry  # noqa: E402

ROOT = HERE.parents[1]
SAMPLE = re.compile(r"^([a-zA-Z_]\w*(?:\{.*\})?) (\S+)$", re.MULTILINE)


class PrometheusClient(TelegrafTest):
    def test_the_page_shows_the_config(self):
        page = (ROOT / "docs/dashboards.md").read_text()
        for line in (ROOT / "configs/grafana/telegraf-prometheus.conf").read_text().splitlines():
            if not line.startswith("#"):
                self.assertIn(line, page)

    def test_series_have_the_names_that_the_dashboard_asks_for(self):
        address = f"127.0.0.1:{free_port()}"
        outputs = (ROOT / "configs/grafana/telegraf-prometheus.conf").read_text().replace("127.0.0.1:9273", address)
        lines = self.folder / "lines.lp"
        lines.write_text("".join(Telemetry(1_796_023_800).lines("mem")))
        # The command goes on, so that Telegraf does not start it again.
        once = f"""
[[inputs.execd]]
  command = ["sh", "-c", {toml(f"cat {lines}; sleep 1000")}]
  signal = "none"
  data_format = "influx"
"""
        preset = (ROOT / "configs/presets/mem.json").read_text().replace('"every": "1m"', '"every": "500ms"')
        telegraf = self.start_telegraf(once, self.execd(preset), outputs)

        def found():
            try:
                with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
                    samples = dict(SAMPLE.findall(answer.read().decode()))
            except OSError:  # it does not listen yet
                return None
            # All was worked off, and an event of web2 is over.
            points = next((value for name, value in samples.items() if name.startswith("forecastd_points{")), 0)
            return samples if float(points) == len(lines.read_text().splitlines()) else None

        samples = telegraf.wait_for(found, "the metrics of all points")
        telegraf.stop()
        self.assert_no_errors(telegraf.log())

        last = {}
        for measurement, points in self.points().items():
            if not measurement.startswith("forecastd"):  # these went on after the metrics were read
                for point in points:
                    last.update(exported(point))
        self.assertEqual({name: float(value) for name, value in samples.items() if not name.startswith("forecastd")},
                         {name: float(value) for name, value in last.items()})
        kinds = {re.match(r"\w+", name)[0] for name in samples}
        self.assertLessEqual({"mem_used_percent", "mem_forecast_yhat", "mem_anomaly_is_anomaly", "mem_event_open", "mem_state_code",
                              "mem_threshold_time_to_threshold_s", "forecastd_plugin_failures", "forecastd_accuracy_mase",
                              "forecastd_state_watched", "forecastd_plugin_ns_per_point"}, kinds)
        states = {"mem_event_open": {0, 1}, "mem_state_code": {1}}
        for kind, wanted in states.items():
            self.assertEqual({float(value) for name, value in samples.items() if name.startswith(kind)}, wanted)
        self.assertTrue(all('preset="mem"' in name for name in samples if name.startswith("forecastd")))


if __name__ == "__main__":
    main()
