//! What a model gets and gives: the grid, points, verdicts.

use crate::ffi;
use std::slice;

/// What the catalogue shows of an algorithm.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Lower case letters, digits, `.`, `_` and `-`, with a prefix of yours: `"acme.spikes"`.
    pub id: &'static str,
    /// Of this algorithm: `"1.0.0"`.
    pub version: &'static str,
    /// One sentence, with its full stop.
    pub summary: &'static str,
    /// Raise it when the layout or the meaning of the state changes; see
    /// [`Model::migrate`](crate::Migrates).
    pub state_version: u32,
}

impl About {
    /// The id, the version and the summary of an algorithm whose state has version 1.
    pub const fn new(id: &'static str, version: &'static str, summary: &'static str) -> About {
        About { id, version, summary, state_version: 1 }
    }
    /// The same with another version of the state.
    pub const fn with_state_version(self, state_version: u32) -> About {
        About { state_version, ..self }
    }
}

/// What is known of the regular grid of the series before there is one.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Nanoseconds from one step to the next; above 0.
    pub interval_ns: i64,
    /// The interval is made up: do not refuse parameters because they do not fit it.
    pub is_trial: bool,
    /// The pipeline has a time zone: a local step may differ from a step.
    pub is_local: bool,
}

impl Grid {
    pub(crate) fn of(raw: &ffi::Grid) -> Grid {
        let has = |flag| raw.flags & flag != 0;
        Grid { interval_ns: raw.interval_ns, is_trial: has(ffi::GRID_TRIAL), is_local: has(ffi::GRID_LOCAL) }
    }
}

/// What is known of a series that begins.
#[derive(Clone, Copy, Debug)]
pub struct SeriesInfo {
    /// The same for this series in every run, on every machine: a seed for random numbers.
    pub id_hash: u64,
    /// The time of its first point, in nanoseconds since 1970-01-01 (UTC).
    pub first_time_ns: i64,
}

/// What a person said of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// It is normal.
    Normal,
    /// It is an anomaly.
    Anomalous,
}

/// One point of a series. All numbers that the host passes are finite, unless it says otherwise here.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// The value. In `observe` it was moved to the learn limit already.
    pub value: f64,
    /// Nanoseconds since 1970-01-01 (UTC).
    pub time_ns: i64,
    /// The place on the grid, counted from 1970-01-01: `step.rem_euclid(season)` is the phase of a season.
    pub step: i64,
    /// The step in the pipeline's time zone, for daily and weekly seasons. It repeats or goes back when the
    /// clocks are set back, and jumps when they are set forward.
    pub local_step: i64,
    /// What the pipeline's forecaster expected here; NaN without one, or not yet.
    pub expected: f64,
    /// The standard deviation that it expected; NaN if unknown.
    pub deviation: f64,
    /// How far from the expected value this point may pull the state: this crate sees to it. Infinity means
    /// that the series was unusual one season before too; NaN that there is no limit.
    pub learn_limit: f64,
    /// What a person said of it, if one did.
    pub label: Option<Label>,
    /// The model's inputs, in the order of [`Model::INPUTS`](crate::Model::INPUTS); NaN is missing. Empty
    /// without inputs.
    pub inputs: &'a [f64],
}

impl Point<'static> {
    /// A point at a step of a grid of seconds, of which nothing else is known: for tests.
    pub fn new(step: i64, value: f64) -> Point<'static> {
        Point {
            value,
            time_ns: step.wrapping_mul(1_000_000_000),
            step,
            local_step: step,
            expected: f64::NAN,
            deviation: f64::NAN,
            learn_limit: f64::NAN,
            label: None,
            inputs: &[],
        }
    }
}

impl Point<'_> {
    /// # Safety
    /// `raw.inputs` has `input_count` numbers, or is NULL.
    pub(crate) unsafe fn of(raw: &ffi::Point, input_count: usize) -> Point<'_> {
        let label = if raw.flags & ffi::LABELLED_ANOMALOUS != 0 {
            Some(Label::Anomalous)
        } else if raw.flags & ffi::LABELLED_NORMAL != 0 {
            Some(Label::Normal)
        } else {
            None
        };
        let inputs = if raw.inputs.is_null() { &[] } else { slice::from_raw_parts(raw.inputs, input_count) };
        Point {
            value: raw.value,
            time_ns: raw.time_ns,
            step: raw.step,
            local_step: raw.local_step,
            expected: raw.expected,
            deviation: raw.deviation,
            learn_limit: raw.learn_limit,
            label,
            inputs,
        }
    }
}

/// What a detector says of a point. Write NaN where a number is unknown, as all are in
/// `Verdict::default()`.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// 0 as expected, 1 at the limit, above 1 an anomaly, never below 0.
    pub score: f64,
    /// The value that was expected.
    pub expected: f64,
    /// The standard deviation of (value - expected), 0 or more.
    pub deviation: f64,
    /// The value below `expected` at which the score is 1.
    pub lower: f64,
    /// The value above `expected` at which the score is 1.
    pub upper: f64,
    /// 0: none; 1: the first sentence of [`Detector::REASONS`](crate::Detector::REASONS), and so on.
    pub reason: u32,
}

impl Default for Verdict {
    fn default() -> Verdict {
        let nan = f64::NAN;
        Verdict { score: nan, expected: nan, deviation: nan, lower: nan, upper: nan, reason: 0 }
    }
}

impl Verdict {
    /// The score is 1 at `limit` deviations to either side of what was expected. All is unknown if there is
    /// no deviation to measure by: if it is 0 or NaN.
    pub fn symmetric(value: f64, expected: f64, deviation: f64, limit: f64) -> Verdict {
        let distance = limit * deviation;
        if !(distance > 0.0 && distance.is_finite()) {
            return Verdict::default();
        }
        let known = |number: f64| if number.is_finite() { number } else { f64::NAN };
        Verdict {
            score: ((value - expected).abs() / distance).min(f64::MAX),
            expected,
            deviation,
            lower: known(expected - distance),
            upper: known(expected + distance),
            reason: 0,
        }
    }

    pub(crate) fn raw(self) -> ffi::Verdict {
        let Verdict { score, expected, deviation, lower, upper, reason } = self;
        ffi::Verdict { score, expected, deviation, lower, upper, reason, reserved: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symmetric_verdict() {
        let verdict = Verdict::symmetric(7.0, 1.0, 2.0, 1.5);
        assert_eq!((verdict.score, verdict.lower, verdict.upper), (2.0, -2.0, 4.0));
        assert_eq!((verdict.expected, verdict.deviation, verdict.reason), (1.0, 2.0, 0));
        for deviation in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Verdict::symmetric(7.0, 1.0, deviation, 1.0).score.is_nan());
        }
        let huge = Verdict::symmetric(f64::MAX, -f64::MAX, 1e300, 1e8);
        assert!(huge.score.is_finite() && huge.lower.is_nan());
    }
}
