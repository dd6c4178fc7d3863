// Small charts as SVG: they take the page's colours, print sharply, and need no script once drawn.

const CHART = { width: 340, height: 190, left: 46, right: 12, top: 10, bottom: 34 };

// Round numbers from low to high, some three to six of them.
function ticks(low, high, wanted = 4) {
  const rough = (high - low) / wanted || 1;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * unit).find((one) => one >= rough);
  const result = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) result.push(i * step);
  return {
    values: result,
    decimals: Math.max(
      0,
      -Math.floor(Math.log10(step) + 1e-9) + (step / 10 ** Math.floor(Math.log10(step)) === 2.5 ? 1 : 0),
    ),
  };
}

// As text of an axis.
const tickText = (value, decimals) =>
  Math.abs(value) >= 1e5 ? significant(value) : fixed(value, Math.min(decimals, 6));

// Each series has a shape besides its colour.
const SHAPES = [
  (x, y) => drawn("circle", { cx: x, cy: y, r: 3.2 }),
  (x, y) => drawn("rect", { x: x - 3, y: y - 3, width: 6, height: 6 }),
  (x, y) => drawn("path", { d: `M${x - 4} ${y + 3}h8l-4 -7z` }),
  (x, y) => drawn("path", { d: `M${x} ${y - 4.4}l4.4 4.4l-4.4 4.4l-4.4 -4.4z` }),
];
const marker = (at, x, y) => SHAPES[at % SHAPES.length](x, y);

