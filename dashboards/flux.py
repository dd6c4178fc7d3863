"""The queries in Flux: InfluxDB 2."""

import influxql
from parts import A_COUNTER, NO_COUNTER, OTHER_TAGS, Annotation, Query, Variable, rules

NAME = "flux"
TITLE = "InfluxDB 2 with Flux"
DATASOURCE = "influxdb"
MACROS = ()  # the times come as v.timeRangeStart, v.timeRangeStop and v.windowPeriod

SCHEMA = 'import "influxdata/influxdb/schema"\n'
OURS = "r._measurement =~ /^${measurement:regex}_(forecast|anomaly|state|event|threshold)$/"
# A tag that a series does not have is matched by the empty text.
HOST = '(if exists r.host then r.host else "") == "${host}"'
SERIES = f'{HOST} and (if exists r["${{tag}}"] then r["${{tag}}"] else "") =~ /^${{value:regex}}$/'
FIELD = f'r.field == "${{field}}" and {SERIES}'
LEAD = '(if exists r.lead then r.lead else "") == "${lead}"'
VIEW = "range(start: v.timeRangeStart, stop: v.timeRangeStop)"


def tag_values(tag, predicate):
    return f'{SCHEMA}schema.tagValues(bucket: "${{bucket}}", tag: "{tag}", predicate: (r) => {predicate})'


OF_FIELD = f'{OURS} and r.field == "${{field}}"'
VARIABLES = [
    Variable("bucket", "Bucket", 'buckets() |> filter(fn: (r) => r.name !~ /^_/) |> rename(columns: {name: "_value"}) '
             '|> keep(columns: ["_value"])'),
    Variable("measurement", "Measurement", f'{SCHEMA}schema.measurements(bucket: "${{bucket}}")',
             "/^(?!forecastd_)(.*)_(?:forecast|anomaly|state)$/"),
    Variable("field", "Field", tag_values("field", OURS)),
    Variable("host", "Host", tag_values("host", OF_FIELD)),
    Variable("tag", "Series by", f'{SCHEMA}schema.tagKeys(bucket: "${{bucket}}", predicate: (r) => {OURS})',
             f"/^(?!(?:{OTHER_TAGS}|_.*)$).*$/", backwards=True),
    Variable("value", "Series", tag_values("${tag}", f"{OF_FIELD} and {HOST}"), many=True),
    Variable("lead", "Forecast", tag_values("lead", 'r._measurement == "${measurement}_forecast"')),
    Variable("gauge", "", tag_values("field", OF_FIELD), NO_COUNTER, hidden=True),
    Variable("counter", "", tag_values("field", OF_FIELD), A_COUNTER, hidden=True),
    Variable("pipeline", "Pipelines", tag_values("pipeline", 'r._measurement == "forecastd_state"'), many=True),
    Variable("counters", "Counters", options={"a second": "a second", "as they are": "as they are"}),
]


def data(where, window=VIEW):
    return f'from(bucket: "${{bucket}}")\n  |> {window}\n  |> filter(fn: (r) => {where})'


def of(kind):
    return f'r._measurement == "${{measurement}}_{kind}" and {FIELD}'


def named(name, function="mean"):
    """One frame of that name: what is drawn has one series, and where several fit, their mean."""
    return (f'\n  |> group()\n  |> sort(columns: ["_time"]){thinned(function)}'
            f'\n  |> map(fn: (r) => ({{_time: r._time, _value: r._value, _field: "{name}"}}))\n  |> group(columns: ["_field"])')


def thinned(function="mean"):
    return f"\n  |> aggregateWindow(every: v.windowPeriod, fn: {function}, createEmpty: false)"


def in_columns(*fields):
    """Rows with the fields as columns, without what Flux adds."""
    columns = ", ".join(f'"{name}"' for name in ("_start", "_stop"))
    return f'\n  |> drop(columns: [{columns}])\n  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")'


def any_of(*fields):
    return "(" + " or ".join(f'r._field == "{name}"' for name in fields) + ")"


PIPELINE = "r.pipeline =~ /^${pipeline:regex}$/"
PREVIOUS = "\n  |> fill(usePrevious: true)\n  |> filter(fn: (r) => r._time <= now())"
TOTAL = ('\n  |> group(columns: ["_field", "_time"])\n  |> sum()\n  |> group(columns: ["_field"])'
         '\n  |> sort(columns: ["_time"])')


