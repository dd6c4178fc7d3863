"""Made-up telemetry for every preset, in the shape that Telegraf's inputs write: the three days up to a moment, with something
wrong in each.

What is wrong, by measurement, in hours before the end; what reaches 0 is still so at the end:

    cpu                    web1 busy from 6 to 5.3; web2 busy from 0.4 to 0
    mem                    web1 leaks from 16 to 0, and is at 95 percent some two hours later; web2 jumps at 4
    disk                   / of web1 fills, and is full some two days later; /home is written at once at 5
    net                    much traffic from 3 to 2.3, drops from 8 to 7.7
    system                 a high load from 2 to 1.5
    http_response          the shop fails from 7 to 6.8 and from 0.15 to 0; the blog is slow from 10 to 9.8
    docker_container_cpu   the shop busy from 9 to 8.7
    docker_container_mem   the shop grows at 8.5 and is back at 8.2
    temperature            the kitchen cools from 1 to 0, and freezes some 40 minutes later; its sensor is lost for one value at 9;
                           the garage is silent from 0.7 to 0; the attic is new since 2
    mosquitto              most clients are gone from 5 to 4.7
"""

import math
import random

MINUTE = 60
HOUR = 3600
DAY = 86400


class Telemetry:
    """end: in seconds; every series ends there, or a step before."""

    def __init__(self, end, days=3, seed=1):
        self.end = end // 600 * 600
        self.begin = self.end - days * DAY
        self.seed = seed

    def lines(self, preset):
        """The lines for a preset, in the order of their times."""
        self.noise = random.Random(f"{preset} {self.seed}")
        return [f"{text} {t}000000000\n" for t, text in sorted(getattr(self, preset.replace("-", "_"))(), key=lambda pair: pair[0])]

    def times(self, step):
        return range(self.begin, self.end + 1, step)

    def wave(self, t, low, high):
        """Once a day, least at the end: the same at whichever hour that is."""
        return low + (high - low) * (0.5 - 0.5 * math.cos(2 * math.pi * (t - self.end) / DAY))

    def within(self, t, begin_hours, end_hours):
        """Whether t lies that many hours before the end."""
        return self.end - begin_hours * HOUR <= t <= self.end - end_hours * HOUR

    def cpu(self):
        for t in self.times(5 * MINUTE):
            for host, busy in (("web1", self.within(t, 6, 5.3)), ("web2", self.within(t, 0.4, 0))):
                user = self.wave(t, 10, 40) + self.noise.gauss(0, 2) + (45 if busy else 0)
                system, wait = 5 + self.noise.gauss(0, 0.5), max(0, 1 + self.noise.gauss(0, 0.3))
                yield t, (f"cpu,cpu=cpu-total,host={host} usage_user={user:.3f},usage_system={system:.3f},"
                          f"usage_iowait={wait:.3f},usage_idle={100 - user - system - wait:.3f}")

    def mem(self):
        for t in self.times(MINUTE):
            leak = 2.5 * max(0, t - self.end + 16 * HOUR) / HOUR
            for host, used in (("web1", 50 + leak), ("web2", 40 + (25 if self.within(t, 4, 0) else 0))):
                yield t, f"mem,host={host} used_percent={used + self.noise.gauss(0, 0.1):.3f},free=5i"

    def disk(self):
        for t in self.times(10 * MINUTE):
            hours = (t - self.end) / HOUR
            for host, path, device, used in (("web1", "/", "sda1", 78 + 0.4 * hours),
                                             ("web1", "/home", "sdb1", 30 + (20 if self.within(t, 5, 0) else 0)),
                                             ("web2", "/", "sda1", 40)):
                yield t, (f"disk,device={device},fstype=ext4,host={host},mode=rw,path={path} "
                          f"used_percent={used + self.noise.gauss(0, 0.1):.3f},inodes_used_percent=3,free=5i")

    def net(self):
        received, sent, dropped = 0, 0, 0
        for t in self.times(5 * MINUTE):
            rate = self.wave(t, 1e6, 4e6) * (1 + self.noise.gauss(0, 0.05)) + (2e7 if self.within(t, 3, 2.3) else 0)
            received += int(300 * rate)
            sent += int(300 * rate / 8)
            dropped += 3000 if self.within(t, 8, 7.7) else 0
            for name in ("eth0", "lo"):
                yield t, (f"net,host=web1,interface={name} bytes_recv={received}i,bytes_sent={sent}i,err_in=0i,err_out=0i,"
                          f"drop_in={dropped}i,drop_out=0i")

    def system(self):
        load = 0.5
        for t in self.times(MINUTE):
            load += 0.2 * (self.wave(t, 0.3, 1.2) - load) + self.noise.gauss(0, 0.05)
            now = load + (9 if self.within(t, 2, 1.5) else 0)
            yield t, f"system,host=web1 load1={2 * now:.2f},load5={now:.2f},load15={now:.2f},n_cpus=4i"
            yield t, f"system,host=web1 uptime={t - self.begin}i"

    def http_response(self):
        for t in self.times(MINUTE):
            for server in ("http://shop", "http://blog"):
                head = f"http_response,host=web1,method=GET,server={server}"
                if server == "http://shop" and (self.within(t, 7, 6.8) or self.within(t, 0.15, 0)):
                    yield t, f'{head},result=connection_failed result_code=3i,result_type="connection_failed"'
                    continue
                seconds = 3 if server == "http://blog" and self.within(t, 10, 9.8) else 0.05 * math.exp(self.noise.gauss(0, 0.3))
                yield t, (f"{head},result=success,status_code=200 content_length=878i,http_response_code=200i,"
                          f'response_time={seconds:.4f},result_code=0i,result_type="success"')

    def docker(self):
        for t in self.times(MINUTE):
            for name, cpu, mem in (("shop", 95 if self.within(t, 9, 8.7) else 20, 80 if self.within(t, 8.5, 8.2) else 30),
                                   ("db", 10, 60)):
                # A container lives for a day.
                tags = (f"container_image={name},container_name={name},container_status=running,container_version=1,"
                        f"engine_host=web1,host=web1,source={t // DAY:012x}")
                yield t, f"docker_container_cpu,cpu=cpu-total,{tags} usage_percent={cpu + self.noise.gauss(0, 2):.2f}"
                yield t, f"docker_container_mem,{tags} usage=5i,usage_percent={mem + self.noise.gauss(0, 0.2):.2f}"

    def temperature_mqtt(self):
        for t in self.times(MINUTE):
            kitchen = 20 - 0.2 * max(0, t - self.end + HOUR) / MINUTE + self.noise.gauss(0, 0.1)
            if self.within(t, 9, 8.99):
                kitchen = -127
            yield t, f"temperature,host=home,sensor=kitchen temperature={kitchen:.2f},battery=90"
            yield t, f"temperature,host=home,sensor=cellar temperature={12 + self.noise.gauss(0, 0.05):.2f},battery=80"
            if self.within(t, 2, 0):
                yield t, f"temperature,host=home,sensor=attic temperature={15 + self.noise.gauss(0, 0.1):.2f}"
            if not self.within(t, 0.7, 0):
                yield t, f"temperature,host=home,sensor=garage temperature={self.wave(t, 2, 9) + self.noise.gauss(0, 0.1):.2f}"

    def mosquitto(self):
        last = {}
        for t in self.times(MINUTE):
            lost = self.within(t, 5, 4.7)
            for topic, y in {"load/messages/received/1min": f"{(5 if lost else 300) + self.noise.gauss(0, 5):.2f}",
                             "load/messages/sent/1min": f"{(9 if lost else 900) + self.noise.gauss(0, 9):.2f}",
                             "clients/connected": 2 if lost else 40 + t // 600 % 2}.items():
                if last.get(topic) != y:  # what has not changed is not published
                    yield t, f"mosquitto,host=web1,topic=$SYS/broker/{topic} value={y}"
                last[topic] = y
