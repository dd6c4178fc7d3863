"""The queries in PromQL: Prometheus and stores like it, behind Telegraf's outputs.prometheus_client.

Telegraf names a series {measurement}_{field} and leaves texts out, so a processor makes numbers of the states: 'open' of an event,
'code' of a series (docs/dashboards.md). A forecast comes when it is made; 'offset' moves it to the time that it is for.
"""

import influxql
from parts import A_COUNTER, NO_COUNTER, OTHER_TAGS, Annotation, Query, Variable, rules

NAME = "promql"
TITLE = "Prometheus"
DATASOURCE = "prometheus"
MACROS = ("__interval", "__rate_interval")

OURS = '__name__=~"${measurement}_(forecast_yhat|anomaly_y|state_code)"'
SERIES = 'host="${host}",${tag}=~"${value}"'
FIELD = f'field="${{field}}",{SERIES}'
# Telegraf exports the last value of each series for a while; what is new has changed, or was not there before.
NEW = "${measurement}_anomaly_y{%s}" % FIELD

PIPELINE = 'pipeline=~"${pipeline}"'

VARIABLES = [
    Variable("measurement", "Measurement", 'label_values({__name__=~".+_(forecast_yhat|anomaly_y|state_code)"}, __name__)',
             "/^(?!forecastd_)(.*)_(?:forecast_yhat|anomaly_y|state_code)$/"),
    Variable("field", "Field", f"label_values({{{OURS}}}, field)"),
    Variable("host", "Host", f'label_values({{{OURS},field="${{field}}"}}, host)'),
    # The names of the labels, out of the text of the series.
    Variable("tag", "Series by", f'query_result(last_over_time({{{OURS},field="${{field}}"}}[7d]))',
             f'/[{{,](?!(?:{OTHER_TAGS}|job|instance|__name__|preset)=)(\\w+)="/g', backwards=True),
    Variable("value", "Series", f'label_values({{{OURS},field="${{field}}",host="${{host}}"}}, ${{tag}})', many=True),
    Variable("lead", "Forecast", "label_values(${measurement}_forecast_yhat, lead)"),
    Variable("gauge", "", f'label_values({{{OURS},field="${{field}}"}}, field)', NO_COUNTER, hidden=True),
    Variable("counter", "", f'label_values({{{OURS},field="${{field}}"}}, field)', A_COUNTER, hidden=True),
    Variable("pipeline", "Pipelines", "label_values(forecastd_state_series, pipeline)", many=True),
    Variable("counters", "Counters", options={"a second": "rate", "as they are": "last_over_time"}),
]

ANNOTATIONS = [
    Annotation("Events open", "red", f"(${{measurement}}_event_open{{{FIELD}}} == 1) unless "
               f"(last_over_time(${{measurement}}_event_open{{{FIELD}}}[7d] offset $__interval) == 1)"),
    Annotation("Events close", "green", f"(${{measurement}}_event_open{{{FIELD}}} == 0) and "
               f"(last_over_time(${{measurement}}_event_open{{{FIELD}}}[7d] offset $__interval) == 1)"),
]


def forecast(field, alias):
    # With 1ms behind it there is a duration where there is no lead, too.
    return Query(f'avg(${{measurement}}_forecast_{field}{{{FIELD},lead="${{lead}}"}} offset ${{lead}}1ms)', alias)


def totals(function, measurement, fields):
    return [Query(function % f"{measurement}_{name}", name) for name in fields]


def rates(*fields):
    return totals("sum(rate(%s[$__rate_interval]))", "forecastd", fields)


def growth(*fields):
    return totals("sum(increase(%s[$__rate_interval]))", "forecastd", fields)


def levels(*fields, measurement="forecastd"):
    return totals("sum(%s)", measurement, fields)


def accuracy(field):
    return [Query(f"forecastd_accuracy_{field}{{{PIPELINE}}}", "{{pipeline}}, {{lead}} ahead")]


def table(function, names):
    return [Query(function % name, table=True, now=True) for name in names]


STATES = ("watched", "warming_up", "learning_interval", "failing", "silent")
OPEN_EVENTS = 'last_over_time({__name__=~".+_event_open"}[7d]) == 1'