def every_step(function):
    return f"\n  |> aggregateWindow(every: v.windowPeriod, fn: {function}, createEmpty: true)"


def of_itself(fields, each):
    """Of what each process writes for itself, the total of each field."""
    return [Query(data(f'r._measurement == "forecastd" and {any_of(*fields)}') + each + TOTAL)]


def rates(*fields):
    return of_itself(fields, "\n  |> derivative(unit: 1s, nonNegative: true)" + every_step("mean") + PREVIOUS)


def growth(*fields):
    return of_itself(fields, "\n  |> difference(nonNegative: true)" + thinned("sum"))


def levels(*fields):
    return of_itself(fields, every_step("last") + PREVIOUS)


def now_of(measurement, *fields):
    """Of the processes that are heard."""
    return [Query(data(f'r._measurement == "{measurement}" and {any_of(*fields)}', "range(start: -15m)") +
                  '\n  |> last()\n  |> group(columns: ["_field"])\n  |> sum()\n  |> map(fn: (r) => ({r with _time: now()}))')]


def accuracy(field):
    return [Query(data(f'r._measurement == "forecastd_accuracy" and r._field == "{field}" and {PIPELINE}') + thinned() +
                  '\n  |> map(fn: (r) => ({_time: r._time, _value: r._value, _field: r.pipeline + ", " + r.lead + " ahead"}))'
                  '\n  |> group(columns: ["_field"])')]


def at_last(fields, window, where):
    """The last row of each series."""
    return data(f"{where} and {any_of(*fields)}", window) + in_columns() + (
        '\n  |> sort(columns: ["_time"])\n  |> tail(n: 1)')


TO_TABLE = "\n  |> group()"
EVENT_FIELDS = ("state", "reason", "peak_value", "peak_score", "duration_s", "start")
OPEN_EVENTS = at_last(EVENT_FIELDS, "range(start: -7d)", "r._measurement =~ /_event$/") + '\n  |> filter(fn: (r) => r.state != "closed")'
LIMIT_FIELDS = ("time_to_threshold_s", "time_to_threshold_s_lower", "time_to_threshold_s_upper", "threshold_value")
LIMITS = at_last(LIMIT_FIELDS, "range(start: -2h)", "r._measurement =~ /_threshold$/")
STATE_FIELDS = ("watched", "warming_up", "learning_interval", "failing", "silent", "used", "late", "crowded", "reason")

QUERIES = {
    "events_open": now_of("forecastd", "events_open"),
    "watching": now_of("forecastd_state", "watched", "warming_up", "learning_interval", "failing", "silent"),
    "open_events": [Query(OPEN_EVENTS + TO_TABLE, table=True)],
    "limits_now": [Query(LIMITS + '\n  |> rename(fn: (column) => if column == "time_to_threshold_s" then "expected" else if column == '
                         '"time_to_threshold_s_lower" then "earliest" else if column == "time_to_threshold_s_upper" then "latest" else '
                         "column)" + TO_TABLE, table=True)],
    "series": [
        Query(data(f'r._measurement == "${{measurement}}" and r._field == "${{gauge}}" and {SERIES}') + named("observed")),
        # Point by point: a derivative of means would divide by the distance of the steps.
        Query("counter = " + data(f'r._measurement == "${{measurement}}" and r._field == "${{counter}}" and {SERIES}') +
              '\nshown = if "${counters}" == "a second" then counter |> derivative(unit: 1s, nonNegative: true) '
              "else counter |> toFloat()\nshown" + named("observed")),
        *(Query(data(f'{of("forecast")} and {LEAD} and r._field == "{field}"') + named(name))
          for field, name in (("yhat", "forecast"), ("yhat_lower", "lower"), ("yhat_upper", "upper"))),
        Query(data(f"{of('anomaly')} and {any_of('y', 'is_anomaly')}") + in_columns() +
              "\n  |> filter(fn: (r) => r.is_anomaly)\n  |> map(fn: (r) => ({r with _value: r.y}))" + named("anomaly")),
        Query(data(f'{of("threshold")} and r._field == "threshold_value"') + thinned() +
              "\n  |> map(fn: (r) => ({_time: r._time, _value: r._value, _field: r.threshold}))\n  |> group(columns: [\"_field\"])"),
    ],
    "scores": [Query(data(of("anomaly") + ' and r._field == "anomaly_score"') + thinned("max"))],
    "limits": [Query(data(of("threshold") + ' and r._field == "time_to_threshold_s"') + thinned("min"))],
    "events": [Query(data(of("event") + f" and {any_of(*EVENT_FIELDS)}") + in_columns() + TO_TABLE, table=True)],
    "accuracy_now": [Query(at_last(("mase", "mae", "bias", "coverage_95", "width_95", "points"), VIEW,
                                   f'r._measurement == "forecastd_accuracy" and {PIPELINE}') + TO_TABLE, table=True)],
    "mase": accuracy("mase"),
    "coverage": accuracy("coverage_95"),
    "pipelines": [Query(at_last(STATE_FIELDS, VIEW, 'r._measurement == "forecastd_state"') + TO_TABLE, table=True)],
    "states": [Query(at_last(("state", "reason"), "range(start: -30d)", 'r._measurement =~ /_state$/ and r._measurement != '
                             '"forecastd_state"') + TO_TABLE, table=True)],
    "costs": [Query(data(f"r._measurement == \"forecastd_plugin\" and {PIPELINE} and {any_of('ns_per_point', 'ns_per_forecast')}") +
                    thinned() +
                    '\n  |> map(fn: (r) => ({_time: r._time, _value: r._value, _field: r.pipeline + ", " + r.role + ": " + r._field}))'
                    '\n  |> group(columns: ["_field"])')],
    **{key: made(*influxql.FIELDS[key]) for made, keys in (
        (rates, ("points", "bytes")), (growth, ("unused", "bad", "alarms", "plugins", "room", "saved")),
        (levels, ("memory", "followed"))) for key in keys},
}

