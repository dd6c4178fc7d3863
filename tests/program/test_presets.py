"""The presets of configs/presets, fed with lines as Telegraf's inputs write them: what docs/presets.md promises of each."""

import collections

from forecastd_test import ROOT, TestCase, forecastd, main

MINUTE = 60 * 10**9
CPU = "cpu,cpu={cpu},host=web1 usage_user={y},usage_system={y},usage_iowait=0,usage_idle=1 {time}\n"
MEM = "mem,host=web1 used_percent={y},available_percent=1,free=5i {time}\n"
DISK = "disk,device=sda1,fstype=ext4,host=web1,mode=rw,path=/ used_percent={y},inodes_used_percent=3,free=5i {time}\n"
NET = "net,host=web1,interface={interface} bytes_recv={y}i,bytes_sent=0i,err_in=0i,drop_in={drops}i,speed=-1i {time}\n"
ROOM = "temperature,sensor=kitchen temperature={y},battery=90 {time}\n"


class Presets(TestCase):
    def run_preset(self, name, lines):
        """What comes out beyond the originals: {measurement: [(tags and fields)]}."""
        lines = list(lines)
        done = forecastd("run", ROOT / f"configs/presets/{name}.json", stdin="".join(lines))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        out = done.stdout.decode().splitlines(keepends=True)
        found = collections.defaultdict(list)
        originals = []
        for line in out:
            measurement = line.split(",")[0]
            if measurement.endswith(("_forecast", "_anomaly", "_threshold", "_event")):
                found[measurement].append(line)
            else:
                originals.append(line)
        self.assertEqual(originals, lines)
        return found

    def test_cpu_that_rises_at_once(self):
        lines = [CPU.format(cpu=cpu, y=80 if i == 200 else 10 + i % 3, time=i * MINUTE)
                 for i in range(202) for cpu in ("cpu0", "cpu-total")]
        found = self.run_preset("cpu", lines)
        self.assertEqual(len(found["cpu_anomaly"]), 2)
        for line in found["cpu_anomaly"]:
            self.assertIn("cpu=cpu-total,", line)
            self.assertTrue(line.endswith(f" {200 * MINUTE}\n"))

    def test_mem_that_leaks(self):
        found = self.run_preset("mem", (MEM.format(y=20 + 0.1 * i + 0.05 * (i % 2), time=i * MINUTE) for i in range(500)))
        self.assertEqual(found["mem_anomaly"], [])
        last = found["mem_threshold"][-1]  # at 495 min: 69.5, and 25.5 to go at 0.1 a minute
        seconds = float(last.split("time_to_threshold_s=")[1].split(",")[0])
        self.assertTrue(last.endswith(f" {495 * MINUTE}\n"))
        self.assertAlmostEqual(seconds / 60, 255, delta=10)

    def test_disk_that_fills_and_one_that_does_not(self):
        # A point a minute: on the steps of ten minutes, one of ten is taken. 0.5 percent an hour for four days.
        lines = [DISK.format(y=f"{40 + 0.5 * i / 60 + 0.02 * (i % 7):.3f}", time=i * MINUTE) for i in range(4 * 1440)]
        found = self.run_preset("disk", lines)
        self.assertEqual(found["disk_anomaly"], [])
        full = [line for line in found["disk_threshold"] if ",threshold=full " in line]
        self.assertTrue(all(",field=used_percent," in line for line in found["disk_threshold"]))  # inodes stay at 3
        seconds = float(full[-1].split("time_to_threshold_s=")[1].split(",")[0])
        at = int(full[-1].rsplit(" ", 1)[1]) / 1e9
        self.assertAlmostEqual((at + seconds) / 3600, 120, delta=2)
        self.assertIn("time_to_threshold_s_upper=", full[-1])

    def test_net_that_bursts_drops_and_begins_anew(self):
        rate = lambda i: 50_000_000 if i == 300 else 1_000_000 + 1000 * (i % 5)  # noqa: E731
        total, drops, lines = 0, 0, []
        for i in range(400):
            total += 60 * rate(i)
            drops += 600 if i == 320 else 0
            if i == 350:
                total = drops = 0
            lines += [NET.format(interface=name, y=total, drops=drops, time=i * MINUTE) for name in ("eth0", "lo")]
        found = self.run_preset("net", lines)
        self.assertEqual(len(found["net_anomaly"]), 2)
        burst, dropped = found["net_anomaly"]
        self.assertIn("field=bytes_recv,host=web1,interface=eth0 y=50000000,", burst)
        self.assertIn("field=drop_in,host=web1,interface=eth0 y=10,", dropped)
        self.assertTrue(all("yhat=-" not in line for line in found["net_forecast"]))

    def test_temperature_that_falls_and_a_sensor_that_is_lost(self):
        room = lambda i: 20 + 0.1 * (i % 2) - max(0, i - 150) * 0.2  # noqa: E731
        lines = [ROOM.format(y=-127 if i == 100 else f"{room(i):.2f}", time=i * MINUTE) for i in range(240)]
        found = self.run_preset("temperature-mqtt", lines)
        self.assertTrue(any(" y=-127," in line for line in found["temperature_anomaly"]))
        frost = [line for line in found["temperature_threshold"] if ",threshold=frost " in line]
        self.assertTrue(frost)
        self.assertGreaterEqual(min(int(line.rsplit(" ", 1)[1]) for line in frost), 150 * MINUTE)
        self.assertFalse(any("threshold=too\\ warm" in line for line in found["temperature_threshold"]))


if __name__ == "__main__":
    main()