QUERIES = {
    "events_open": levels("events_open"),
    "watching": levels(*STATES, measurement="forecastd_state"),
    "open_events": [Query(OPEN_EVENTS, table=True, now=True)],
    "limits_now": [Query('{__name__=~".+_threshold_time_to_threshold_s(_lower|_upper)?"}', table=True, now=True)],
    "series": [
        Query(f'avg({{__name__=~"${{measurement}}(_${{gauge}})?",{SERIES}}})', "observed"),
        Query(f'avg(${{counters}}({{__name__="${{measurement}}_${{counter}}",{SERIES}}}[$__rate_interval]))', "observed"),
        forecast("yhat", "forecast"), forecast("yhat_lower", "lower"), forecast("yhat_upper", "upper"),
        Query(f"{NEW} and ${{measurement}}_anomaly_is_anomaly{{{FIELD}}} == 1 and "
              f"(changes({NEW}[$__rate_interval]) > 0 or {NEW} unless {NEW} offset $__interval)", "anomaly"),
        Query(f"avg by (threshold) (${{measurement}}_threshold_threshold_value{{{FIELD}}})", "{{threshold}}"),
    ],
    "scores": [Query(f"${{measurement}}_anomaly_anomaly_score{{{FIELD}}} and "
                     f"(changes({NEW}[$__rate_interval]) > 0 or {NEW} unless {NEW} offset $__interval)", "{{host}} {{${tag}}}")],
    "limits": [Query(f"${{measurement}}_threshold_time_to_threshold_s{{{FIELD}}}", "{{threshold}}: {{host}} {{${tag}}}")],
    "events": [Query(f"last_over_time(${{measurement}}_event_peak_score{{{FIELD}}}[24h])", table=True, now=True),
               Query(f"last_over_time(${{measurement}}_event_open{{{FIELD}}}[24h])", table=True, now=True),
               Query(f"last_over_time(${{measurement}}_event_duration_s{{{FIELD}}}[24h])", table=True, now=True)],
    "accuracy_now": table("%s{" + PIPELINE + "}", ["forecastd_accuracy_" + name for name in (
        "mase", "mae", "bias", "coverage_95", "width_95", "points")]),
    "mase": accuracy("mase"),
    "coverage": accuracy("coverage_95"),
    "pipelines": table("%s", ["forecastd_state_" + name for name in (*STATES, "used", "late", "crowded")]),
    "states": [Query('last_over_time({__name__=~".+_state_code"}[7d])', table=True, now=True)],
    "costs": [Query(f"forecastd_plugin_ns_per_point{{{PIPELINE}}}", "{{pipeline}}, {{role}}: a value"),
              Query(f"forecastd_plugin_ns_per_forecast{{{PIPELINE}}}", "{{pipeline}}, {{role}}: a forecast")],
    **{key: made(*influxql.FIELDS[key]) for made, keys in (
        (rates, ("points", "bytes")), (growth, ("unused", "bad", "alarms", "plugins", "room", "saved")),
        (levels, ("memory", "followed"))) for key in keys},
}



def of_all(bound=""):
    """The times to limits of all measurements; in an alert the name is lost, so the measurement becomes a label."""
    name = "_threshold_time_to_threshold_s"
    return f'label_replace({{__name__=~".+{name}{bound}"}}, "measurement", "$1", "__name__", "(.+){name}.*")'


RULES = rules(
    open_events='label_replace(last_over_time({__name__=~".+_event_open"}[7d]), "measurement", "$1", "__name__", "(.+)_event_open")',
    limit_in_a_day=of_all("_upper"),
    limit_in_a_week=f"{of_all()} and {of_all('_upper')}",
    silent_series="forecastd_state_silent",
    # Telegraf exports the last values for a while, but they stay the same.
    silent_process="changes(forecastd_bytes_out[15m])",
    failed="increase(forecastd_plugin_failures[1h]) + increase(forecastd_plugin_crashes[1h])",
    failing="forecastd_state_failing",
)


def variable_query(variable):
    return {"query": variable.query, "refId": "variable"}


def annotation_fields(annotation):
    return {"expr": annotation.query, "target": {"refId": "Anno", "expr": annotation.query}, "titleFormat": annotation.name,
            "useValueForTime": False}
