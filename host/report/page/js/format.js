// Numbers and times as text. What is not known is a dash.

const UNKNOWN = "–";
const SECOND = 1000,
  MINUTE = 60 * SECOND,
  HOUR = 60 * MINUTE,
  DAY = 24 * HOUR;

const isNumber = (x) => typeof x === "number" && Number.isFinite(x);
const withMinus = (text) => text.replace("-", "−");
const groups = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

// With so many digits that mean something: 0.0123, 1.23, 123, 12,300.
function significant(x, digits = 3) {
  if (!isNumber(x)) return UNKNOWN;
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e7 || size < 1e-4) return withMinus(x.toExponential(digits - 1).replace("e+", "e"));
  if (size >= 10 ** (digits - 1)) return withMinus(groups.format(x));
  return withMinus(x.toPrecision(digits));
}

const fixed = (x, decimals) => (isNumber(x) ? withMinus(x.toFixed(decimals)) : UNKNOWN);
const ratio = (x) => (isNumber(x) && Math.abs(x) >= 1000 ? significant(x) : fixed(x, 2));
const percent = (x) => (isNumber(x) ? `${fixed(x, 1)} %` : UNKNOWN);
const share = (x) => (isNumber(x) ? percent(100 * x) : UNKNOWN);
const count = (x) => (isNumber(x) ? withMinus(groups.format(x)) : UNKNOWN);
const counted = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

// "90 s", "12 min", "2.5 h", "3 d".
function duration(seconds) {
  if (!isNumber(seconds)) return UNKNOWN;
  const one = (x) => String(Number(x.toFixed(x < 10 ? 1 : 0)));
  if (seconds > 0 && seconds < 1) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  const fits = (unit) => seconds >= 2 * unit || (seconds >= unit && seconds % unit === 0);
  if (fits(86400)) return `${one(seconds / 86400)} d`;
  if (fits(3600)) return `${one(seconds / 3600)} h`;
  return fits(60) ? `${one(seconds / 60)} min` : `${one(seconds)} s`;
}

// "2026-11-30 07:09:43", in UTC; with milliseconds if there are some.
function instant(ms) {
  if (!isNumber(ms) || Math.abs(ms) > 8.64e15) return UNKNOWN;
  const text = new Date(ms).toISOString().replace("T", " ").replace("Z", "");
  return text.endsWith(".000") ? text.slice(0, -4) : text;
}

const lead = (one) => duration(one.lead_s);
const steps = (n) => `${count(n)} ${n === 1 ? "step" : "steps"}`;

// A span that an event or a label takes, for a sentence.
function span(from, to) {
  return to === null || to === undefined ? "still open" : duration((to - from) / 1000);
}

const DIRECTIONS = { above_expected: "above", below_expected: "below", rising: "rising", falling: "falling", none: "" };
const direction = (name) => DIRECTIONS[name] ?? String(name ?? "");
