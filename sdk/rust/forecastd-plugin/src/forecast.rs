//! The steps that a forecast is asked for.

use crate::ffi;
use std::ops::{Deref, DerefMut};
use std::slice;

/// What is forecast of one step.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Prediction(ffi::Prediction);

impl Prediction {
    /// A mean, which must be finite, and the standard deviation of (value - mean), 0 or more.
    pub fn new(mean: f64, deviation: f64) -> Prediction {
        Prediction(ffi::Prediction { mean, deviation })
    }
    /// A mean whose deviation is unknown: the host uses the errors that it has seen.
    pub fn of(mean: f64) -> Prediction {
        Prediction::new(mean, f64::NAN)
    }
    /// Nothing is expected.
    pub fn unknown() -> Prediction {
        Prediction::of(f64::NAN)
    }
    /// The mean.
    pub fn mean(self) -> f64 {
        self.0.mean
    }
    /// The standard deviation; NaN if unknown.
    pub fn deviation(self) -> f64 {
        self.0.deviation
    }
}

impl std::fmt::Debug for Prediction {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "{} +- {}", self.0.mean, self.0.deviation)
    }
}

/// The steps that a forecast is asked for, one after the other. It is a slice of [`Prediction`]s, to be
/// filled: `out.fill(Prediction::of(mean))`, `out[i] = ...`, or `for step in out.iter_mut()`.
pub struct Forecast<'a> {
    predictions: &'a mut [Prediction],
    first_step: i64,
    local_steps: &'a [i64],
    levels: &'a [f64],
    quantiles: &'a mut [f64],
    inputs: &'a [f64],
    input_count: usize,
}

impl<'a> Forecast<'a> {
    /// # Safety
    /// `out` has `horizon.steps` places, and the arrays of the horizon have the lengths that the header
    /// says, for as long as this lives.
    pub(crate) unsafe fn of(horizon: &'a ffi::Horizon, out: *mut ffi::Prediction) -> Forecast<'a> {
        let steps = horizon.steps as usize;
        let (levels, inputs) = (horizon.level_count as usize, horizon.input_count as usize);
        for i in 0..steps {
            out.add(i).write(Prediction::unknown().0); // the memory may hold anything before
        }
        let asked = !horizon.quantiles.is_null();
        Forecast {
            predictions: slice::from_raw_parts_mut(out.cast(), steps),
            first_step: horizon.first_step,
            local_steps: array(horizon.local_steps, steps),
            levels: if asked { array(horizon.levels, levels) } else { &[] },
            quantiles: if asked {
                slice::from_raw_parts_mut(horizon.quantiles, steps * levels)
            } else {
                &mut []
            },
            inputs: array(horizon.inputs, steps * inputs),
            input_count: inputs,
        }
    }

    /// The first step, after the last point that the series has learned.
    pub fn first_step(&self) -> i64 {
        self.first_step
    }
    /// The i-th step in the pipeline's time zone, for daily and weekly seasons. Where clocks change they
    /// jump, so ask for each.
    pub fn local_step(&self, i: usize) -> i64 {
        self.local_steps.get(i).copied().unwrap_or(self.first_step + i as i64)
    }
    /// The model's inputs at the i-th step, in the order of [`Model::INPUTS`](crate::Model::INPUTS); NaN
    /// where one is not known ahead. Empty without inputs.
    pub fn inputs(&self, i: usize) -> &[f64] {
        if self.inputs.is_empty() {
            return &[];
        }
        &self.inputs[i * self.input_count..(i + 1) * self.input_count]
    }
    /// The quantiles that are asked for, such as 0.1 and 0.9, ascending; empty: none.
    pub fn levels(&self) -> &'a [f64] {
        self.levels
    }
    /// The quantiles of the i-th step, to be filled in the order of [`levels`](Forecast::levels), not
    /// descending. NaN, as all are at first, means unknown.
    pub fn quantiles(&mut self, i: usize) -> &mut [f64] {
        let count = self.levels.len();
        &mut self.quantiles[i * count..(i + 1) * count]
    }
}

impl Deref for Forecast<'_> {
    type Target = [Prediction];
    fn deref(&self) -> &[Prediction] {
        self.predictions
    }
}

impl DerefMut for Forecast<'_> {
    fn deref_mut(&mut self) -> &mut [Prediction] {
        self.predictions
    }
}

/// # Safety
/// `items` has `count` items, or is NULL, which is an empty array.
unsafe fn array<'a, T>(items: *const T, count: usize) -> &'a [T] {
    if items.is_null() {
        &[]
    } else {
        slice::from_raw_parts(items, count)
    }
}
