"""The part presets of detection.py: quiet telemetry in the shape of each preset's input, and the events that it raises.

The values of quiet.py are scaled to the unit of a preset where a kind fits it, such as half a day of requests to bytes a
second; the other kinds are given as they are. Both have the same aim: at most one event a day and series.
"""

import collections
import dataclasses
import json
import pathlib
import re

from detection_host import opened
from detection_quiet import make, worst_of

PRESETS = pathlib.Path(__file__).resolve().parents[2] / "configs/presets"


@dataclasses.dataclass
class Shape:
    preset: str
    field: str
    line: str  # measurement and tags; {host} tells the series apart
    fitting: dict  # kind: what its values are multiplied by
    other: float = 1.0  # the same for the kinds that do not fit
    is_counter: bool = False
    name: str = ""  # in the table, after the preset's; left out: the field


SHAPES = [
    Shape("cpu", "usage_user", "cpu,cpu=cpu-total,host={host}",
          {"diurnal_cpu": 1, "nightly_job": 1, "hourly_batch": 1, "square_day": 1, "switching_level": 1}),
    Shape("mem", "used_percent", "mem,host={host}",
          {"memory": 1, "gc_sawtooth": 0.1, "diurnal_cpu": 1, "square_day": 1}),
    Shape("disk", "used_percent", "disk,device=sda1,host={host},path=/",
          {"memory": 1, "gc_sawtooth": 0.1, "random_walk": 0.05, "constant": 1, "near_constant": 1}),
    Shape("net", "bytes_recv", "net,host={host},interface=eth0",
          {"diurnal_requests": 1e5, "weekly": 1e4, "sparse_bursts": 1e6, "hourly_batch": 1e5}, 1e5, True),
    Shape("net", "err_in", "net,host={host},interface=eth0",
          {"rare_errors": 1, "low_counts": 1, "sparse_bursts": 1, "constant": 0}, 1, True),
    Shape("temperature-mqtt", "temperature", "temperature,host={host},sensor=kitchen",
          {"temperature_fine": 1, "temperature_coarse": 1, "memory": 0.4, "near_constant": 1}, 0.03),
    Shape("system", "load5", "system,host={host}",
          {"diurnal_cpu": 0.1, "nightly_job": 0.1, "hourly_batch": 0.1, "spiky": 1}),
    Shape("http-response", "response_time",
          "http_response,host={host},method=GET,result=success,server=http://a,status_code=200",
          {"latency": 0.001, "diurnal_requests": 0.001, "spiky": 0.01}),
    Shape("docker", "usage_percent", "docker_container_cpu,container_name=web,cpu=cpu-total,host={host}",
          {"diurnal_cpu": 1, "duty_cycle": 0.1, "hourly_batch": 1, "spiky": 1, "switching_level": 1}, name="cpu"),
    Shape("docker", "usage_percent", "docker_container_mem,container_name=web,host={host}", {"memory": 1, "gc_sawtooth": 0.1},
          name="mem"),
    Shape("mosquitto", "value", "mosquitto,host={host},topic=$SYS/broker/load/messages/received/1min",
          {"diurnal_requests": 1, "weekly": 1, "low_counts": 1, "sparse_bursts": 1}, name="messages"),
    Shape("mosquitto", "value", "mosquitto,host={host},topic=$SYS/broker/clients/connected",
          {"constant": 1, "near_constant": 1, "switching_level": 1}, name="clients"),
]


def load(name):
    """The pipelines of a preset; its comments end lines, and no string in it holds '//'."""
    return json.loads(re.sub(r"//.*", "", (PRESETS / f"{name}.json").read_text()))["pipelines"]


def shaped(made, shape):
    """The lines of quiet.py as the preset's input would write them."""
    totals, heads, lines = collections.Counter(), {}, []
    with open(made, encoding="utf-8") as file:
        for line in file:
            head, field, time = line.rstrip("\n").split(" ")
            if head not in heads:
                _, kind, series = (part.split("=")[-1] for part in head.split(","))
                heads[head] = (shape.line.format(host=f"{kind}.{series}"), shape.fitting.get(kind, shape.other))
            text, scale = heads[head]
            value = float(field[6:]) * scale
            if shape.is_counter:
                totals[head] += max(0.0, value) * 60
                lines.append(f"{text} {shape.field}={int(totals[head])}i {time}\n")
            else:
                lines.append(f"{text} {shape.field}={value!r} {time}\n")
            if len(lines) == 10000:
                yield "".join(lines)
                lines = []
    yield "".join(lines)


def presets(host, shared, table, days, seeds):
    counts = [collections.Counter() for _ in SHAPES]
    for seed in range(1, seeds + 1):
        made, out = make(host, shared, days, 1, seed), host.folder / "presets.out"
        for shape, found in zip(SHAPES, counts):
            host.run(load(shape.preset), shaped(made, shape), out)
            found.update(opened(out, r"host=([a-z_]+)\.\d"))
    for shape, found in zip(SHAPES, counts):
        rates = {kind: events / days / seeds for kind, events in found.items()}
        name = f"{shape.preset} {shape.name or shape.field}"
        for what, chosen in (("fit", True), ("do not fit", False)):
            text, worst = worst_of({kind: rate for kind, rate in rates.items() if (kind in shape.fitting) == chosen})
            table.add("presets", f"{name}, kinds that {what}; {text}", worst, 1, at_most=True)
