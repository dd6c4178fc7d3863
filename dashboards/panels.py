"""The panels of the dashboards: what each answers, and how it is drawn. The queries, by the panel's key, are the languages'."""

import dataclasses


@dataclasses.dataclass
class Panel:
    key: str
    title: str
    answers: str
    kind: str = "timeseries"  # or "stat", "table"
    unit: str = "short"
    width: int = 12
    height: int = 8
    repeat: str = ""  # a panel for each value of this variable
    style: str = "lines"  # or "bars", "points", "band"
    limit: float = None  # a line there
    columns: dict = dataclasses.field(default_factory=dict)  # of a table: column: unit


ROWS = {
    "Now": [
        Panel("events_open", "Events open", "How many incidents are open now, of all series; those without data are "
              "counted as silent.", "stat", width=4, height=7),
        Panel("watching", "Watched, warming up, failing",
              "How many series are watched now, how many are not yet, and how many cannot be.", "stat", width=8, height=7),
        Panel("limits_now", "Time to limit", "Which series is forecast to reach a limit, and when: as expected, at the earliest, and "
              "at the latest. No latest time: the trend may be no more than noise.", "table", width=12, height=7,
              columns={"expected": "s", "earliest": "s", "latest": "s"}),
        Panel("open_events", "Events that are open", "What is wrong now, since when, and why forecastd says so.", "table", width=24,
              height=7, columns={"duration_s": "s"}),
    ],
    "$measurement: $field": [
        Panel("series", "$value", "What came, what was forecast for that time and for the time to come, with its interval; "
              "anomalies; limits that the forecast crosses; events as marks.", width=24, height=10, repeat="value", style="band"),
        Panel("scores", "Scores of anomalies", "How far each anomaly lay beyond what is usual: 1 is the detector's limit.",
              style="points", limit=1),
        Panel("limits", "Time to limit over time", "How long until the forecast crosses a limit, as that was seen at each time.",
              unit="s"),
        Panel("events", "Events", "Where incidents opened, became worse and closed, and why.", "table", width=24,
              columns={"duration_s": "s"}),
    ],
    "How good are the forecasts?": [
        Panel("accuracy_now", "By pipeline and lead", "How far forecasts were from what came, by how far ahead they looked. mase below "
              "1: better than repeating the last value.", "table", width=24, columns={"coverage_95": "percentunit"}),
        Panel("mase", "Error beside that of the last value", "Whether the model is worth it: below 1 it is better than repeating the "
              "last value.", limit=1),
        Panel("coverage", "Values inside the 95 % interval", "Whether intervals hold what they promise: 95 % is the aim.",
              unit="percentunit", limit=0.95),
    ],
    "What is watched?": [
        Panel("pipelines", "Pipelines", "Of each pipeline, how many series are watched, warm up, fail or are silent, and why none is "
              "watched.", "table", width=12),
        Panel("states", "State of each series", "The state of each series, since when, and why, where a preset or output.state "
              "writes it.", "table", width=12),
    ],
    "forecastd itself": [
        Panel("points", "What goes through", "Points and values a second, in and out.", unit="cps"),
        Panel("bytes", "Bytes", "Bytes a second, in and out.", unit="Bps"),
        Panel("unused", "Values that are not used", "Values that were late, crowded or otherwise neither judged nor learned, and missing "
              "steps.", style="bars"),
        Panel("bad", "Lines that are wrong", "Lines that are no line protocol, and their bytes.", style="bars"),
        Panel("alarms", "Anomalies, events, labels", "How many there were.", style="bars"),
        Panel("plugins", "Plugins that failed", "Series that were set aside, crashes, and series that began again.", style="bars"),
        Panel("room", "Limits", "Series and names without room, and series that were forgotten, gave way or came back.", style="bars"),
        Panel("saved", "What is saved", "Snapshots, those that could not be written, and series that were restored.", style="bars"),
        Panel("memory", "Memory", "Of the series and their names, and of the whole processes.", unit="bytes"),
        Panel("followed", "Series followed", "How many are followed: a rise without end means tags that come and go."),
        Panel("costs", "Time of the plugins", "Nanoseconds in a plugin for a value, and for a forecast.", unit="ns", width=24),
    ],
}
