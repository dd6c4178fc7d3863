// A series' curve as columns for the plots, with a hole wherever points are missing.

const COLUMNS = ["low", "high", "yhat", "lower", "upper", "error", "score"];

// The usual distance of two entries of a curve, in milliseconds.
function usualStep(one) {
  const { t } = one.curve;
  const nominal = (one.interval_s ?? 0) * SECOND * (one.curve.points_a_bucket ?? 1);
  const distances = t
    .slice(1)
    .map((time, at) => time - t[at])
    .sort((a, b) => a - b);
  return Math.max(nominal, distances.length ? distances[distances.length >> 1] : 0) || SECOND;
}

// {t, low, ...}: where t jumps, a row of nulls interrupts the lines.
function withHoles(one) {
  const { curve } = one;
  const names = COLUMNS.filter((name) => curve[name]?.some(isNumber));
  const step = usualStep(one);
  const result = { t: [] };
  for (const name of names) result[name] = [];
  curve.t.forEach((time, at) => {
    const before = curve.t[at - 1];
    if (at && time - before > 1.9 * step) {
      result.t.push(before + step / 2);
      for (const name of names) result[name].push(null);
    }
    result.t.push(time);
    for (const name of names) result[name].push(isNumber(curve[name][at]) ? curve[name][at] : null);
  });
  return result;
}

// The forecasts ahead, beginning at the last value so that the line goes on.
function aheadOf(one) {
  const { ahead, curve } = one;
  if (!ahead?.t?.length) return null;
  const result = {
    t: [...ahead.t],
    ahead: [...ahead.yhat],
    aheadLower: [...(ahead.lower ?? [])],
    aheadUpper: [...(ahead.upper ?? [])],
  };
  if (!result.aheadLower.length || !result.aheadUpper.length) {
    delete result.aheadLower;
    delete result.aheadUpper;
  }
  const last = curve.t.at(-1);
  const value = curve.high?.at(-1) === undefined ? curve.low?.at(-1) : (curve.low.at(-1) + curve.high.at(-1)) / 2;
  if (isNumber(value) && last < ahead.t[0]) {
    result.t.unshift(last);
    for (const name of ["ahead", "aheadLower", "aheadUpper"]) result[name]?.unshift(value);
  }
  return result;
}

// All columns of several series over the same times: {t, of: [{yhat: [...], ...} for each]}. Where another one has no
// entry at a time there is undefined, over which lines go on.
function joined(all) {
  const tables = [],
    places = [];
  all.forEach((one, which) => {
    for (const part of [withHoles(one), aheadOf(one)]) {
      if (!part) continue;
      const { t, ...columns } = part;
      tables.push([t, ...Object.values(columns)]);
      for (const name of Object.keys(columns)) places.push([which, name]);
    }
  });
  const [t, ...columns] = uPlot.join(tables);
  const of = all.map(() => ({}));
  places.forEach(([which, name], at) => {
    of[which][name] = columns[at];
  });
  return { t, of };
}

// The value of a column at a place, or at the nearest one where it has any.
function nearby(column, at, reach = 3) {
  if (!column) return null;
  for (let off = 0; off <= reach; ++off)
    for (const place of [at - off, at + off]) if (isNumber(column[place])) return column[place];
  return null;
}
