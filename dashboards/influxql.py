"""The queries in InfluxQL: InfluxDB 1.x, and 2.x by its v1 API."""

from parts import A_COUNTER, NO_COUNTER, OTHER_TAGS, Annotation, Query, Variable, rules

NAME = "influxql"
TITLE = "InfluxDB with InfluxQL"
DATASOURCE = "influxdb"
MACROS = ("timeFilter", "__interval")  # that Grafana fills in

OURS = "/^${measurement:regex}_(forecast|anomaly|state|event|threshold)$/"
# A tag that a series does not have is matched by the empty text.
SERIES = '"host" =~ /^${host:regex}$/ AND "${tag}" =~ /^${value:regex}$/'
FIELD = f"\"field\" = '${{field}}' AND {SERIES}"
STEP = "GROUP BY time($__interval)"

# The counters of the measurement forecastd, by panel.
FIELDS = {
    "points": ("points", "values", "forecasts", "judgements", "lines_in", "lines_out"),
    "bytes": ("bytes_in", "bytes_out"),
    "unused": ("late", "duplicates", "crowded", "ahead", "gaps", "not_numbers", "out_of_range", "bad_times"),
    "bad": ("bad_points", "bad_bytes"),
    "alarms": ("events", "anomalies", "suppressed", "silences", "labels", "bad_labels"),
    "plugins": ("plugin_failures", "plugin_crashes", "restarted"),
    "room": ("refused_series", "refused_names", "long_keys", "excess_fields",
             "expired_series", "evicted_series", "returned_series"),
    "saved": ("checkpoints", "checkpoint_errors", "restored_series"),
    "memory": ("memory_bytes", "resident_bytes"),
    "followed": ("series",),
}

VARIABLES = [
    Variable("measurement", "Measurement", "SHOW MEASUREMENTS WITH MEASUREMENT =~ /_(forecast|anomaly|state)$/",
             "/^(?!forecastd_)(.*)_(?:forecast|anomaly|state)$/"),
    Variable("field", "Field", f'SHOW TAG VALUES FROM {OURS} WITH KEY = "field"'),
    Variable("host", "Host", f"SHOW TAG VALUES FROM {OURS} WITH KEY = \"host\" WHERE \"field\" = '${{field}}'"),
    Variable("tag", "Series by", f"SHOW TAG KEYS FROM {OURS}", f"/^(?!(?:{OTHER_TAGS})$).*$/", backwards=True),
    Variable("value", "Series", f'SHOW TAG VALUES FROM {OURS} WITH KEY = "${{tag}}" '
             "WHERE \"field\" = '${field}' AND \"host\" =~ /^${host:regex}$/", many=True),
    Variable("lead", "Forecast", 'SHOW TAG VALUES FROM "${measurement}_forecast" WITH KEY = "lead"'),
    Variable("gauge", "", f"SHOW TAG VALUES FROM {OURS} WITH KEY = \"field\" WHERE \"field\" = '${{field}}'", NO_COUNTER,
             hidden=True),
    Variable("counter", "", f"SHOW TAG VALUES FROM {OURS} WITH KEY = \"field\" WHERE \"field\" = '${{field}}'", A_COUNTER,
             hidden=True),
    Variable("pipeline", "Pipelines", 'SHOW TAG VALUES FROM "forecastd_state" WITH KEY = "pipeline"', many=True),
    Variable("counters", "Counters", options={"a second": "non_negative_derivative", "as they are": "1*"}),
]

ANNOTATIONS = [
    Annotation(name, color, f'SELECT "reason" FROM "${{measurement}}_event" WHERE $timeFilter AND "state" = \'{state}\' AND {FIELD}',
               "reason")
    for name, color, state in (("Events open", "red", "open"), ("Events close", "green", "closed"))
]


