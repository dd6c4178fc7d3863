// One pipeline of a config: how good its forecasts are, what it found, how long it took to begin.

const LEAD_COLUMNS = [
  { title: "Lead", hint: meaning("lead"), value: (one) => [lead(one), element("small", null, ` ${steps(one.steps)}`)] },
  { title: "Values", value: (one) => count(one.points) },
  { title: "MAE", hint: meaning("mae"), value: (one) => significant(one.mae) },
  { title: "RMSE", hint: meaning("rmse"), value: (one) => significant(one.rmse) },
  { title: "sMAPE", hint: meaning("smape"), value: (one) => percent(one.smape) },
  { title: "MASE", hint: meaning("mase"), value: (one) => ratio(one.mase) },
  { title: "Seasonal MASE", hint: meaning("mase_seasonal"), value: (one) => ratio(one.mase_seasonal) },
  { title: "Bias", hint: meaning("bias"), value: (one) => significant(one.bias) },
];

const levelOf = (one, level) => (one.levels ?? []).find((each) => each.level === level);

function levelColumns(level) {
  return [
    {
      title: `${level} %: coverage`,
      hint: meaning("coverage"),
      value: (one) => percent(levelOf(one, level)?.coverage),
    },
    { title: "width", hint: meaning("width"), value: (one) => significant(levelOf(one, level)?.width) },
    { title: "MSIS", hint: meaning("msis"), value: (one) => significant(levelOf(one, level)?.msis) },
  ];
}

// What the numbers say at one glance, as sentences.
function remarks(pipeline) {
  const first = pipeline.leads?.[0];
  const result = [];
  if (isNumber(first?.mase) && first.mase > 0) {
    const gain = Math.round(100 * (1 - first.mase));
    result.push(
      gain > 0
        ? `${lead(first)} ahead, errors are ${gain} % smaller than those of the last value.`
        : `${lead(first)} ahead, errors are ${gain ? `${-gain} % larger than` : "as large as"} those of the last value.`,
    );
  }
  const widest = Math.max(...(pipeline.levels ?? []));
  const observed = first && levelOf(first, widest)?.coverage;
  if (isNumber(observed)) {
    const off = observed - widest;
    const verdict =
      Math.abs(off) <= Math.max(1, (100 - widest) / 2)
        ? "as it should be"
        : off < 0
          ? "it is too narrow"
          : "it is wider than need be";
    result.push(`The ${widest} % interval held ${percent(observed)} of the values: ${verdict}.`);
  }
  return result.length ? element("p", { class: "remark" }, result.join(" ")) : null;
}

function begins(title, first) {
  if (!first) return null;
  const ready = first.series - first.never;
  const note =
    `at most ${duration(first.most_s)}, ${counted(first.most_points, "point")}` +
    (first.never ? `; ${count(first.never)} of ${counted(first.series, "series", "series")} never` : "");
  return ready > 0
    ? fact(title, duration(first.median_s), `median, ${counted(first.median_points, "point")}; ${note}`)
    : fact(title, "never", `of ${counted(first.series, "series", "series")}`);
}

// Series that are not, or not any more, watched.
const besides = (pipeline) =>
  [
    pipeline.learning_interval ? `${count(pipeline.learning_interval)} more with too few points` : "",
    pipeline.failing ? `a plugin failed on ${count(pipeline.failing)}` : "",
  ]
    .filter(Boolean)
    .join("; ");

function intervals(pipeline) {
  const all = [...(pipeline.intervals ?? [])].sort((a, b) => b[1] - a[1]);
  if (!all.length) return null;
  return fact(
    all.length === 1 ? "Interval" : "Intervals",
    all
      .slice(0, 3)
      .map(([seconds]) => duration(seconds))
      .join(", "),
    all.length === 1
      ? null
      : all
          .slice(0, 3)
          .map(([seconds, series]) => `${duration(seconds)}: ${count(series)}`)
          .join(", ") + (all.length > 3 ? ", …" : ""),
  );
}

