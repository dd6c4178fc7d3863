// How good alarms are beside labels.

function labelledFacts(found) {
  return facts(
    fact("Precision", ratio(found.precision)),
    fact("Recall", ratio(found.recall), `${count(found.found)} of ${counted(found.windows, "window")}`),
    fact("F1", ratio(found.f1)),
    fact("Time to detect", duration(found.mean_delay_s)),
    fact("False alarms a day", significant(found.false_alarms_a_day), counted(found.false_alarms, "false alarm")),
    isNumber(found.nab) ? fact("NAB score", fixed(found.nab, 1)) : null,
  );
}

// All configs, and their pipelines where there are several.
function labelledSection(data) {
  const rows = data.configs
    .flatMap((config) => [
      { name: named(config.name), found: config.labelled, is_whole: true },
      ...(config.pipelines.length > 1
        ? config.pipelines.map((one) => ({ name: ["· ", named(one.name)], found: one.labelled }))
        : []),
    ])
    .filter((row) => row.found);
  if (!rows.length) return null;
  const levels = [...new Set(rows.map((row) => row.found.level).filter(Boolean))];
  return section(
    "labels",
    "Beside the labels",
    element(
      "p",
      { class: "lead" },
      "What was found of the windows in ",
      named(data.labels ?? "the labels"),
      levels.length ? `, by ${levels.join(" and ")}.` : ".",
    ),
    table(
      "Alarms beside labels",
      [
        { title: "Config", text: true, value: (row) => row.name },
        { title: "Found", value: (row) => `${count(row.found.found)} of ${count(row.found.windows)}` },
        { title: "Recall", hint: meaning("recall"), value: (row) => ratio(row.found.recall) },
        { title: "Precision", hint: meaning("precision"), value: (row) => ratio(row.found.precision) },
        { title: "F1", hint: meaning("f1"), value: (row) => ratio(row.found.f1) },
        { title: "Time to detect", hint: meaning("delay"), value: (row) => duration(row.found.mean_delay_s) },
        { title: "False alarms", value: (row) => count(row.found.false_alarms) },
        { title: "False a day", value: (row) => significant(row.found.false_alarms_a_day) },
        { title: "NAB", hint: meaning("nab"), value: (row) => fixed(row.found.nab, 1) },
      ],
      rows,
    ),
  );
}
