// The plots of a series: values, errors and scores over the same time.

const OTHERS = 3; // further configs that are drawn over the first
const HEIGHTS = { values: 300, errors: 130, scores: 130 };
const WIDE_TICKS = [0, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]; // of scores that are huge
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// Times at the axis, in UTC; the day below where it begins, and at the first.
function timeTexts(u, splits, axis, space, step) {
  let before = null;
  return splits.map((ms) => {
    if (ms === null) return null;
    const date = new Date(ms),
      text = date.toISOString();
    const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`,
      isNew = day !== before;
    before = day;
    if (step >= DAY) return `${day}\n${date.getUTCFullYear()}`;
    const time = step >= MINUTE ? text.slice(11, 16) : step >= SECOND ? text.slice(11, 19) : text.slice(11, 23);
    return isNew ? `${time}\n${day} ${date.getUTCFullYear()}` : time;
  });
}

// Numbers at the axis, with the decimals that their distance needs.
function numberTexts(u, splits, axis, space, step) {
  const decimals = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
  return splits.map((value) => (value === null ? null : tickText(value, decimals)));
}

// The lowest and highest of columns in what is to be seen. While uPlot asks for a range, it has set these places
// already, but not yet the scale of the times.
function extent(u, columns) {
  let low = Infinity,
    high = -Infinity;
  const [from, to] = u.series[0].idxs ?? [0, u.data[0].length - 1];
  for (let at = from; at <= to; ++at) {
    for (const column of columns) {
      const value = column[at];
      if (isNumber(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  return low <= high ? [low, high] : null;
}

function padded(low, high, part = 0.06) {
  const room = (high - low) * part || Math.abs(high) * part || 1;
  return [low - room, high + room];
}

// Intervals count for the scale up to twice the range of the values: one that is huge while a series is learned would
// press everything else flat.
function valueRange(lines, edges) {
  return (u) => {
    const inner = extent(u, lines);
    if (!inner) return [0, 1];
    const [low, high] = inner,
      reach = high - low || Math.abs(high) || 1;
    const outer = extent(u, edges) ?? inner;
    return padded(Math.min(low, Math.max(outer[0], low - reach)), Math.max(high, Math.min(outer[1], high + reach)));
  };
}

// Shades from begin to end (null: to the end of the data), at least some pixels wide.
function shade(u, begin, end, fillColour, edgeColour, atTop, lane = 0) {
  const { ctx, bbox } = u,
    ratioOfPixels = devicePixelRatio || 1;
  const limit = (place) => Math.max(bbox.left, Math.min(bbox.left + bbox.width, place));
  const from = u.valToPos(begin, "x", true),
    to = u.valToPos(end ?? u.data[0].at(-1), "x", true);
  if (to < bbox.left || from > bbox.left + bbox.width) return;
  const least = 3 * ratioOfPixels,
    middle = (from + to) / 2;
  const left = limit(Math.min(from, middle - least / 2)),
    right = limit(Math.max(to, middle + least / 2));
  const strip = 5 * ratioOfPixels;
  ctx.save();
  if (fillColour) {
    ctx.fillStyle = fillColour;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.fillStyle = edgeColour;
  ctx.fillRect(left, atTop ? bbox.top + lane * (strip + 1) : bbox.top + bbox.height - strip, right - left, strip);
  ctx.restore();
}

function horizontal(u, value, stroke, dash) {
  const { ctx, bbox } = u,
    y = Math.round(u.valToPos(value, "y", true)) + 0.5;
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = devicePixelRatio || 1;
  ctx.setLineDash(dash.map((one) => one * (devicePixelRatio || 1)));
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

const line = (stroke, width, more) => ({ stroke, width, points: { show: false }, ...more });

// One of the three: its columns as uPlot has them.
function valueSeries({ of }, all) {
  const columns = [],
    series = [],
    bands = [],
    lines = [],
    edges = [];
  const add = (column, options, kind) => {
    columns.push(column);
    series.push(options);
    kind?.push(column);
    return columns.length;
  };
  // The first one comes last: it lies above the others.
  [...of.entries()].reverse().forEach(([which, one]) => {
    const main = which === 0,
      tint = main ? "accent" : `other-${which}`;
    const band = (upper, lower, fillColour) => bands.push({ series: [upper, lower], fill: fillColour });
    for (const [upper, lower] of main
      ? [
          [one.upper, one.lower],
          [one.aheadUpper, one.aheadLower],
        ]
      : [])
      if (upper && lower)
        band(add(upper, line("transparent", 0), edges), add(lower, line("transparent", 0), edges), colour("band"));
    if (main && one.low) {
      const few = all[0].curve.t.length < 60,
        width = one.high ? 0.8 : 1.25;
      const low = add(one.low, line(colour("value"), width, { points: { show: few, size: 4 } }), lines);
      if (one.high) band(add(one.high, line(colour("value"), width), lines), low, colour("value-fill"));
    }
    if (one.ahead) add(one.ahead, line(colour(tint), 2, { dash: [5, 3] }), lines);
    if (one.yhat) add(one.yhat, line(colour(tint), 1.5, main ? null : { dash: [7, 3] }), lines);
  });
  return { columns, series, bands, range: valueRange(lines, edges) };
}

function plainSeries({ of }, name, range) {
  const columns = [],
    series = [];
  [...of.entries()].reverse().forEach(([which, one]) => {
    if (!one[name]) return;
    columns.push(one[name]);
    series.push(line(colour(which ? `other-${which}` : "value"), 1.25, which ? null : { fill: colour("value-fill") }));
  });
  return columns.length ? { columns, series, bands: [], range: (u) => range(extent(u, columns) ?? [0, 1]) } : null;
}

// Draws the plots into the box. all: the series, its own first; onCursor(u, place in the columns) when the pointer
// moves, with null when it leaves; onZoom(whether a part is to be seen).
function drawPlots(box, all, labels, { onCursor, onZoom }) {
  const table = joined(all);
  let highest = 0;
  for (const { score } of table.of) for (const value of score ?? []) highest = Math.max(highest, value ?? 0);
  const kinds = [
    ["values", "Value", valueSeries(table, all)],
    ["errors", "Error", plainSeries(table, "error", ([low, high]) => padded(Math.min(0, low), Math.max(0, high)))],
    ["scores", "Score", plainSeries(table, "score", ([, high]) => [0, Math.max(1.3, high * 1.06)])],
  ].filter(([, , kind]) => kind);
  const full = [table.t[0], table.t.at(-1)];
  const plots = [];
  let isFollowing = false;

  const shades = (u, name) => {
    for (const [begin, end] of labels) shade(u, begin, end, colour("label-fill"), colour("label"), false);
    all.forEach((one, which) =>
      (one.events ?? []).forEach(([begin, end]) =>
        shade(
          u,
          begin,
          end,
          which === 0 ? colour("event-fill") : null,
          colour(which === 0 ? "event" : `other-${which}`),
          true,
          which,
        ),
      ),
    );
  };
  const lines = (u, name) => {
    if (name === "errors") horizontal(u, 0, colour("axis"), []);
    if (name === "scores") horizontal(u, 1, colour("event"), [4, 3]);
  };
  const follow = (u) => {
    if (isFollowing) return;
    const { min, max } = u.scales.x;
    isFollowing = true;
    for (const other of plots)
      if (other !== u && (other.scales.x.min !== min || other.scales.x.max !== max)) other.setScale("x", { min, max });
    isFollowing = false;
    onZoom(min > full[0] || max < full[1]);
  };
  for (const [name, title, kind] of kinds) {
    const isLast = name === kinds.at(-1)[0];
    const axis = {
      stroke: colour("axis"),
      grid: { stroke: colour("grid"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    const isWide = name === "scores" && highest > 12; // the alarm line is to be seen beside a huge score
    const place = element("div", {
      class: `plot plot-${name}`,
      role: "img",
      "aria-label": `${title} of ${all[0].key} ${all[0].field}`,
    });
    box.append(place);
    plots.push(
      new uPlot(
        {
          width: box.clientWidth,
          height: HEIGHTS[name] + (isLast ? 26 : 0),
          ms: 1,
          legend: { show: false },
          padding: [8, 16, 0, 0],
          bands: kind.bands,
          tzDate: (ms) => uPlot.tzDate(new Date(ms), "Etc/UTC"),
          cursor: { sync: { key: "series" }, drag: { x: true, y: false, dist: 5 }, points: { show: false } },
          scales: {
            x: { time: true },
            y: isWide ? { distr: 4, range: (u, low, high) => [0, kind.range(u)[1]] } : { range: kind.range },
          },
          axes: [
            { ...axis, values: isLast ? timeTexts : () => [], size: isLast ? 44 : 2, space: 90 },
            {
              ...axis,
              label: title,
              labelSize: 18,
              labelFont: "12px system-ui, sans-serif",
              size: 62,
              space: 34,
              ...(isWide
                ? {
                    splits: (u) => WIDE_TICKS.filter((one) => one <= u.scales.y.max),
                    values: (u, splits) => splits.map((one) => count(one)),
                  }
                : { values: numberTexts }),
            },
          ],
          series: [{}, ...kind.series],
          hooks: {
            drawClear: [(u) => shades(u, name)],
            draw: [(u) => lines(u, name)],
            setScale: [
              (u, key) => {
                if (key !== "x") return;
                Object.assign(place.dataset, { from: u.scales.x.min, to: u.scales.x.max });
                if (plots.length === kinds.length) follow(u);
              },
            ],
            setCursor: [
              (u) => {
                if (u.cursor.event) onCursor(u, u.cursor.left < 0 ? null : u.cursor.idx);
              },
            ],
          },
        },
        [table.t, ...kind.columns],
        place,
      ),
    );
  }
  const zoom = (min, max) => plots[0].setScale("x", { min, max });
  return {
    table,
    full,
    zoom,
    reset: () => zoom(...full),
    range: () => [plots[0].scales.x.min, plots[0].scales.x.max],
    resize: () => plots.forEach((one) => one.setSize({ width: box.clientWidth, height: one.height })),
    destroy: () => {
      plots.forEach((one) => one.destroy());
      box.replaceChildren();
    },
  };
}
