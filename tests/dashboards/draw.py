#!/usr/bin/env python3
"""Draws what the dashboard shows with the presets' made-up data, into docs/dashboards/*.png.

    draw.py

A Grafana is not there, so the look is matplotlib's; what is drawn is what the panels' queries in InfluxQL find in a real InfluxDB.
"""

import io
import pathlib
import tempfile

import matplotlib
from PIL import Image

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

import paths  # noqa: E402, F401
import grafana  # noqa: E402
from influxql_store import InfluxqlStore  # noqa: E402
from presets_run import run_presets  # noqa: E402

FOLDER = paths.ROOT / "docs/dashboards"
HOUR = 3600
SERIES = [("cpu", "usage_user", "web1", "1h"), ("mem", "used_percent", "web1", "1h"), ("disk", "used_percent", "web1", "6h"),
          ("net", "bytes_recv", "web1", "1h"), ("system", "load5", "web1", None), ("http_response", "response_time", "web1", None),
          ("temperature", "temperature", "home", "30m"), ("mosquitto", "value", "web1", None)]
VALUES = {"http_response": "http://blog", "temperature": "kitchen", "mosquitto": "$SYS/broker/clients/connected"}
COLUMNS = {
    "Time to limit": ["host", "field", "path", "threshold", "expected", "earliest", "latest"],
    "Events that are open": ["time", "host", "field", "cpu", "sensor", "server", "state", "peak_value", "peak_score", "reason"],
    "Events": ["time", "host", "state", "peak_value", "peak_score", "duration_s", "reason"],
    "By pipeline and lead": ["pipeline", "algorithm", "lead", "mase", "mae", "bias", "coverage_95", "width_95", "points"],
    "Pipelines": ["preset", "pipeline", "watched", "warming_up", "failing", "silent", "used", "late"],
    "State of each series": ["time", "host", "field", "path", "sensor", "server", "state", "reason"],
}
SECONDS = ("expected", "earliest", "latest", "duration_s")


def duration(seconds):
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


class Drawing:
    def __init__(self, board, now):
        self.board, self.now = board, now
        self.view = grafana.View(now - 24 * HOUR, now + 6 * HOUR, 120)

    def hours(self, points):
        return [(at - self.now) / HOUR for at, _ in points], [value for _, value in points]

    def text(self, column, value):
        if value is None or value == "":
            return ""
        if column == "time":
            return f"{(self.now - value / 1000) / HOUR:.1f} h ago"
        if column in SECONDS:
            return duration(value)
        return f"{value:.4g}" if isinstance(value, float) else str(value)[:46]

    def frames(self, panel, values):
        return [frame for frames in self.board.ask(panel, values, self.view) for frame in frames]

    def series(self, axes, values, title):
        panel = {**self.board.panel("$value"), "repeat": None}
        bounds = {}
        for frame in self.frames(panel, values):
            x, y = self.hours(frame.points)
            if frame.name in ("lower", "upper"):
                bounds[frame.name] = dict(zip(x, y))
            elif frame.name == "anomaly":
                axes.plot(x, y, "o", color="red", markersize=4, label="anomaly", zorder=5)
            else:
                style = {"observed": {"color": "green"}, "forecast": {"color": "tab:blue", "linestyle": "--"}}
                axes.plot(x, y, label=frame.name, linewidth=1, **style.get(frame.name, {"color": "orange"}))
        both = sorted(set(bounds.get("lower", ())) & set(bounds.get("upper", ())))
        if both:
            axes.fill_between(both, [bounds["lower"][x] for x in both], [bounds["upper"][x] for x in both], color="tab:blue", alpha=0.2)
        for name, frames in self.board.annotations(values, self.view):
            for row in (row for frame in frames for row in frame.rows):
                axes.axvline((row["time"] / 1000 - self.now) / HOUR, color="red" if "open" in name else "green", alpha=0.5,
                             linestyle=":")
        axes.axvline(0, color="gray", linewidth=0.5)
        axes.set_title(title, fontsize=9)
        axes.legend(fontsize=6, loc="upper left")

    def lines(self, axes, panel, values):
        style = panel["fieldConfig"]["defaults"]["custom"].get("drawStyle", "line")
        for frame in self.frames(panel, values):
            x, y = self.hours(frame.points)
            if style == "bars":
                axes.bar(x, y, width=2, label=frame.name)
            else:
                axes.plot(x, y, "o" if style == "points" else "-", markersize=3, linewidth=1, label=frame.name)
        axes.set_title(panel["title"], fontsize=9)
        if len(axes.get_legend_handles_labels()[1]) <= 10:
            axes.legend(fontsize=5, loc="upper left")

    def table(self, axes, panel, values, most=12):
        rows = [row for frame in self.frames(panel, values) for row in frame.rows]
        columns = [name for name in COLUMNS[panel["title"]] if any(row.get(name) not in (None, "") for row in rows)]
        cells = [[self.text(name, row.get(name)) for name in columns] for row in rows[:most]]
        axes.axis("off")
        axes.set_title(f"{panel['title']}{f' (the first {most} of {len(rows)})' if len(rows) > most else ''}", fontsize=9)
        drawn = axes.table(cells, colLabels=columns, loc="upper center", cellLoc="left")
        drawn.auto_set_font_size(False)
        drawn.set_fontsize(7)
        drawn.auto_set_column_width(range(len(columns)))

    def numbers(self, axes, panel, values):
        frames = self.frames(panel, values)
        axes.axis("off")
        axes.set_title(panel["title"], fontsize=9)
        for i, frame in enumerate(frames):
            value = frame.points[-1][1]
            bad = frame.name in ("failing", "silent", "events_open") and value > 0
            axes.text((i + 0.5) / len(frames), 0.6, f"{value:g}", ha="center", fontsize=20, color="red" if bad else "green")
            axes.text((i + 0.5) / len(frames), 0.3, frame.name, ha="center", fontsize=7)

    def any(self, axes, title, values):
        panel = self.board.panel(title)
        {"timeseries": self.lines, "table": self.table, "stat": self.numbers}[panel["type"]](axes, panel, values)