function forecastsOf(pipeline) {
  const leads = pipeline.leads ?? [];
  if (!leads.length) return null;
  const levels = pipeline.levels ?? [];
  const of = (name) => leads.map((one) => one[name]);
  const at = (level, name) => leads.map((one) => levelOf(one, level)?.[name]);
  return [
    element("h4", null, "Forecasts"),
    remarks(pipeline),
    table(`Errors by lead of pipeline ${pipeline.name}`, [...LEAD_COLUMNS, ...levels.flatMap(levelColumns)], leads),
    element(
      "div",
      { class: "charts" },
      leadChart({
        title: "Beside simple forecasts",
        note: "MASE: below 1 is better",
        leads,
        hint: ratio,
        references: [{ value: 1, name: "as good" }],
        series: [
          { name: "last value", values: of("mase") },
          { name: "one season ago", values: of("mase_seasonal") },
        ],
      }),
      leadChart({
        title: "Error",
        note: "in the unit of the values",
        leads,
        series: [
          { name: "MAE", values: of("mae") },
          { name: "RMSE", values: of("rmse") },
        ],
      }),
      leadChart({
        title: "Values within the interval",
        note: "best on the dashed line",
        leads,
        fromZero: false,
        atLeast: [Math.min(...levels) - 8, 99],
        hint: percent,
        unit: " %",
        references: levels.map((level) => ({ value: level })),
        series: levels.map((level) => ({ name: `${level} % interval`, values: at(level, "coverage") })),
      }),
      leadChart({
        title: "Width of the interval",
        note: "in the unit of the values",
        leads,
        series: levels.map((level) => ({ name: `${level} %`, values: at(level, "width") })),
      }),
      calibrationChart(leads),
      errorChart(pipeline.errors, levels.length ? Math.max(...levels) : null),
    ),
  ];
}

function eventsOf(pipeline, series, choose) {
  const events = pipeline.events;
  if (!events) return null;
  const worst = (events.worst ?? []).filter((one) => series[one.series]);
  return [
    element("h4", null, "Events"),
    facts(
      fact("Events", count(events.count), events.open ? `${count(events.open)} still open` : null),
      fact("A day and series", significant(events.a_day_and_series)),
      fact("Anomalies", count(events.anomalies), "points"),
    ),
    worst.length
      ? table(
          `The worst events of pipeline ${pipeline.name}`,
          [
            {
              title: "Series",
              text: true,
              value: (one) =>
                element(
                  "button",
                  { type: "button", class: "link", onclick: () => choose(one.series, one) },
                  seriesName(series[one.series]),
                ),
            },
            { title: "Begin (UTC)", value: (one) => instant(one.start_ms) },
            { title: "Length", value: (one) => span(one.start_ms, one.end_ms) },
            { title: "Points", value: (one) => count(one.points) },
            { title: "Peak score", hint: meaning("score"), value: (one) => significant(one.peak_score) },
            { title: "Peak value", value: (one) => significant(one.peak_value, 4) },
            { title: "Reason", text: true, value: (one) => named(one.reason ?? "") },
          ],
          worst,
        )
      : null,
  ];
}

function pipelineCard(config, pipeline, id, series, choose, isOpen) {
  const parts = [
    pipeline.forecaster && `forecasts with ${pipeline.forecaster}`,
    pipeline.detectors?.length && `detects with ${pipeline.detectors.join(", ")}`,
  ].filter(Boolean);
  return element(
    "details",
    { class: "card", id, open: isOpen },
    element(
      "summary",
      null,
      element("h3", null, named(pipeline.name), " ", element("small", null, "in ", named(config.name))),
    ),
    parts.length ? element("p", { class: "what" }, named(parts.join("; "))) : null,
    facts(
      fact("Series", count(pipeline.series), besides(pipeline)),
      fact("Points", count(pipeline.points)),
      fact("Series · days", significant(pipeline.series_days)),
      intervals(pipeline),
      isNumber(pipeline.season_s) ? fact("Season", duration(pipeline.season_s)) : null,
      begins("First forecast after", pipeline.first_forecast),
      begins("First score after", pipeline.first_score),
    ),
    forecastsOf(pipeline),
    eventsOf(pipeline, series, choose),
    pipeline.labelled ? [element("h4", null, "Beside the labels"), labelledFacts(pipeline.labelled)] : null,
  );
}
