"""What must be so of the detectors on small made-up series, without any other folder: detection.py --check."""

import math
import random


def made_up():
    """{series: (values, the points of its incident)}: noise with a day in it, by minutes."""
    rng = random.Random(4)
    result = {}
    for name, change in {"spike": lambda i, x: x + 40 if i == 6000 else x, "shift": lambda i, x: x + 25 if 6000 <= i < 6200 else x,
                         "still": lambda i, x: 30.0 if 6000 <= i < 6060 else x, "quiet": lambda i, x: x}.items():
        wander, values = 0.0, []
        for i in range(4 * 1440 + 1440):
            wander = 0.9 * wander + rng.gauss(0, 0.8)
            values.append(change(i, 40 + 10 * math.sin(2 * math.pi * i / 1440) + wander + rng.gauss(0, 1)))
        result[name] = (values, range(6000, 6100))
    return result


def check(host):
    """A spike, a shift and a quiet series, for each detector; and the form of what comes out."""
    series = made_up()
    lines = "".join(f"made,series={name} value={values[i]!r} {1_700_006_400 + 60 * i}000000000\n"
                    for i in range(7200) for name, (values, _) in series.items())
    for plugin, params, found in (("novelty", {}, {"spike", "shift"}), ("novelty", {"form": "lean"}, {"spike", "shift"}),
                                  ("mad", {}, {"spike"}), ("quantile", {}, {"spike"})):
        out = host.folder / "check.out"
        host.run({"detect": {"plugin": plugin, "params": params, "emit": "all"}}, lines, out)
        alarms = {name: [] for name in series}
        for line in out.read_text().splitlines():
            if "is_anomaly=true" in line:
                name = line.split("series=")[1].split(" ")[0]
                alarms[name].append(int(line.rsplit(" ", 1)[1]) // 60_000_000_000 - 1_700_006_400 // 60)
                if plugin == "novelty" and 'reason="' not in line:
                    raise SystemExit(f"check failed: an alarm of novelty without its reason: {line}")
        for name, (_, incident) in series.items():
            inside = [i for i in alarms[name] if i in incident]
            outside = [i for i in alarms[name] if not 6000 <= i < 6330]
            if name in found and not inside:
                raise SystemExit(f"check failed: {plugin} {params} does not find the {name}; its alarms: {alarms[name]}")
            if len(outside) > 5:
                raise SystemExit(f"check failed: {plugin} {params} gives {len(outside)} false alarms on {name}: {outside[:20]}")
        print(f"{plugin} {params}: found {sorted(found)}")