def series(selected, kind, where="", group="", alias="$col", step=STEP):
    return Query(f'SELECT {selected} FROM "${{measurement}}_{kind}" WHERE $timeFilter AND {FIELD}{where} '
                 f"{', '.join(part for part in (step, group) if part)} fill(none)", alias)


PIPELINE = '"pipeline" =~ /^${pipeline:regex}$/'


def all_processes(each):
    """Of what each process writes for itself, {field: expression}, the total of each field. A step is longer than metrics.every
    should be, so that each process has written in it: filled steps come out of order."""
    inner = ", ".join(f'{expression} AS "{name}"' for name, expression in each.items())
    outer = ", ".join(f'sum("{name}") AS "{name}"' for name in each)
    return [Query(f'SELECT {outer} FROM (SELECT {inner} FROM "forecastd" WHERE $timeFilter {STEP}, * '
                  f"fill(none)) WHERE $timeFilter {STEP} fill(none)", "$col")]


def rates(*fields):
    return all_processes({name: f'non_negative_derivative(max("{name}"), 1s)' for name in fields})


def growth(*fields):
    return all_processes({name: f'non_negative_difference(max("{name}"))' for name in fields})


def levels(*fields):
    return all_processes({name: f'last("{name}")' for name in fields})


def now(measurement, *fields):
    """Of the processes that are heard."""
    inner = ", ".join(f'last("{name}") AS "{name}"' for name in fields)
    outer = ", ".join(f'sum("{name}") AS "{name}"' for name in fields)
    return [Query(f'SELECT {outer} FROM (SELECT {inner} FROM "{measurement}" WHERE time > now() - 15m GROUP BY *) '
                  "WHERE time > now() - 15m", "$col")]


def accuracy(selected):
    return [Query(f'SELECT {selected} FROM "forecastd_accuracy" WHERE $timeFilter AND {PIPELINE} {STEP}, "pipeline", "lead" '
                  "fill(none)",
                  "$tag_pipeline, $tag_lead ahead")]


EVENT_COLUMNS = '"reason", "peak_value", "peak_score", "duration_s", "start"'
OPEN_EVENTS = (f'SELECT {{}} FROM (SELECT last("state") AS "state", {EVENT_COLUMNS} FROM /_event$/ WHERE $timeFilter GROUP BY *) '
               "WHERE \"state\" != 'closed' GROUP BY *")

