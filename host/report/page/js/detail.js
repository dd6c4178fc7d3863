// The series that was chosen: its numbers, its plots, its events.

const MOST_EVENTS = 100; // rows in the list of a series; the plots show all

function seriesFacts(one) {
  return facts(
    fact("Points", count(one.points), `each ${duration(one.interval_s)}`),
    fact("MAE", significant(one.mae)),
    fact("MASE", ratio(one.mase)),
    fact("sMAPE", percent(one.smape)),
    fact("Bias", significant(one.bias)),
    fact("Coverage", percent(one.coverage)),
    fact(
      "Events",
      count(one.events_count),
      isNumber(one.anomalies) ? counted(one.anomalies, "anomaly", "anomalies") : null,
    ),
    fact("Peak score", significant(one.peak_score)),
    fact("Warm after", duration(one.warm_s)),
  );
}

function detailPanel(data) {
  const sameSeries = new Map();
  data.series.forEach((one, at) => {
    const name = `${one.key}\n${one.field}`;
    if (!sameSeries.has(name)) sameSeries.set(name, []);
    sameSeries.get(name).push(at);
  });
  const othersOf = (at) =>
    sameSeries
      .get(`${data.series[at].key}\n${data.series[at].field}`)
      .filter((other) => other !== at && data.series[other].curve);
  const configOf = (one) => {
    const config = data.configs[one.config],
      pipeline = config.pipelines[one.pipeline];
    return config.pipelines.length > 1 ? `${config.name}, ${pipeline.name}` : config.name;
  };
  const hidden = new Set(); // configs whose lines are not wanted
  let chosen = null,
    plots = null;

  const title = element("h3", { id: "detail-title" });
  const subtitle = element("p", { class: "what" });
  const numbers = element("div");
  const key = element("ul", { class: "legend" });
  const back = element(
    "button",
    { type: "button", class: "quiet", id: "reset", hidden: true, onclick: () => plots?.reset() },
    "Whole time",
  );
  const box = element("div", {
    class: "plots",
    tabindex: 0,
    role: "group",
    "aria-label": "Plots; plus and minus zoom, left and right move, 0 shows all",
  });
  const readout = element("div", { class: "readout", id: "readout", hidden: true, "aria-hidden": "true" });
  const eventList = element("div");
  const node = element(
    "article",
    { class: "card", id: "detail", "aria-labelledby": "detail-title", hidden: true },
    title,
    subtitle,
    numbers,
    element("div", { class: "bar" }, key, back),
    element("div", { class: "stage" }, box, readout),
    element("p", { class: "hint" }, "Drag to zoom, double-click for all. Times are UTC."),
    eventList,
  );

  const drawnSeries = () => [
    chosen,
    ...othersOf(chosen)
      .slice(0, OTHERS)
      .filter((other) => !hidden.has(configOf(data.series[other]))),
  ];

  function showKey(all) {
    const swatch = (name) => element("span", { class: `key-${name}`, "aria-hidden": "true" });
    const one = data.series[chosen],
      { curve } = one;
    const entry = (name, text) => element("li", null, swatch(name), text);
    key.replaceChildren(
      ...[
        entry("value", curve.high ? `values, lowest to highest of ${count(curve.points_a_bucket)}` : "values"),
        curve.yhat && entry("accent", "expected one step ahead"),
        curve.lower && entry("band", "interval"),
        one.ahead && entry("ahead", "forecast"),
        all.some((at) => data.series[at].events?.length) && entry("event", "event"),
        one.labels?.length > 0 && entry("label", "label"),
      ].filter(Boolean),
    );
    othersOf(chosen)
      .slice(0, OTHERS)
      .forEach((other, place) => {
        const name = configOf(data.series[other]),
          at = all.indexOf(other);
        const tick = element("input", {
          type: "checkbox",
          checked: !hidden.has(name),
          onchange: () => {
            if (hidden.has(name)) hidden.delete(name);
            else hidden.add(name);
            redraw();
            key.querySelectorAll("input")[place].focus(); // the key is a new one
          },
        });
        key.append(
          element("li", null, element("label", null, tick, at > 0 ? swatch(`other-${at}`) : null, named(name))),
        );
      });
  }

  function eventAt(one, ms, slack, end) {
    return (one.events ?? []).find(([begin, until]) => ms >= begin - slack && ms <= (until ?? end) + slack);
  }

  function showReadout(all, u, at) {
    readout.hidden = at === null || at === undefined;
    if (readout.hidden) return;
    const pixel = (u.scales.x.max - u.scales.x.min) / (u.over.clientWidth || 1);
    const ms = u.posToVal(u.cursor.left, "x");
    const rows = [],
      lines = [];
    const row = (name, value) =>
      rows.push(element("div", null, element("span", null, name), element("span", null, value)));
    all.forEach((place, which) => {
      const one = data.series[place],
        columns = plots.table.of[which];
      const of = (name) => nearby(columns[name], at);
      if (which > 0) rows.push(element("div", { class: "head" }, named(configOf(one))));
      if (which === 0 && of("low") !== null)
        row(
          "value",
          of("high") !== null && of("high") !== of("low")
            ? `${significant(of("low"), 5)} to ${significant(of("high"), 5)}`
            : significant(of("low"), 5),
        );
      const expected = of("yhat") ?? of("ahead");
      const [lower, upper] = of("yhat") !== null ? [of("lower"), of("upper")] : [of("aheadLower"), of("aheadUpper")];
      if (expected !== null) row(of("yhat") !== null ? "expected" : "forecast", significant(expected, 5));
      if (lower !== null) row("interval", `${significant(lower, 5)} to ${significant(upper, 5)}`);
      if (of("error") !== null) row("error", significant(of("error"), 4));
      if (of("score") !== null) row("score", significant(of("score"), 3));
      const event = eventAt(one, ms, 4 * pixel, plots.full[1]);
      if (event)
        lines.push(
          element(
            "p",
            { class: "event" },
            element("strong", null, which ? [named(configOf(one)), ": "] : "Event: "),
            named(event[5] || direction(event[4])),
          ),
        );
    });
    if (
      (data.series[chosen].labels ?? []).some(
        ([begin, end]) => ms >= begin - 4 * pixel && ms <= (end ?? plots.full[1]) + 4 * pixel,
      )
    )
      lines.push(element("p", { class: "label" }, "Within a label"));
    readout.replaceChildren(element("p", { class: "when" }, instant(u.data[0][at])), ...rows, ...lines);
    const stage = readout.parentElement.getBoundingClientRect(),
      over = u.over.getBoundingClientRect();
    const x = over.left - stage.left + u.cursor.left,
      width = readout.offsetWidth;
    readout.style.left = `${x + 16 + width > stage.width ? Math.max(0, x - 16 - width) : x + 16}px`;
    readout.style.top = `${Math.max(0, over.top - stage.top + Math.max(0, u.cursor.top) - 20)}px`;
  }

  function redraw(range) {
    const keep = range ?? (plots && plots.owner === chosen ? plots.range() : null);
    plots?.destroy();
    plots = null;
    readout.hidden = true;
    const all = drawnSeries();
    if (!data.series[chosen].curve) return;
    showKey(all);
    back.hidden = true;
    plots = drawPlots(
      box,
      all.map((at) => data.series[at]),
      data.series[chosen].labels ?? [],
      {
        onCursor: (u, at) => showReadout(all, u, at),
        onZoom: (isPart) => {
          back.hidden = !isPart;
        },
      },
    );
    plots.owner = chosen;
    if (keep && keep[0] < keep[1]) plots.zoom(Math.max(keep[0], plots.full[0]), Math.min(keep[1], plots.full[1]));
  }

  // Around an event, with some of what came before and after.
  function around([begin, end]) {
    const [from, to] = plots.full,
      length = Math.max((end ?? to) - begin, (to - from) / 200);
    return [Math.max(from, begin - 2 * length), Math.min(to, (end ?? to) + 2 * length)];
  }

  function showEvents(one) {
    const all = one.events ?? [],
      events = all.slice(0, MOST_EVENTS);
    eventList.replaceChildren(
      events.length
        ? table(
            "Events of this series",
            [
              {
                title: "Begin (UTC)",
                value: (event) =>
                  plots
                    ? element(
                        "button",
                        { type: "button", class: "link", onclick: () => plots.zoom(...around(event)) },
                        instant(event[0]),
                      )
                    : instant(event[0]),
              },
              { title: "Length", value: (event) => span(event[0], event[1]) },
              { title: "Points", value: (event) => count(event[2]) },
              { title: "Peak score", hint: meaning("score"), value: (event) => significant(event[3]) },
              { title: "Direction", text: true, value: (event) => direction(event[4]) },
              { title: "Reason", text: true, value: (event) => named(event[5] ?? "") },
            ],
            events,
          )
        : "",
      all.length > events.length
        ? element("p", { class: "hint" }, `The first ${count(events.length)} of ${count(all.length)} events.`)
        : "",
    );
  }

  function show(at, event) {
    chosen = at;
    const one = data.series[at];
    node.hidden = false;
    title.replaceChildren(...seriesName(one));
    subtitle.replaceChildren("in ", named(configOf(one)));
    numbers.replaceChildren(seriesFacts(one));
    if (one.curve) redraw();
    else {
      plots?.destroy();
      plots = null;
      readout.hidden = true;
      key.replaceChildren(
        element("li", null, "This series has no curve in the page: only those with most trouble have one."),
      );
    }
    box.hidden = !one.curve;
    showEvents(one);
    if (event && plots) plots.zoom(...around([event.start_ms, event.end_ms]));
  }

  box.addEventListener("mouseleave", () => {
    readout.hidden = true;
  });
  box.addEventListener("keydown", (pressed) => {
    if (!plots || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    const [from, to] = plots.range(),
      width = to - from;
    const moves = {
      "+": [from + width / 4, to - width / 4],
      "-": [from - width / 2, to + width / 2],
      0: plots.full,
      ArrowLeft: [from - width / 4, to - width / 4],
      ArrowRight: [from + width / 4, to + width / 4],
    };
    const wanted = moves[pressed.key];
    if (!wanted) return;
    pressed.preventDefault();
    const [low, high] = plots.full,
      size = Math.min(wanted[1] - wanted[0], high - low);
    const begin = Math.max(low, Math.min(wanted[0], high - size));
    plots.zoom(begin, begin + size);
  });
  new ResizeObserver(() => {
    if (plots && box.clientWidth) plots.resize();
  }).observe(box);
  return {
    node,
    show,
    redraw: () => {
      if (chosen !== null) redraw();
    },
  };
}
