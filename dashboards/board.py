"""A dashboard in Grafana's JSON, made of the panels and a language's queries with Grafana's foundation SDK."""

import json

from grafana_foundation_sdk.builders import common as common_builders
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.builders import stat, table, timeseries
from grafana_foundation_sdk.cog import builder as cogbuilder
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog import variants
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common, dashboard

from panels import ROWS

REFERENCES = "ABCDEFGHIJ"


class Target(variants.Dataquery, cogbuilder.Builder):
    """A query of a panel, an annotation or a rule; the SDK has none for InfluxDB."""

    def __init__(self, language, query, reference="A"):
        self.reference = reference
        self.json = {"refId": reference, **language_fields(language, query)}

    def build(self):
        return self

    def to_json(self):
        return self.json


def language_fields(language, query):
    """What Grafana's data source wants to know of a query."""
    if language.NAME == "promql":
        return {"expr": query.text, "legendFormat": query.alias or "__auto", "instant": query.now, "range": not query.now,
                "format": "table" if query.table else "time_series", "editorMode": "code"}
    fields = {"query": query.text, "rawQuery": True, "resultFormat": "table" if query.table else "time_series"}
    if query.alias and language.NAME == "influxql":
        fields["alias"] = query.alias
    return fields


def source(language):
    return dashboard.DataSourceRef(type_val=language.DATASOURCE, uid="${datasource}")


def value(name, what):
    return dashboard.DynamicConfigValue(id_val=name, value=what)


def color(name):
    return value("color", {"mode": "fixed", "fixedColor": name})


BAND = {
    "lower": [value("custom.lineWidth", 0), color("blue")],
    "upper": [value("custom.lineWidth", 0), color("blue"), value("custom.fillBelowTo", "lower"), value("custom.fillOpacity", 20)],
    "forecast": [color("blue"), value("custom.lineStyle", {"fill": "dash", "dash": [6, 4]})],
    "observed": [color("green"), value("custom.lineWidth", 2)],
    "anomaly": [color("red"), value("custom.drawStyle", "points"), value("custom.pointSize", 9),
                value("custom.showPoints", "always")],
}


def steps(*colors):
    """(value, colour): from that value on; the first from the least on."""
    return builders.ThresholdsConfig().mode(dashboard.ThresholdsMode.ABSOLUTE).steps(
        [dashboard.Threshold(value=at, color=name) for at, name in colors])


def lines(panel):
    made = (timeseries.Panel().unit(panel.unit).span_nulls(True).line_width(1)
            .legend(common_builders.VizLegendOptions().display_mode(common.LegendDisplayMode.LIST)
                    .placement(common.LegendPlacement.BOTTOM).show_legend(True).calcs([]))
            .tooltip(common_builders.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI).sort(common.SortOrder.NONE))
            .show_points(common.VisibilityMode.NEVER).interval("2m" if panel.style in ("lines", "bars") else "1m"))
    if panel.style == "points":
        made.draw_style(common.GraphDrawStyle.POINTS).point_size(7).show_points(common.VisibilityMode.ALWAYS)
    elif panel.style == "bars":
        made.draw_style(common.GraphDrawStyle.BARS).fill_opacity(60)
    elif panel.style == "band":
        for name, properties in BAND.items():
            made.override_by_name(name, properties)
    if panel.limit is not None:
        made.thresholds(steps((None, "green"), (panel.limit, "red"))).thresholds_style(
            common_builders.GraphThresholdsStyleConfig().mode(common.GraphThresholdsStyleMode.LINE))
    return made


def number(panel):
    made = (stat.Panel().unit(panel.unit).color_mode(common.BigValueColorMode.VALUE).graph_mode(common.BigValueGraphMode.NONE)
            .text_mode(common.BigValueTextMode.VALUE_AND_NAME).orientation(common.VizOrientation.AUTO)
            .reduce_options(common_builders.ReduceDataOptions().calcs(["lastNotNull"]).values(False)))
    bad = ["failing", "silent", "events_open"]
    made.thresholds(steps((None, "green")))
    for name in bad:
        made.override_by_name(name, [value("thresholds", {"mode": "absolute", "steps": [
            {"value": None, "color": "green"}, {"value": 1, "color": "red"}]})])
    return made


