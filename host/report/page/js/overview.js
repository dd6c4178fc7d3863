// The top of the page: what was run, and all pipelines at a glance.

const pipelineId = (config, pipeline) => `pipeline-${config}-${pipeline}`;

function themeSwitch(onChange) {
  const root = document.documentElement;
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const button = element("button", { type: "button", id: "theme", class: "quiet" });
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.title = `To ${isDark() ? "light" : "dark"} colours`;
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
    onChange();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show();
    onChange();
  });
  show();
  return button;
}

function pageHeader(data, onTheme) {
  const { input } = data;
  const files = input.files ?? [];
  const first = input.first_ms,
    last = input.last_ms;
  document.title = `Backtest of ${data.configs.map((one) => one.name).join(", ")}`;
  put(
    document.getElementById("top"),
    element(
      "div",
      { class: "bar" },
      element("h1", null, "Backtest"),
      element("nav", { "aria-label": "Sections", id: "sections" }),
      themeSwitch(onTheme),
    ),
    element(
      "p",
      { class: "lead" },
      data.configs.map((one, at) => [at ? ", " : "", element("strong", null, named(one.name))]),
      " over ",
      files.length > 3 ? counted(files.length, "file") : files.map((one, at) => [at ? ", " : "", named(one)]),
    ),
    facts(
      fact(
        "Points",
        count(input.points),
        [
          input.left_out ? `${count(input.left_out)} left out` : "",
          input.without_time ? `${count(input.without_time)} without a time` : "",
        ]
          .filter(Boolean)
          .join(", "),
      ),
      fact("From (UTC)", instant(first)),
      fact("To (UTC)", instant(last), isNumber(first) && isNumber(last) ? duration((last - first) / 1000) : null),
      fact("Series", count(data.series.length), data.configs.length > 1 ? `of ${data.configs.length} configs` : null),
      data.labels ? fact("Labels", named(data.labels)) : null,
      fact("Took", duration(data.configs.reduce((sum, one) => sum + (one.seconds ?? 0), 0)), data.program),
    ),
    files.length > 3
      ? element(
          "details",
          null,
          element("summary", null, counted(files.length, "file")),
          element(
            "ul",
            null,
            files.map((one) => element("li", null, named(one))),
          ),
        )
      : null,
  );
}

// The links to the sections, once they are there.
function fillSections() {
  document
    .getElementById("sections")
    .append(
      ...[...document.querySelectorAll("main > section")].map((one) =>
        element("a", { href: `#${one.id}` }, one.querySelector("h2").textContent),
      ),
    );
}

function glanceSection(data) {
  const rows = data.configs.flatMap((config, c) => config.pipelines.map((pipeline, p) => ({ config, pipeline, c, p })));
  const first = (row) => row.pipeline.leads?.[0];
  const last = (row) => row.pipeline.leads?.at(-1);
  const widest = (row) => Math.max(...(row.pipeline.levels ?? []));
  const isSeveral = data.configs.length > 1;
  return section(
    "glance",
    "At a glance",
    table(
      "All pipelines",
      [
        ...(isSeveral ? [{ title: "Config", text: true, value: (row) => named(row.config.name) }] : []),
        {
          title: "Pipeline",
          text: true,
          value: (row) =>
            element(
              "a",
              {
                href: `#${pipelineId(row.c, row.p)}`,
                onclick: () => {
                  document.getElementById(pipelineId(row.c, row.p)).open = true;
                },
              },
              named(row.pipeline.name),
            ),
        },
        {
          title: "Plugins",
          text: true,
          value: (row) =>
            named([row.pipeline.forecaster, ...(row.pipeline.detectors ?? [])].filter(Boolean).join(", ")),
        },
        { title: "Series", value: (row) => count(row.pipeline.series) },
        { title: "Points", value: (row) => count(row.pipeline.points) },
        { title: "MASE, nearest lead", hint: meaning("mase"), value: (row) => ratio(first(row)?.mase) },
        { title: "MASE, farthest", hint: meaning("mase"), value: (row) => ratio(last(row)?.mase) },
        {
          title: "Coverage",
          hint: meaning("coverage"),
          value: (row) => {
            const observed = first(row) && levelOf(first(row), widest(row))?.coverage;
            return isNumber(observed) ? [percent(observed), element("small", null, ` of ${widest(row)} %`)] : UNKNOWN;
          },
        },
        { title: "Events", value: (row) => count(row.pipeline.events?.count) },
        { title: "A day and series", value: (row) => significant(row.pipeline.events?.a_day_and_series) },
        { title: "Took", value: (row) => duration(row.config.seconds) },
      ],
      rows,
    ),
  );
}

// Where there are many, the first one is open.
function pipelinesSection(data, choose) {
  const isShort = data.configs.reduce((sum, one) => sum + one.pipelines.length, 0) <= 2;
  return section(
    "pipelines",
    "Pipelines",
    data.configs.flatMap((config, c) =>
      config.pipelines.map((pipeline, p) =>
        pipelineCard(config, pipeline, pipelineId(c, p), data.series, choose, isShort || (c === 0 && p === 0)),
      ),
    ),
  );
}
