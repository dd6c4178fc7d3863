// The table of all series: sorted by a click, filtered by text, chosen by click or arrow key. Only the rows in sight
// are in the page, so that ten thousand are quick.

const ROW = 34; // height of a row in pixels, as in report.css
const BEYOND = 8; // rows drawn above and below those in sight

function listColumns(data) {
  const isSeveral = data.configs.length > 1,
    hasPipelines = data.configs.some((one) => one.pipelines.length > 1);
  return [
    {
      id: "rank",
      title: "#",
      value: (one) => one.at,
      show: (one) => count(one.at + 1),
      hint: "in the order of trouble",
    },
    { id: "name", title: "Series", text: true, value: (one) => one.name, show: (one) => seriesName(one.series) },
    isSeveral && {
      id: "config",
      title: "Config",
      text: true,
      value: (one) => one.config,
      show: (one) => named(one.config),
    },
    hasPipelines && {
      id: "pipeline",
      title: "Pipeline",
      text: true,
      value: (one) => one.pipeline,
      show: (one) => named(one.pipeline),
    },
    { id: "points", title: "Points", value: (one) => one.series.points, show: (one) => count(one.series.points) },
    { id: "mae", title: "MAE", value: (one) => one.series.mae, show: (one) => significant(one.series.mae) },
    { id: "mase", title: "MASE", value: (one) => one.series.mase, show: (one) => ratio(one.series.mase) },
    { id: "smape", title: "sMAPE", value: (one) => one.series.smape, show: (one) => percent(one.series.smape) },
    {
      id: "coverage",
      title: "Coverage",
      value: (one) => one.series.coverage,
      show: (one) => percent(one.series.coverage),
    },
    {
      id: "events",
      title: "Events",
      value: (one) => one.series.events_count,
      show: (one) => count(one.series.events_count),
    },
    {
      id: "score",
      title: "Peak score",
      value: (one) => one.series.peak_score,
      show: (one) => significant(one.series.peak_score),
    },
  ].filter(Boolean);
}

// Unknown numbers come last in both orders.
function byColumn(column, sign) {
  return (a, b) => {
    const x = column.value(a),
      y = column.value(b);
    if (column.text) return sign * (x < y ? -1 : x > y ? 1 : 0) || a.at - b.at;
    if (!isNumber(x) || !isNumber(y)) return isNumber(y) - isNumber(x) || a.at - b.at;
    return sign * (x - y) || a.at - b.at;
  };
}

