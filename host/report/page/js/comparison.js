// Two configs side by side: whose errors are smaller, by how much, and on which series.

function comparisonSentence(first, a, b) {
  if (!isNumber(first?.ratio)) return "There is no series that both forecast.";
  const percentage = Math.round(100 * Math.abs(1 - first.ratio));
  const how = percentage === 0 ? "as large as" : `${percentage} % ${first.ratio < 1 ? "smaller" : "larger"} than`;
  return [
    `${lead(first)} ahead, the errors of `,
    named(b),
    ` are ${how} those of `,
    named(a),
    `; they are smaller on ${count(first.b_better)} of ${counted(first.series, "series", "series")}.`,
  ];
}

// A bar to the left for smaller errors, to the right for larger ones; a factor of two fills a half.
function ratioBar(value) {
  if (!isNumber(value) || value <= 0) return UNKNOWN;
  const size = 60 * Math.max(-1, Math.min(1, Math.log2(value)));
  return drawn(
    "svg",
    {
      viewBox: "0 0 124 14",
      width: 124,
      height: 14,
      class: "ratio",
      role: "img",
      "aria-label": value < 1 ? "smaller" : "larger",
    },
    drawn("rect", {
      class: value < 1 ? "better" : "worse",
      x: size < 0 ? 62 + size : 62,
      y: 2,
      width: Math.max(1, Math.abs(size)),
      height: 10,
      rx: 2,
    }),
    drawn("line", { class: "middle", x1: 62, x2: 62, y1: 0, y2: 14 }),
  );
}

function comparisonCard(data, comparison, find, choose) {
  const a = data.configs[comparison.a].name,
    b = data.configs[comparison.b].name;
  const link = (one) => {
    const at = find(comparison.b, one.key, one.field);
    return at === null
      ? seriesName(one)
      : element("button", { type: "button", class: "link", onclick: () => choose(at) }, seriesName(one));
  };
  const list = (title, rows) =>
    rows?.length
      ? element(
          "div",
          null,
          table(
            title,
            [
              { title: "Series", text: true, value: link },
              { title: "Lead", value: (one) => steps(one.steps) },
              { title: "Ratio", hint: meaning("ratio"), value: (one) => ratio(one.ratio) },
              { title: "", value: (one) => ratioBar(one.ratio) },
            ],
            rows,
          ),
        )
      : null;
  return element(
    "article",
    { class: "card comparison" },
    element("h3", null, named(b), element("small", null, " beside "), named(a)),
    element("p", { class: "remark" }, comparisonSentence(comparison.leads?.[0], a, b)),
    comparison.leads?.length
      ? element(
          "div",
          { class: "pair" },
          table(
            `Errors of ${b} divided by those of ${a}`,
            [
              {
                title: "Lead",
                hint: meaning("lead"),
                value: (one) => [lead(one), element("small", null, ` ${steps(one.steps)}`)],
              },
              { title: "Series", value: (one) => count(one.series) },
              { title: "Ratio", hint: meaning("ratio"), value: (one) => ratio(one.ratio) },
              { title: `${b} better`, value: (one) => count(one.b_better) },
              { title: `${a} better`, value: (one) => count(one.a_better) },
            ],
            comparison.leads,
          ),
          leadChart({
            title: "Ratio by lead",
            note: "below 1 the first config has smaller errors",
            leads: comparison.leads,
            hint: ratio,
            fromZero: false,
            references: [{ value: 1, name: "equal" }],
            series: [{ name: "ratio of errors", values: comparison.leads.map((one) => one.ratio) }],
          }),
        )
      : null,
    element(
      "div",
      { class: "pair" },
      list(`Where ${b} gains most`, comparison.b_gains),
      list(`Where ${b} loses most`, comparison.b_loses),
    ),
  );
}

function comparisonSection(data, choose) {
  if (!data.comparisons?.length) return null;
  const places = new Map(data.series.map((one, at) => [`${one.config}\n${one.key}\n${one.field}`, at]));
  const find = (config, key, field) => places.get(`${config}\n${key}\n${field}`) ?? null;
  return section(
    "comparison",
    "Comparison",
    data.comparisons.map((one) => comparisonCard(data, one, find, choose)),
  );
}
