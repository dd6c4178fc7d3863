"""The presets: each in a real Telegraf, behind its own input, wired as docs/presets.md and telegraf-conf say.

A series gives a forecast at its first point, so the presets run as they are, but nobody waits for minutes: the inputs' own
intervals are left out, and that of the preset for net is shortened, since a rate needs two points.
"""

import re
import shutil
import socket
import subprocess
import time
import unittest

from telegraf_test import FORECASTD, HERE, PATIENCE_S, TelegrafTest, free_port, main

ROOT = HERE.parents[1]
SENSOR = '{"temperature": %s, "battery": 90}'


def sections(name):
    """The sections of Telegraf's config that the page has for a preset, without their intervals."""
    page = (ROOT / "docs/presets.md").read_text()
    section = re.search(rf"^## {name}\n.*?^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1]
    return re.sub(r"^  interval = .*\n", "", section, flags=re.MULTILINE)


class Presets(TelegrafTest):
    def start(self, name, section, change=lambda text: text):
        """Telegraf with the input, and the preset behind it."""
        config = self.config(change((ROOT / f"configs/presets/{name}.json").read_text()), f"{name}.json")
        wiring = subprocess.run([FORECASTD, "telegraf-conf", config], capture_output=True, check=True, text=True).stdout
        return self.start_telegraf(section, wiring)

    def derived(self, telegraf, name, kind="forecast"):
        """The points of a measurement of ours, once there are some; Telegraf is stopped then."""
        found = telegraf.wait_for(lambda: self.points().get(f"{name}_{kind}"), f"{name}_{kind}")
        telegraf.stop()
        self.assert_no_errors(telegraf.log())
        return found

    def fields(self, points):
        return {point["tags"]["field"] for point in points}

    def test_cpu(self):
        found = self.derived(self.start("cpu", sections("cpu")), "cpu")
        self.assertEqual(self.fields(found), {"usage_user", "usage_system", "usage_iowait"})
        self.assertEqual({point["tags"]["cpu"] for point in found}, {"cpu-total"})
        self.assertEqual({point["fields"]["lead_s"]["value"] for point in found}, {300, 900, 3600})

    def test_mem(self):
        found = self.derived(self.start("mem", sections("mem")), "mem")
        self.assertEqual(self.fields(found), {"used_percent"})
        self.assertTrue(all(0 <= point["fields"]["yhat"]["value"] <= 100 for point in found))

    def test_disk(self):
        found = self.derived(self.start("disk", sections("disk")), "disk")
        self.assertEqual(self.fields(found), {"used_percent", "inodes_used_percent"})
        self.assertTrue(all("path" in point["tags"] for point in found))

    def test_disk_that_is_full_is_told_at_once(self):
        """As a limit that every disk has reached."""
        change = lambda text: text.replace('"value": 100', '"value": 0')  # noqa: E731
        found = self.derived(self.start("disk", sections("disk"), change), "disk", "threshold")
        self.assertEqual({(point["tags"]["threshold"], point["fields"]["time_to_threshold_s"]["value"]) for point in found
                          if point["tags"]["threshold"] == "full"}, {("full", 0)})

    @unittest.skipUnless(any(name not in ("lo",) and not name.startswith(("docker", "veth", "br-"))
                             for _, name in socket.if_nameindex()), "there is no network interface but the loopback")
    def test_net(self):
        change = lambda text: text.replace('"interval": "5m"', '"interval": "1s"')  # noqa: E731
        found = self.derived(self.start("net", sections("net"), change), "net")
        self.assertEqual(self.fields(found), {"bytes_recv", "bytes_sent"})
        self.assertNotIn("lo", {point["tags"]["interface"] for point in found})
        total = max(point["fields"]["bytes_recv"]["value"] for point in self.points()["net"])
        self.assertTrue(all(point["fields"]["yhat"]["value"] <= total for point in found))

    def wait_until_it_listens(self, port):
        """Telegraf gives up at its start if there is no broker."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                self.assertLess(time.monotonic(), end, "mosquitto does not listen")
                time.sleep(0.05)

    def start_broker(self):
        """The port of an MQTT broker."""
        broker = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
        if not broker:
            self.skipTest("there is no MQTT broker: install mosquitto")
        port = free_port()
        server = subprocess.Popen([broker, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)  # before the wait: cleanups run from the last one on
        self.wait_until_it_listens(port)
        return port

    def test_mosquitto(self):
        """The preset has no forecast, and nothing happens to the broker: its points pass on, with the tag that is selected."""
        telegraf = self.start("mosquitto", sections("mosquitto").replace(":1883", f":{self.start_broker()}"))
        topics = {f"$SYS/broker/{name}" for name in
                  ("load/messages/received/1min", "load/messages/sent/1min", "clients/connected")}

        def published():
            points = self.points().get("mosquitto", [])
            return points if topics <= {point["tags"]["topic"] for point in points} else None
        found = telegraf.wait_for(published, "mosquitto")
        telegraf.stop()
        self.assert_no_errors(telegraf.log())
        self.assertEqual({field for point in found for field in point["fields"]}, {"value"})

    def test_temperature_mqtt(self):
        publisher = shutil.which("mosquitto_pub")
        if not publisher:
            self.skipTest("there is no MQTT publisher: install mosquitto-clients")
        port = self.start_broker()
        telegraf = self.start("temperature-mqtt", sections("temperature-mqtt").replace(":1883", f":{port}"))

        def publish():
            subprocess.run([publisher, "-p", str(port), "-t", "sensors/kitchen/temperature", "-m", SENSOR % "-0.5"],
                           stderr=subprocess.DEVNULL, check=False, timeout=PATIENCE_S)
            return self.points().get("temperature_threshold")
        found = telegraf.wait_for(publish, "temperature_threshold")
        points = self.points()
        telegraf.stop()
        self.assert_no_errors(telegraf.log())
        self.assertEqual(points["temperature"][0]["tags"], {"sensor": "kitchen"})
        self.assertEqual(points["temperature"][0]["fields"]["temperature"]["value"], -0.5)
        self.assertEqual({(point["tags"]["threshold"], point["fields"]["time_to_threshold_s"]["value"]) for point in found},
                         {("frost", 0)})
        self.assertEqual(self.fields(points["temperature_forecast"]), {"temperature"})


if __name__ == "__main__":
    main()
