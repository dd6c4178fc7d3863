// What the numbers mean: hints at the headings of tables, and a list at the end of the page.

const MEANINGS = {
  lead: ["Lead", "how far ahead of the last value a forecast looks"],
  mae: ["MAE", "mean absolute error, in the unit of the values"],
  rmse: ["RMSE", "root of the mean squared error, in the unit of the values; large errors weigh more"],
  smape: [
    "sMAPE",
    "mean of the error's size as a percentage of the mean size of value and forecast: 0 % is perfect, 200 % the worst",
  ],
  mase: [
    "MASE",
    "mean absolute error divided by that of the last value as the forecast, at the same lead; below 1 is better",
  ],
  mase_seasonal: ["Seasonal MASE", "the same beside the value one season ago as the forecast"],
  bias: ["Bias", "mean of value minus forecast: positive where forecasts are too low"],
  coverage: ["Coverage", "the share of values that came to lie within the interval; it should be the interval's level"],
  width: ["Width", "mean width of the interval, in the unit of the values"],
  msis: ["MSIS", "mean scaled interval score: the width with a penalty for each value outside; smaller is better"],
  score: ["Score", "how unusual a value is: 0 is as expected, 1 the alarm line, above it an anomaly"],
  precision: ["Precision", "the share of alarms that lie in a labelled window"],
  recall: ["Recall", "the share of labelled windows in which there was an alarm"],
  f1: ["F1", "the harmonic mean of precision and recall; 1 is perfect"],
  delay: ["Time to detect", "from the beginning of a labelled window to its first alarm, in the mean"],
  nab: ["NAB score", "the score of the Numenta Anomaly Benchmark, which rewards early alarms; 100 is perfect"],
  ratio: [
    "Ratio",
    "the error of one config divided by the other's, as the geometric mean over series; below 1: smaller errors",
  ],
};

const meaning = (id) => (MEANINGS[id] ? `${MEANINGS[id][0]}: ${MEANINGS[id][1]}` : null);

function meaningsSection() {
  return section(
    "meanings",
    "What the numbers mean",
    element(
      "dl",
      { class: "meanings" },
      Object.values(MEANINGS).map(([name, text]) =>
        element("div", null, element("dt", null, name), element("dd", null, text)),
      ),
    ),
  );
}