def rows(panel):
    made = table.Panel().cell_height(common.TableCellHeight.SM).filterable(True).show_header(True)
    for name, unit in panel.columns.items():
        made.override_by_name(name, [value("unit", unit)])
    made.override_by_name("start", [value("unit", "dateTimeFromNow")])
    return made


def panel_of(language, panel, queries):
    made = {"timeseries": lines, "stat": number, "table": rows}[panel.kind](panel)
    made.title(panel.title).description(panel.answers).datasource(source(language)).span(panel.width).height(panel.height)
    for reference, query in zip(REFERENCES, queries):
        made.with_target(Target(language, query, reference))
    if panel.kind == "table" and len(queries) > 1:
        made.with_transformation(dashboard.DataTransformerConfig(id_val="merge", options={}))
    if panel.kind == "stat" or any(query.now for query in queries):
        # What is so now; the view ends in the future.
        made.time_from("24h").hide_time_override(True)
    if panel.repeat:
        made.repeat(panel.repeat).repeat_direction("h").max_per_row(2)
    return made


def variable_of(language, variable):
    if variable.options:
        first, *_ = variable.options
        made = builders.CustomVariable(variable.name).values(
            ", ".join(f"{text} : {what}" for text, what in variable.options.items()))
        made.current(dashboard.VariableOption(selected=True, text=first, value=variable.options[first]))
    else:
        made = builders.QueryVariable(variable.name).query(language.variable_query(variable)).datasource(source(language)).regex(
            variable.regex).refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED).sort(
                dashboard.VariableSort.ALPHABETICAL_DESC if variable.backwards else dashboard.VariableSort.ALPHABETICAL_ASC)
        made.multi(variable.many).include_all(variable.many)
    made.hide(dashboard.VariableHide.HIDE_VARIABLE if variable.hidden else dashboard.VariableHide.DONT_HIDE)
    if variable.label:
        made.label(variable.label)
    return made


class Marks(dashboard.AnnotationQuery):
    """An annotation whose query is that of a data source; the SDK knows those of Grafana itself alone."""

    def __init__(self, language, annotation):
        super().__init__(name=annotation.name, datasource=source(language), enable=True, icon_color=annotation.color, built_in=None)
        self.fields = language.annotation_fields(annotation)

    def to_json(self):
        return {**super().to_json(), **self.fields}

    def build(self):
        return self


def what_grafana_does_not_know(made):
    """The titles of panels that the SDK's types do not take as they are: its reader drops what it does not know."""
    plugins.register_default_plugins()
    # It knows no queries for InfluxDB.
    for panel in made["panels"]:
        panel.pop("targets", None)
    again = json.loads(json.dumps(dashboard.Dashboard.from_json(made), cls=JSONEncoder))
    return [panel["title"] for panel, read in zip(made["panels"], again["panels"], strict=True) if panel != read]


def board_of(language):
    made = (builders.Dashboard(f"forecastd, {language.TITLE}").uid(f"forecastd-{language.NAME}")
            .description(f"Forecasts, events and the metrics of forecastd, from {language.TITLE}. docs/dashboards.md tells more; "
                         "dashboards/make.py makes it.")
            .tags(["forecastd"]).refresh("1m").time("now-24h", "now+6h").timezone("browser").editable()
            .tooltip(dashboard.DashboardCursorSync.CROSSHAIR).version(1))
    made.with_variable(builders.DatasourceVariable("datasource").label("Data source").type(language.DATASOURCE)
                       .hide(dashboard.VariableHide.DONT_HIDE))
    for variable in language.VARIABLES:
        made.with_variable(variable_of(language, variable))
    for annotation in language.ANNOTATIONS:
        made.annotation(Marks(language, annotation))
    for title, panels in ROWS.items():
        made.with_row(builders.Row(title))
        for panel in panels:
            if panel.key in language.QUERIES:
                made.with_panel(panel_of(language, panel, language.QUERIES[panel.key]))
    board = made.build()
    for number_, panel in enumerate(board.panels, 1):
        panel.id_val = number_
    return json.loads(json.dumps(board, cls=JSONEncoder))