QUERIES = {
    "events_open": now("forecastd", "events_open"),
    "watching": now("forecastd_state", "watched", "warming_up", "learning_interval", "failing", "silent"),
    "open_events": [Query(OPEN_EVENTS.format(f'"state", {EVENT_COLUMNS}').replace("$timeFilter", "time > now() - 7d"), table=True)],
    "limits_now": [Query('SELECT last("time_to_threshold_s") AS "expected", "time_to_threshold_s_lower" AS "earliest", '
                         '"time_to_threshold_s_upper" AS "latest", "threshold_value" AS "limit" FROM /_threshold$/ '
                         "WHERE time > now() - 2h GROUP BY *", table=True)],
    "series": [
        Query(f'SELECT mean("${{gauge}}") FROM "${{measurement}}" WHERE $timeFilter AND {SERIES} {STEP} fill(none)', "observed"),
        # Point by point: a derivative of means would divide by the distance of the steps.
        Query(f'SELECT ${{counters}}("${{counter}}") FROM "${{measurement}}" WHERE $timeFilter AND {SERIES} GROUP BY *', "observed"),
        series('mean("yhat") AS "forecast", mean("yhat_lower") AS "lower", mean("yhat_upper") AS "upper"', "forecast",
               ' AND "lead" =~ /^${lead:regex}$/'),
        Query(f'SELECT "y" FROM "${{measurement}}_anomaly" WHERE $timeFilter AND {FIELD} AND "is_anomaly" = true', "anomaly"),
        series('mean("threshold_value")', "threshold", group='"threshold"', alias="$tag_threshold"),
    ],
    "scores": [series('max("anomaly_score")', "anomaly", group='"host", "${tag}"', alias="$tag_host $tag_${tag}")],
    "limits": [series('min("time_to_threshold_s")', "threshold", group='"threshold", "host", "${tag}"',
                      alias="$tag_threshold: $tag_host $tag_${tag}")],
    "events": [Query(f'SELECT "state", {EVENT_COLUMNS} FROM "${{measurement}}_event" WHERE $timeFilter AND {FIELD} '
                     'GROUP BY "host", "${tag}"', table=True)],
    "accuracy_now": [Query('SELECT last("mase") AS "mase", "mae", "bias", "coverage_95", "width_95", "points" FROM '
                           f'"forecastd_accuracy" WHERE $timeFilter AND {PIPELINE} GROUP BY "pipeline", "lead", "algorithm"',
                           table=True)],
    "mase": accuracy('mean("mase")'),
    "coverage": accuracy('mean("coverage_95")'),
    "pipelines": [Query('SELECT last("watched") AS "watched", "warming_up", "learning_interval", "failing", "silent", "used", '
                        '"late", "crowded", "reason" FROM "forecastd_state" WHERE $timeFilter GROUP BY *', table=True)],
    "states": [Query('SELECT last("state") AS "state", "reason" FROM /_state$/ WHERE time > now() - 30d GROUP BY *', table=True)],
    **{key: made(*FIELDS[key]) for made, keys in (
        (rates, ("points", "bytes")), (growth, ("unused", "bad", "alarms", "plugins", "room", "saved")),
        (levels, ("memory", "followed"))) for key in keys},
    "costs": [Query(f'SELECT mean("ns_per_point") AS "a value", mean("ns_per_forecast") AS "a forecast" FROM "forecastd_plugin" '
                    f'WHERE $timeFilter AND {PIPELINE} {STEP}, "pipeline", "role" fill(none)', "$tag_pipeline, $tag_role: $col")],
}

OF_ITSELF = 'FROM "forecastd" WHERE time > now()'
RULES = rules(
    # With no data there is no score, so the start is what an open event always has.
    open_events=OPEN_EVENTS.format('"start"').replace("$timeFilter", "time > now() - 7d"),
    limit_in_a_day='SELECT last("time_to_threshold_s_upper") FROM /_threshold$/ WHERE time > now() - 2h GROUP BY *',
    limit_in_a_week='SELECT "expected" FROM (SELECT last("time_to_threshold_s") AS "expected", "time_to_threshold_s_upper" AS "latest" '
    'FROM /_threshold$/ WHERE time > now() - 2h GROUP BY *) WHERE "latest" > 0 GROUP BY *',
    silent_series='SELECT last("silent") FROM "forecastd_state" WHERE time > now() - 15m GROUP BY *',
    # Those that were heard within the day count as none.
    silent_process=f'SELECT sum("lines") FROM (SELECT count("points") AS "lines" {OF_ITSELF} - 15m GROUP BY *), '
    f'(SELECT count("points") * 0 AS "lines" {OF_ITSELF} - 1d GROUP BY *) GROUP BY *',
    # A counter that goes back has begun again.
    failed='SELECT sum("failures") + sum("crashes") FROM (SELECT non_negative_difference("plugin_failures") AS "failures", '
    f'non_negative_difference("plugin_crashes") AS "crashes" {OF_ITSELF} - 1h GROUP BY *) GROUP BY *',
    failing='SELECT last("failing") FROM "forecastd_state" WHERE time > now() - 15m GROUP BY *',
)


def variable_query(variable):
    return variable.query


def annotation_fields(annotation):
    return {"target": {"refId": "Anno", "query": annotation.query, "rawQuery": True, "resultFormat": "table", "fromAnnotations": True,
                       "textColumn": annotation.text, "tagsColumn": "", "titleColumn": "", "timeEndColumn": ""},
            "query": annotation.query, "textColumn": annotation.text}
