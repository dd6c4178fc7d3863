"""The presets of configs/presets, fed with lines as Telegraf's inputs write them: each is quiet on a quiet stretch, opens one
event for one planted fault, and forecasts what docs/presets.md promises."""

import collections
import math
import random

from forecastd_test import ROOT, TestCase, forecastd, main

MINUTE = 60 * 10**9
DAY = 1440  # minutes
CPU = "cpu,cpu={cpu},host=web1 usage_user={y},usage_system=5,usage_iowait=0,usage_idle=1 {time}\n"
MEM = "mem,host=web1 used_percent={y},available_percent=1,free=5i {time}\n"
DISK = "disk,device=sda1,fstype=ext4,host=web1,mode=rw,path=/ used_percent={y},inodes_used_percent=3,free=5i {time}\n"
NET = "net,host=web1,interface={interface} bytes_recv={y}i,bytes_sent=0i,err_in=0i,drop_in={drops}i,speed=-1i {time}\n"
ROOM = "temperature,sensor=kitchen temperature={y},battery=90 {time}\n"
SYSTEM = ("system,host=web1 load1={one},load5={y},load15={y},n_cpus=4i,n_users=0i {time}\n"
          "system,host=web1 uptime=1249632i {time}\n")
HTTP = ("http_response,host=web1,method=GET,result=success,server=http://shop,status_code={status} content_length=878i,"
        'http_response_code={status}i,response_time={y},result_code=0i,result_type="success" {time}\n')
HTTP_DOWN = ("http_response,host=web1,method=GET,result=connection_failed,server=http://shop result_code=3i,"
             'result_type="connection_failed" {time}\n')
CONTAINER = "container_image=shop,container_name=shop,container_status=running,container_version=1,engine_host=web1"
DOCKER_CPU = (f"docker_container_cpu,{CONTAINER},cpu={{cpu}},host=web1,source={{id}} usage_percent={{y}},"
              'container_id="{id}" {time}\n')
DOCKER_MEM = (f"docker_container_mem,{CONTAINER},host=web1,source={{id}} usage=5i,usage_percent={{y}},"
              'container_id="{id}" {time}\n')
BROKER = "mosquitto,host=web1,topic=$SYS/broker/{topic} value={y} {time}\n"


def time_of(line):
    return int(line.rsplit(" ", 1)[1])


