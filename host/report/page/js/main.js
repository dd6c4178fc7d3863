// Puts the page together, and gives keys and print their meaning.

function seriesSection(list, detail) {
  return section(
    "series",
    "Series",
    element(
      "p",
      { class: "lead" },
      "In the order of trouble. Choose one to see it; ",
      element("kbd", null, "↑"),
      " ",
      element("kbd", null, "↓"),
      " for its neighbours, ",
      element("kbd", null, "/"),
      " to filter.",
    ),
    list.node,
    detail.node,
  );
}

function keys(list) {
  document.addEventListener("keydown", (pressed) => {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.defaultPrevented) return;
    const { target } = pressed;
    const isField = target instanceof HTMLInputElement && target.type !== "checkbox";
    if (pressed.key === "/" && !isField) {
      pressed.preventDefault();
      list.filter.focus();
      list.filter.select();
    }
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[pressed.key];
    const isNear = target instanceof Element && target.closest("#series");
    if (by && (isNear || (Math.abs(by) === 1 && isInSight(list.node)))) {
      pressed.preventDefault();
      list.move(by);
    }
  });
}

// Arrow keys scroll the page until the series are to be seen.
function isInSight(node) {
  const { top, bottom } = node.getBoundingClientRect();
  return top < innerHeight * 0.6 && bottom > 0;
}

function printing(list, detail) {
  let before;
  addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    for (const one of document.querySelectorAll("details")) one.open = true;
    list.forPrint();
    detail.redraw();
  });
  addEventListener("afterprint", () => {
    if (before) document.documentElement.dataset.theme = before;
    else delete document.documentElement.dataset.theme;
    list.draw();
    detail.redraw();
  });
}

// A section that cannot be made leaves the others alone.
function attempted(make) {
  try {
    return make();
  } catch (problem) {
    console.error(problem);
    return element("p", { class: "note" }, `A part of the page could not be drawn (${problem.message}).`);
  }
}

function begin() {
  const main = document.getElementById("main");
  let data;
  try {
    data = JSON.parse(document.getElementById("data").textContent);
  } catch (problem) {
    main.append(
      element(
        "p",
        { class: "note" },
        `The data of this page cannot be read (${problem.message}); make the report again.`,
      ),
    );
    return;
  }
  if (data.format !== 1) {
    main.append(
      element(
        "p",
        { class: "note" },
        `The data of this page have format ${data.format}, expected 1; make the report again.`,
      ),
    );
    return;
  }
  const detail = detailPanel(data);
  const list = seriesList(data, detail.show);
  const jump = (at, event) => {
    list.choose(at, event);
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    detail.node.scrollIntoView({ block: "start", behavior: isCalm ? "instant" : "smooth" });
  };
  pageHeader(data, detail.redraw);
  put(
    main,
    [
      () => glanceSection(data),
      () => comparisonSection(data, jump),
      () => labelledSection(data),
      () => pipelinesSection(data, jump),
      () => data.series.length > 0 && seriesSection(list, detail),
      meaningsSection,
    ].map(attempted),
  );
  fillSections();
  if (data.series.length) {
    list.refresh();
    list.choose(0);
    keys(list);
    printing(list, detail);
  }
}

begin();
