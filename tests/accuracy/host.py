"""A forecaster run by the host itself: line protocol in, forecasts out."""

import collections
import json
import os
import re
import subprocess
import threading

import lead_score

SECOND = 1_000_000_000
LINE = re.compile(r"[^,]+_forecast,(?:.*,)?series=((?:[^, \\]|\\.)+)\S* (\S+) (-?\d+)$")
FIELDS = ("yhat", "yhat_lower_80", "yhat_upper_80", "yhat_lower", "yhat_upper")


def config(series, mode, plugin_of, learn):
    """A pipeline for all series that need the same. A task's forecast is wanted from its last point alone: an `emit_every`
    that is that point's very time, counted from 1970, comes due there for the first time after the first point."""
    groups = collections.defaultdict(list)
    for s in series:
        plugin, params = plugin_of(s)
        forecast = {"plugin": plugin, "params": params, "level": [80, 95], "learn_from_anomalies": learn}
        if mode == "tasks":
            late = (s.last_slot_ns - s.last_ns) // (s.interval_s * SECOND)
            forecast.update(horizon=s.horizon + late, emit_every=f"{s.last_ns // SECOND}s")
        else:
            leads = sorted({*s.leads, *lead_score.LEADS})
            forecast.update(horizon=max(leads), forecast_at=leads)
        groups[s.interval_s, json.dumps(forecast)].append(s.id)
    return {"pipelines": [{"interval": f"{interval_s}s", "tagpass": {"series": ids}, "forecast": json.loads(forecast),
                           "output": {"passthrough": False}} for (interval_s, forecast), ids in groups.items()],
            "limits": {"max_memory": "4GB"}}


def check(forecastd, path):
    """None, or the sentences that say why the config cannot run."""
    run = subprocess.run([forecastd, "check", str(path)], capture_output=True, text=True, check=False)
    return None if run.returncode == 0 else run.stderr.strip()


def run(forecastd, path, lines, out, limit_s):
    """User seconds, and None, or what it complained of, why it was stopped, how it ended."""
    with open(lines, "rb") as stdin, open(out, "wb") as stdout, open(f"{out}.log", "w+") as log:
        process = subprocess.Popen([forecastd, "run", str(path)], stdin=stdin, stdout=stdout, stderr=log)
        stop = threading.Timer(limit_s, process.kill)
        stop.start()
        _, status, usage = os.wait4(process.pid, 0)
        stop.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)  # it was waited for here
        log.seek(0)
        trouble = log.read().strip()
    if process.returncode:
        trouble = f"ended with {process.returncode}, after {usage.ru_utime:.1f} s of {limit_s:.0f} s\n{trouble}"
    return usage.ru_utime, trouble or None


def forecasts(path, series, mode):
    """Two of {series id: {step ahead of the origin (tasks) or index of the point (streams): [mean, lo80, hi80, lo95, hi95]}}: from
    the nearest point, and, of streams, {series id: {lead in steps: {index: ...}}} for the leads that are scored."""
    by_id = {s.id: s for s in series}
    found, by_lead = {s.id: {} for s in series}, {s.id: collections.defaultdict(dict) for s in series}
    latest = {}
    with open(path) as lines:
        for line in lines:
            match = LINE.match(line)
            if not match and line.endswith("\n"):  # the last line of a host that was stopped may be cut
                raise SystemExit(f"no forecast: {line}")
            if not match:
                continue
            s = by_id[re.sub(r"\\(.)", r"\1", match[1])]
            fields = dict(pair.split("=") for pair in match[2].split(","))
            target, lead = int(match[3]), round(float(fields["lead_s"]) * SECOND)
            step = round((target - s.last_slot_ns) / (s.interval_s * SECOND))
            if mode == "tasks" and (target - lead < s.last_ns or step < 1):
                continue
            key = step if mode == "tasks" else s.last_index + step
            row = [float(fields[name]) for name in FIELDS if name in fields]
            steps = round(lead / (s.interval_s * SECOND))
            if mode == "streams" and steps in lead_score.LEADS:
                by_lead[s.id][steps][key] = row
            if mode == "streams" and latest.get((s.id, key), -1) > target - lead:
                continue  # a forecast of the same point from nearer is there
            latest[s.id, key] = target - lead
            found[s.id][key] = row
    return found, by_lead