def saved(figure, name):
    FOLDER.mkdir(exist_ok=True)
    figure.tight_layout()
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=85)
    plt.close(figure)
    Image.open(drawn).convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)


def draw(board, now):
    drawing = Drawing(board, now)
    values = board.selection()

    figure = plt.figure(figsize=(13, 6))
    grid = figure.add_gridspec(2, 4)
    drawing.any(figure.add_subplot(grid[0, 0]), "Events open", values)
    drawing.any(figure.add_subplot(grid[0, 1:3]), "Watched, warming up, failing", values)
    drawing.any(figure.add_subplot(grid[0, 3]), "Scores of anomalies", board.selection(measurement="mosquitto"))
    drawing.any(figure.add_subplot(grid[1, :2]), "Time to limit", values)
    drawing.any(figure.add_subplot(grid[1, 2:]), "Time to limit over time", board.selection(measurement="disk", field="used_percent"))
    saved(figure, "now")

    figure, axes = plt.subplots(figsize=(13, 2.4))
    drawing.any(axes, "Events that are open", values)
    saved(figure, "events")

    figure, axes = plt.subplots(4, 2, figsize=(13, 13))
    for place, (measurement, field, host, lead) in zip(axes.flat, SERIES):
        more = {"value": VALUES[measurement]} if measurement in VALUES else {"lead": lead} if lead else {}
        chosen = board.selection(measurement=measurement, field=field, host=host, **more)
        chosen["value"] = chosen["value"][:1]
        if lead:
            chosen["lead"] = [lead]
        drawing.series(place, chosen, f"{measurement}: {field}, {chosen['value'][0]}{f', {lead} ahead' if lead else ''}")
    axes[-1, 0].set_xlabel("hours from now")
    saved(figure, "series")

    figure = plt.figure(figsize=(13, 10))
    grid = figure.add_gridspec(3, 2)
    drawing.any(figure.add_subplot(grid[0, :]), "By pipeline and lead", values)
    drawing.any(figure.add_subplot(grid[1, 0]), "Error beside that of the last value", values)
    drawing.any(figure.add_subplot(grid[1, 1]), "Values inside the 95 % interval", values)
    drawing.any(figure.add_subplot(grid[2, 0]), "Pipelines", values)
    drawing.any(figure.add_subplot(grid[2, 1]), "State of each series", values)
    saved(figure, "forecasts")

    titles = [panel["title"] for panel in grafana.panels(board.json)][-11:]
    # The presets' own metrics are 90 minutes apart here, not one.
    drawing.view = grafana.View(now - 60 * HOUR, now + 6 * HOUR, 3 * HOUR)
    figure, axes = plt.subplots(4, 3, figsize=(13, 11))
    for place, title in zip(axes.flat, titles):
        drawing.any(place, title, values)
    axes.flat[-1].axis("off")
    saved(figure, "itself")


def main():
    with tempfile.TemporaryDirectory() as folder:
        store = InfluxqlStore(pathlib.Path(folder))
        try:
            lines, telemetry = run_presets()
            store.write(lines)
            draw(grafana.Board("influxql", store, telemetry.end), telemetry.end)
        finally:
            store.stop()


if __name__ == "__main__":
    main()