ANNOTATIONS = [
    Annotation(name, color, data(of("event") + f" and {any_of('state', 'reason')}") + in_columns() +
               f'\n  |> filter(fn: (r) => r.state == "{state}")\n  |> map(fn: (r) => ({{time: r._time, text: r.reason}}))\n  |> group()')
    for name, color, state in (("Events open", "red", "open"), ("Events close", "green", "closed"))
]


def now(query):
    """For a rule, which has no variables: one series a table, with its number alone."""
    return query.replace("${bucket}", "telegraf")


def last_number(where, window, column="_value"):
    return now(data(where, f"range(start: -{window})") + "\n  |> last()" + '\n  |> drop(columns: ["_start", "_stop"])')


RULES = rules(
    open_events=now(OPEN_EVENTS + '\n  |> map(fn: (r) => ({r with _value: 1.0}))\n  |> drop(columns: '
                    '["state", "reason", "peak_value", "peak_score", "duration_s", "start"])'),
    limit_in_a_day=last_number('r._measurement =~ /_threshold$/ and r._field == "time_to_threshold_s_upper"', "2h"),
    limit_in_a_week=now(LIMITS + "\n  |> filter(fn: (r) => exists r.time_to_threshold_s_upper)"
                        "\n  |> map(fn: (r) => ({r with _value: r.time_to_threshold_s}))\n  |> drop(columns: ["
                        + ", ".join(f'"{name}"' for name in LIMIT_FIELDS) + "])"),
    silent_series=last_number('r._measurement == "forecastd_state" and r._field == "silent"', "15m"),
    silent_process=now('import "experimental"\n' + data('r._measurement == "forecastd" and r._field == "points"', "range(start: -1d)") +
                       '\n  |> last()\n  |> map(fn: (r) => ({r with _value: if r._time < experimental.subDuration(d: 15m, from: now()) '
                       'then 0 else 1}))\n  |> drop(columns: ["_start", "_stop"])'),
    failed=now(data(f"r._measurement == \"forecastd\" and {any_of('plugin_failures', 'plugin_crashes')}", "range(start: -1h)") +
               '\n  |> difference(nonNegative: true)\n  |> drop(columns: ["_field", "_start", "_stop"])'
               '\n  |> cumulativeSum()\n  |> last()'),
    failing=last_number('r._measurement == "forecastd_state" and r._field == "failing"', "15m"),
)


def variable_query(variable):
    return variable.query


def annotation_fields(annotation):
    return {"target": {"refId": "Anno", "query": annotation.query, "resultFormat": "table"}}