function legend(names) {
  return names.length < 2
    ? null
    : element(
        "ul",
        { class: "legend" },
        names.map((name, at) =>
          element(
            "li",
            null,
            drawn(
              "svg",
              { class: `swatch series-${at % 6}`, viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
              marker(at, 6, 6),
            ),
            named(name),
          ),
        ),
      );
}

// The frame of a chart: its title, the legend, the axes. Gives back the figure, the SVG and how numbers become places.
function frame({ title, note, names = [], low, high, unit = "", xs, xTitle, description }) {
  const { width, height, left, right, top, bottom } = CHART;
  const range = ticks(low, high);
  const y = (value) => top + (height - top - bottom) * (1 - (value - low) / (high - low || 1));
  const image = drawn("svg", {
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": description ?? title,
    class: "chart",
  });
  for (const value of range.values) {
    image.append(
      drawn("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      drawn(
        "text",
        { class: "tick", x: left - 6, y: y(value) + 3.5, "text-anchor": "end" },
        tickText(value, range.decimals) + unit,
      ),
    );
  }
  for (const { at, text } of xs)
    image.append(drawn("text", { class: "tick", x: at, y: height - bottom + 15, "text-anchor": "middle" }, text));
  image.append(
    drawn("text", { class: "axis", x: (left + width - right) / 2, y: height - 3, "text-anchor": "middle" }, xTitle),
  );
  const figure = element(
    "figure",
    { class: "figure" },
    element("figcaption", null, title, note ? element("small", null, note) : null),
    legend(names),
    image,
  );
  return { figure, image, y };
}

// Where the texts below the axis stand so that they do not touch each other.
function sparse(places, most = 7) {
  const every = Math.ceil(places.length / most);
  return places.filter((_, at) => at % every === 0);
}

// Lines over the leads, which stand side by side at equal distances. series: {name, values}; references:
// {value, name if it has one}; atLeast: values that the axis reaches.
function leadChart({
  title,
  note,
  leads,
  series,
  references = [],
  fromZero = true,
  atLeast = [],
  unit,
  hint = significant,
}) {
  const kept = series.filter((one) => one.values.some(isNumber));
  const all = [...kept.flatMap((one) => one.values), ...references.map((one) => one.value), ...atLeast].filter(
    isNumber,
  );
  if (!all.length || !kept.length) return null;
  let low = Math.min(...all),
    high = Math.max(...all);
  if (fromZero) low = Math.min(0, low);
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  high += room;
  if (low < 0 || !fromZero) low -= room;
  const { width, left, right } = CHART;
  const space = (width - left - right) / leads.length;
  const x = (at) => left + space * (at + 0.5);
  const names = kept.map((one) => one.name);
  const told = (one) => `${one.name} ${one.values.map((value) => hint(value)).join(", ")}`;
  const { figure, image, y } = frame({
    title,
    note,
    names,
    low,
    high,
    unit,
    xTitle: "lead",
    xs: sparse(leads.map((one, at) => ({ at: x(at), text: lead(one) }))),
    description: `${title}: ${kept.map(told).join("; ")}; at leads ${leads.map(lead).join(", ")}`,
  });
  for (const one of references)
    image.append(
      drawn("line", { class: "reference", x1: left, x2: width - right, y1: y(one.value), y2: y(one.value) }),
      one.name
        ? drawn("text", { class: "note", x: width - right, y: y(one.value) - 4, "text-anchor": "end" }, one.name)
        : "",
    );
  kept.forEach((one, at) => {
    let path = "",
      isDrawing = false;
    one.values.forEach((value, step) => {
      path += isNumber(value) ? `${isDrawing ? "L" : "M"}${x(step).toFixed(1)} ${y(value).toFixed(1)}` : "";
      isDrawing = isNumber(value);
    });
    const points = one.values.map(
      (value, step) =>
        isNumber(value) &&
        drawn(
          "g",
          null,
          drawn("title", null, `${one.name}, ${lead(leads[step])} ahead: ${hint(value)}`),
          marker(at, x(step), y(value)),
        ),
    );
    image.append(drawn("g", { class: `series-${at % 6}` }, drawn("path", { class: "line", d: path }), points));
  });
  return figure;
}

// Nominal against observed coverage, one line a lead; the nearest lead is the darkest.
function calibrationChart(leads) {
  const lines = leads
    .map((one) => ({
      name: lead(one),
      points: (one.levels ?? []).filter((level) => isNumber(level.coverage)).sort((a, b) => a.level - b.level),
    }))
    .filter((one) => one.points.length);
  if (!lines.length) return null;
  const all = lines.flatMap((one) => one.points.flatMap((point) => [point.level, point.coverage]));
  const low = Math.max(0, Math.floor((Math.min(...all) - 4) / 10) * 10),
    high = 100;
  const { width, left, right } = CHART;
  const x = (value) => left + ((width - left - right) * (value - low)) / (high - low);
  const shown = lines.length > 4 ? [0, 1, 2, 3].map((i) => lines[Math.round((i * (lines.length - 1)) / 3)]) : lines;
  const levels = [...new Set(lines.flatMap((one) => one.points.map((point) => point.level)))].sort((a, b) => a - b);
  const held = (point) => `${percent(point.coverage)} of ${point.level} %`;
  const told = (one) => `${one.name} ahead ${one.points.map(held).join(", ")}`;
  const { figure, image, y } = frame({
    title: "Calibration",
    note: "above the line: wider than need be",
    names: shown.map((one) => one.name),
    low,
    high,
    unit: " %",
    xTitle: "level of the interval",
    xs: levels.map((value) => ({ at: x(value), text: `${value} %` })),
    description: `Calibration: ${shown.map(told).join("; ")}`,
  });
  image.append(drawn("line", { class: "reference", x1: x(low), y1: y(low), x2: x(high), y2: y(high) }));
  shown.forEach((one, at) => {
    const path = one.points
      .map((point, step) => `${step ? "L" : "M"}${x(point.level).toFixed(1)} ${y(point.coverage).toFixed(1)}`)
      .join("");
    image.append(
      drawn(
        "g",
        { class: `series-${at % 6}` },
        drawn("path", { class: "line", d: path }),
        one.points.map((point) =>
          drawn(
            "g",
            null,
            drawn("title", null, `${one.name} ahead: ${percent(point.coverage)} within the ${point.level} % interval`),
            marker(at, x(point.level), y(point.coverage)),
          ),
        ),
      ),
    );
  });
  return figure;
}

// Errors one step ahead in units of the interval's reach: within -1 and 1 they lie in the interval.
function errorChart(errors, level) {
  const total = errors ? errors.counts.reduce((sum, one) => sum + one, 0) : 0;
  if (!total) return null;
  const { counts, from, to } = errors;
  const { width, height, left, right, bottom } = CHART;
  const x = (value) => left + ((width - left - right) * (value - from)) / (to - from);
  const shares = counts.map((one) => (100 * one) / total);
  const { figure, image, y } = frame({
    title: "Errors one step ahead",
    note: "the interval: −1 to 1",
    low: 0,
    high: Math.max(...shares) * 1.08,
    unit: " %",
    xTitle: `error / reach of the ${level ?? "widest"}${level ? " %" : ""} interval`,
    xs: ticks(from, to).values.map((value) => ({ at: x(value), text: fixed(value, Number.isInteger(value) ? 0 : 1) })),
  });
  const wide = (width - left - right) / counts.length;
  image.append(
    drawn("rect", {
      class: "inside",
      x: x(-1),
      width: x(1) - x(-1),
      y: CHART.top,
      height: height - CHART.top - bottom,
    }),
  );
  shares.forEach((one, at) => {
    const begin = from + ((to - from) * at) / counts.length,
      end = from + ((to - from) * (at + 1)) / counts.length;
    const where =
      at === 0
        ? `below ${fixed(end, 2)}`
        : at === counts.length - 1
          ? `above ${fixed(begin, 2)}`
          : `${fixed(begin, 2)} to ${fixed(end, 2)}`;
    image.append(
      drawn(
        "rect",
        { class: "bar", x: left + wide * at + 0.5, width: Math.max(0.5, wide - 1), y: y(one), height: y(0) - y(one) },
        drawn("title", null, `${where}: ${percent(one)}, ${counted(counts[at], "error")}`),
      ),
    );
  });
  for (const edge of [-1, 1])
    image.append(drawn("line", { class: "reference", x1: x(edge), x2: x(edge), y1: CHART.top, y2: height - bottom }));
  return figure;
}