class Presets(TestCase):
    def run_preset(self, name, lines):
        """What comes out beyond the originals: {measurement: [line]}. The originals come out as they went in."""
        lines = list(lines)
        config = ROOT / f"configs/presets/{name}.json"
        checked = forecastd("check", config)
        self.assertEqual((checked.returncode, checked.stderr), (0, b""))
        done = forecastd("run", config, stdin="".join(lines))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        out = done.stdout.decode().splitlines(keepends=True)
        found = collections.defaultdict(list)
        originals = []
        for line in out:
            measurement = line.split(",")[0]
            if measurement.startswith("forecastd"):
                found["own"].append(line)
            elif measurement.endswith(("_forecast", "_anomaly", "_threshold", "_event", "_state", "_anomaly_of_path")):
                found[measurement].append(line)
            else:
                originals.append(line)
        self.assertEqual(originals, "".join(lines).splitlines(keepends=True))
        # What the dashboards need: forecastd about itself, and the states of series that are judged.
        self.assertTrue(all(f",preset={name}" in line for line in found["own"]), found["own"])
        self.assertTrue(any(line.startswith("forecastd_state,") for line in found["own"]))
        self.assertTrue(any(measurement.endswith("_state") for measurement in found))
        return found

    def assert_one_event(self, events, begin, end, *parts):
        """One event opens, within the minutes from begin up to end, and its line has the parts."""
        opened = [line for line in events if 'state="open"' in line]
        self.assertEqual(len(opened), 1, "".join(opened))
        self.assertTrue(begin * MINUTE <= time_of(opened[0]) < end * MINUTE, opened[0])
        for part in parts:
            self.assertIn(part, opened[0])

    def test_cpu_with_a_job_each_night_and_one_that_is_not_usual(self):
        noise = random.Random(1)

        def usage(i):
            day = 20 + 15 * math.sin(2 * math.pi * i / DAY) + noise.gauss(0, 2)
            return day + (30 if 100 <= i % DAY < 130 else 0) + (45 if 5 * DAY + 600 <= i < 5 * DAY + 630 else 0)
        lines = [CPU.format(cpu=cpu, y=f"{usage(i):.3f}", time=i * MINUTE)
                 for i in range(0, 6 * DAY, 5) for cpu in ("cpu0", "cpu-total")]
        found = self.run_preset("cpu", lines)
        first = [line for line in found["cpu_event"] if time_of(line) < 2 * DAY * MINUTE]
        self.assertLessEqual(sum('state="open"' in line for line in first), 2)  # the first two nights are news
        self.assert_one_event([line for line in found["cpu_event"] if line not in first], 5 * DAY + 600, 5 * DAY + 630,
                              "cpu=cpu-total,", "field=usage_user")
        self.assertTrue(all(",cpu=cpu-total," in line for line in found["cpu_forecast"]))

    def test_mem_that_jumps(self):
        noise = random.Random(2)
        used = (40 + (25 if i >= 1000 else 0) + noise.gauss(0, 0.1) for i in range(1200))
        found = self.run_preset("mem", (MEM.format(y=f"{y:.3f}", time=i * MINUTE) for i, y in enumerate(used)))
        self.assert_one_event(found["mem_event"], 1000, 1003, 'direction="above_expected"')

    def test_mem_that_leaks(self):
        found = self.run_preset("mem", (MEM.format(y=20 + 0.1 * i + 0.05 * (i % 2), time=i * MINUTE) for i in range(500)))
        self.assertEqual(found["mem_event"], [])
        last = found["mem_threshold"][-1]  # at 495 min: 69.5, and 25.5 to go at 0.1 a minute
        seconds = float(last.split("time_to_threshold_s=")[1].split(",")[0])
        self.assertTrue(last.endswith(f" {495 * MINUTE}\n"))
        self.assertAlmostEqual(seconds / 60, 255, delta=10)

    def test_disk_that_fills_and_is_written_at_once(self):
        # 0.5 percent an hour for four days, then 20 percent within ten minutes.
        lines = [DISK.format(y=f"{30 + 0.5 * i / 60 + 0.02 * (i % 7) + (20 if i >= 5700 else 0):.3f}", time=i * MINUTE)
                 for i in range(0, 4 * DAY, 10)]
        found = self.run_preset("disk", lines)
        self.assert_one_event(found["disk_event"], 5700, 5720, "field=used_percent")
        full = [line for line in found["disk_threshold"]
                if ",threshold=full " in line and time_of(line) < 5700 * MINUTE]
        self.assertTrue(all(",field=used_percent," in line for line in found["disk_threshold"]))  # inodes stay at 3
        seconds = float(full[-1].split("time_to_threshold_s=")[1].split(",")[0])
        at = time_of(full[-1]) / 1e9
        self.assertAlmostEqual((at + seconds) / 3600, 140, delta=2)
        self.assertIn("time_to_threshold_s_upper=", full[-1])

    def test_disk_that_is_cleaned_each_night_is_not_told_to_fill(self):
        # Ten percent a day from 60 up, and back at midnight. A cleanup that were learned in part would leave a trend.
        made = random.Random(3)
        lines = [DISK.format(y=f"{60 + 10 * (i % DAY) / DAY + made.gauss(0, 0.1):.3f}", time=i * MINUTE)
                 for i in range(0, 14 * DAY, 10)]
        late = [line for line in self.run_preset("disk", lines)["disk_threshold"] if time_of(line) > 4 * DAY * MINUTE]
        self.assertLess(len(late), 48)  # of 240 hours and two thresholds: 20

    def test_net_that_bursts_drops_and_begins_again(self):
        rate = lambda i: 50_000_000 if 2000 <= i < 2020 else 1_000_000 + 1000 * (i % 5)  # noqa: E731
        total, drops, lines = 0, 0, []
        for i in range(0, 5000, 5):
            total += 300 * rate(i)
            drops += 3000 if 4500 <= i < 4520 else 0
            if i == 1500:
                total = drops = 0
            lines += [NET.format(interface=name, y=total, drops=drops, time=i * MINUTE) for name in ("eth0", "lo")]
        found = self.run_preset("net", lines)
        self.assertTrue(all("interface=eth0" in line for line in found["net_event"]))
        self.assert_one_event([line for line in found["net_event"] if "field=bytes_recv" in line], 2000, 2030)
        self.assert_one_event([line for line in found["net_event"] if "field=bytes_recv" not in line], 4500, 4520,
                              "field=drop_in")
        self.assertTrue(all("yhat=-" not in line for line in found["net_forecast"]))

    def test_temperature_that_falls_and_a_sensor_that_is_lost(self):
        noise = random.Random(3)
        room = lambda i: 20 + noise.gauss(0, 0.1) - max(0, i - 500) * 0.2  # noqa: E731
        lines = [ROOM.format(y=-127 if i == 200 else f"{room(i):.2f}", time=i * MINUTE) for i in range(590)]
        found = self.run_preset("temperature-mqtt", lines)
        self.assertEqual(sum(" y=-127," in line for line in found["temperature_anomaly"]), 1)
        self.assert_one_event([line for line in found["temperature_event"] if time_of(line) > 400 * MINUTE], 502, 530,
                              'direction="below_expected"')
        frost = [line for line in found["temperature_threshold"] if ",threshold=frost " in line]
        self.assertTrue(frost)
        self.assertGreaterEqual(min(map(time_of, frost)), 500 * MINUTE)
        self.assertFalse(any("threshold=too\\ warm" in line for line in found["temperature_threshold"]))

    def test_system_with_a_load_that_is_new(self):
        noise, lines, load = random.Random(4), [], 0.5
        for i in range(3 * DAY):
            load += 0.2 * (0.5 + 0.3 * math.sin(2 * math.pi * i / DAY) - load) + noise.gauss(0, 0.05)
            y = load + (9 if 4000 <= i < 4030 else 0)
            lines.append(SYSTEM.format(one=f"{2 * y:.2f}", y=f"{y:.2f}", time=i * MINUTE))
        found = self.run_preset("system", lines)
        self.assert_one_event(found["system_event"], 4000, 4005, "field=load5")
        self.assertTrue(all("field=load15" in line for line in found["system_forecast"]))

    def http(self, change):
        """Answers for three days; change gives what is written in place of minute i, or None."""
        noise = random.Random(5)
        lines = []
        for i in range(3 * DAY):
            usual = HTTP.format(status=200, y=f"{0.05 * math.exp(noise.gauss(0, 0.3)):.4f}", time=i * MINUTE)
            lines.append(change(i) or usual)
        return self.run_preset("http-response", lines)["http_response_event"]

    def test_http_response_that_fails(self):
        events = self.http(lambda i: HTTP_DOWN.format(time=i * MINUTE) if 4000 <= i < 4010 else None)
        self.assert_one_event(events, 4001, 4002, "field=result_code", "server=http://shop")

    def test_http_response_that_is_an_error(self):
        events = self.http(lambda i: HTTP.format(status=503, y=0.05, time=i * MINUTE) if 4000 <= i < 4010 else None)
        self.assert_one_event(events, 4001, 4002, "field=http_response_code", "peak_value=503")

    def test_http_response_that_is_slow(self):
        events = self.http(lambda i: HTTP.format(status=200, y=3, time=i * MINUTE) if 4000 <= i < 4010 else None)
        self.assert_one_event(events, 4001, 4005, "field=response_time")

    def test_docker_containers_that_follow_each_other(self):
        # A container lives for 50 minutes: less than any detector's warm-up.
        noise, lines = random.Random(6), []
        for i in range(2 * DAY):
            for cpu in ("cpu0", "cpu-total"):
                y = (95 if 2000 <= i < 2020 else 20) + noise.gauss(0, 2)
                lines.append(DOCKER_CPU.format(cpu=cpu, id=f"{i // 50:012x}", y=f"{y:.2f}", time=i * MINUTE))
            y = (80 if 2500 <= i < 2520 else 30) + noise.gauss(0, 0.2)
            lines.append(DOCKER_MEM.format(id=f"{i // 50:012x}", y=f"{y:.2f}", time=i * MINUTE))
        found = self.run_preset("docker", lines)
        self.assert_one_event(found["docker_container_cpu_event"], 2001, 2005,
                              "container_name=shop,cpu=cpu-total,engine_host=web1,")
        self.assert_one_event(found["docker_container_mem_event"], 2501, 2505, "container_name=shop,engine_host=web1,")

    def test_mosquitto_that_loses_its_clients(self):
        # What has not changed is not published.
        noise, lines, last = random.Random(7), [], {}
        for i in range(3 * DAY):
            lost = 4000 <= i < 4020
            for topic, y in {"load/messages/received/1min": f"{(5 if lost else 300) + noise.gauss(0, 5):.2f}",
                             "clients/connected": 2 if lost else 40 + (i // 10) % 2}.items():
                if last.get(topic) != y:
                    lines.append(BROKER.format(topic=topic, y=y, time=i * MINUTE))
                last[topic] = y
        found = self.run_preset("mosquitto", lines)
        for topic in ("load/messages/received/1min", "clients/connected"):
            self.assert_one_event([line for line in found["mosquitto_event"] if topic in line], 4000, 4005)


if __name__ == "__main__":
    main()
