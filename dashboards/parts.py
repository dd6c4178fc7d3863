"""What a dashboard and its alert rules consist of, whichever the language of the queries.

A language module (influxql, flux, promql) has VARIABLES, ANNOTATIONS, QUERIES and RULES made of these; board.py and rules.py turn
them into Grafana's JSON and YAML.
"""

import dataclasses

# Fields that Telegraf's inputs count up: what is forecast of them is their growth a second, so they are drawn so.
COUNTERS = (r"(?:bytes|packets|err|drop|rx|tx)_.*|(?:merged_)?(?:reads|writes)|(?:read|write)_(?:bytes|time)"
            r"|(?:weighted_)?io_time|interrupts|context_switches|processes_forked")
A_COUNTER = f"/^(?:{COUNTERS})$/"
NO_COUNTER = f"/^(?!(?:{COUNTERS})$).*$/"

# Tags that tell no series apart, so that a series is never looked for by them.
OTHER_TAGS = "field|lead|threshold|fstype|mode"


@dataclasses.dataclass
class Query:
    """alias: the name of what comes back, where the language does not say it. table: rows with their tags. now: at one moment,
    the end of the panel's view."""
    text: str
    alias: str = ""
    table: bool = False
    now: bool = False


@dataclasses.dataclass
class Variable:
    """options: of one that is chosen from a list, in place of a query; text for each value."""
    name: str
    label: str
    query: str = ""
    regex: str = ""
    options: dict = dataclasses.field(default_factory=dict)
    many: bool = False
    hidden: bool = False
    backwards: bool = False


@dataclasses.dataclass
class Annotation:
    name: str
    color: str
    query: str
    text: str = ""  # the column with the text


@dataclasses.dataclass
class Rule:
    """An alert: it fires for each series of the query whose last value passes the limit. VALUE in the summary: that value.
    window: how far back the query looks, in seconds. no_data: what holds where the query finds nothing."""
    name: str
    summary: str
    query: str
    above: float = None
    below: float = None
    window: int = 900
    severity: str = "warning"
    no_data: str = "OK"


DAY, WEEK = 86400, 7 * 86400


def rules(open_events, limit_in_a_day, limit_in_a_week, silent_series, silent_process, failed, failing, labels="$labels"):
    """The rules that every language has, by their queries."""
    of = f"{{{{ {labels}.host }}}} {{{{ {labels}.field }}}}"
    return [
        Rule("Event open", f"{of}: an event is open", open_events, above=0, window=WEEK),
        Rule("Limit within a day", f"{of} reaches {{{{ {labels}.threshold }}}} within a day, at the latest in VALUE s",
             limit_in_a_day, below=DAY, window=2 * 3600, severity="critical"),
        Rule("Limit within a week", f"{of} is expected to reach {{{{ {labels}.threshold }}}} in VALUE s", limit_in_a_week, below=WEEK,
             window=2 * 3600),
        Rule("Series silent", f"pipeline {{{{ {labels}.pipeline }}}}: VALUE series have no data for too long", silent_series, above=0),
        Rule("Process silent", "forecastd has written nothing about itself for 15 minutes", silent_process, below=1, window=DAY,
             severity="critical", no_data="Alerting"),
        Rule("Plugin failed", "plugins failed or crashed VALUE times within the hour", failed, above=0, window=3600),
        Rule("Series failing", f"pipeline {{{{ {labels}.pipeline }}}}: VALUE series are set aside, since a plugin failed on them",
             failing, above=0),
    ]