function seriesList(data, onChoose) {
  const columns = listColumns(data);
  const rows = data.series.map((series, at) => {
    const config = data.configs[series.config];
    const one = {
      at,
      series,
      name: `${series.key} ${series.field}`,
      config: config.name,
      pipeline: config.pipelines[series.pipeline].name,
    };
    one.words = `${one.name} ${one.config} ${one.pipeline}`.toLowerCase();
    return one;
  });
  let shown = rows,
    sortedBy = columns[0],
    sign = 1,
    chosen = null,
    isPending = false,
    first = 0,
    end = 0;

  const filter = element("input", {
    type: "search",
    id: "filter",
    placeholder: "Filter, such as host=a usage",
    "aria-label": "Filter the series by text",
    autocomplete: "off",
    spellcheck: "false",
  });
  const number = element("output", { id: "shown", for: "filter" });
  const body = element("tbody");
  const headings = columns.map((column) =>
    element(
      "th",
      {
        scope: "col",
        class: column.text ? "text" : null,
        "data-column": column.id,
        title: column.hint ?? meaning(column.id),
        "aria-sort": "none",
      },
      element("button", { type: "button", onclick: () => sort(column) }, column.title),
    ),
  );
  const grid = element(
    "table",
    { role: "grid", tabindex: 0, "aria-label": "All series", "aria-rowcount": rows.length + 1, id: "all-series" },
    element(
      "colgroup",
      null,
      columns.map((column) => element("col", { class: `col-${column.id}` })),
    ),
    element("thead", null, element("tr", { "aria-rowindex": 1 }, headings)),
    body,
  );
  const sight = element("div", { class: "window", id: "window" }, grid);

  const spacer = (height) => {
    const row = element("tr", { class: "spacer", "aria-hidden": "true" }, element("td", { colspan: columns.length }));
    row.firstChild.style.height = `${height}px`;
    return row;
  };

  function rowOf(one, place) {
    return element(
      "tr",
      {
        id: `row-${one.at}`,
        "aria-rowindex": place + 2,
        "aria-selected": String(one.at === chosen),
        onclick: () => choose(one.at),
      },
      columns.map((column) =>
        element(
          "td",
          { role: "gridcell", class: column.text ? "text" : null, title: column.id === "name" ? one.name : null },
          column.show(one),
        ),
      ),
    );
  }

  function draw(isForced) {
    const from = Math.max(0, Math.floor(sight.scrollTop / ROW) - BEYOND);
    const to = Math.min(shown.length, Math.ceil((sight.scrollTop + sight.clientHeight) / ROW) + BEYOND);
    if (!isForced && from === first && to === end) return;
    first = from;
    end = to;
    body.replaceChildren(
      spacer(from * ROW),
      ...shown.slice(from, to).map((one, at) => rowOf(one, from + at)),
      spacer((shown.length - to) * ROW),
    );
    if (chosen !== null && document.getElementById(`row-${chosen}`))
      grid.setAttribute("aria-activedescendant", `row-${chosen}`);
    else grid.removeAttribute("aria-activedescendant");
  }

  function refresh() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = rows.filter((one) => words.every((word) => one.words.includes(word)));
    shown.sort(byColumn(sortedBy, sign));
    number.textContent =
      shown.length === rows.length
        ? counted(rows.length, "series", "series")
        : `${count(shown.length)} of ${count(rows.length)} series`;
    grid.setAttribute("aria-rowcount", shown.length + 1);
    sight.scrollTop = 0;
    draw(true);
  }

  function sort(column) {
    sign = column === sortedBy ? -sign : column.text || column.id === "rank" ? 1 : -1;
    sortedBy = column;
    headings.forEach((heading, at) =>
      heading.setAttribute("aria-sort", columns[at] === column ? (sign > 0 ? "ascending" : "descending") : "none"),
    );
    refresh();
  }

  function intoSight(place) {
    const head = grid.tHead.offsetHeight,
      top = place * ROW;
    if (top < sight.scrollTop) sight.scrollTop = top;
    else if (top + ROW + head > sight.scrollTop + sight.clientHeight)
      sight.scrollTop = top + ROW + head - sight.clientHeight;
  }

  function choose(at, event) {
    chosen = at;
    const place = shown.findIndex((one) => one.at === at);
    if (place >= 0) intoSight(place);
    draw(true);
    onChoose(at, event);
  }

  function move(by) {
    if (!shown.length) return;
    const place = shown.findIndex((one) => one.at === chosen);
    choose(shown[Math.max(0, Math.min(shown.length - 1, place < 0 ? 0 : place + by))].at);
  }

  sight.addEventListener("scroll", () => {
    if (isPending) return;
    isPending = true;
    requestAnimationFrame(() => {
      isPending = false;
      draw(false);
    });
  });
  filter.addEventListener("input", refresh);
  filter.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Escape") {
      if (filter.value) {
        filter.value = "";
        refresh();
      } else filter.blur();
    }
    if (pressed.key === "Enter" && shown.length) {
      choose(shown[0].at);
      grid.focus();
    }
  });
  headings[0].setAttribute("aria-sort", "ascending");
  new ResizeObserver(() => draw(false)).observe(sight);
  const all = () => {
    body.replaceChildren(...shown.slice(0, 60).map((one, at) => rowOf(one, at)));
  };
  return {
    node: element("div", { class: "list" }, element("div", { class: "bar" }, filter, number), sight),
    filter,
    refresh,
    choose,
    move,
    forPrint: all,
    draw: () => draw(true),
  };
}
