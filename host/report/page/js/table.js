// A table of data. columns: {title, value(row), text: true (left, else a number), hint}.

// A table that is wider than its place can be scrolled with keys; the others are no stop of the tab key.
const scrollable = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

function table(caption, columns, rows, attributes) {
  const cell = (row) => (column, at) => {
    const value = column.value(row);
    return at === 0
      ? element("th", { scope: "row", class: column.text ? "text" : null }, value)
      : element("td", { class: column.text ? "text" : null }, value);
  };
  const box = element(
    "div",
    { class: "wide", role: "region", "aria-label": caption },
    element(
      "table",
      attributes,
      element("caption", null, caption),
      element(
        "thead",
        null,
        element(
          "tr",
          null,
          columns.map((column) =>
            element("th", { scope: "col", class: column.text ? "text" : null, title: column.hint }, column.title),
          ),
        ),
      ),
      element(
        "tbody",
        null,
        rows.map((row) => element("tr", null, columns.map(cell(row)))),
      ),
    ),
  );
  scrollable.observe(box);
  return box;
}
