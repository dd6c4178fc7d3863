//! One series of a model: points in, verdicts and forecasts out.

use super::memory::Memory;
use super::{Failure, Model};
use crate::declared::Known;
use crate::error::Result;
use crate::ffi;
use crate::forecast::Prediction;
use crate::values::{Label, Point, Verdict};
use std::mem::size_of;
use std::os::raw::c_void;
use std::ptr;

/// A series, whose next point is one step after the last.
///
/// Methods panic if a call of the model fails, with its text; those that begin with `try_` return the
/// error.
pub struct Series<'m> {
    model: &'m Model,
    memory: Memory,
    next_step: i64,
}

const FIRST_STEP: i64 = 1_700_000_000;

impl<'m> Series<'m> {
    pub(super) fn begin(model: &'m Model, id_hash: u64) -> Result<Series<'m>> {
        let series = Series { model, memory: Memory::new(model.size), next_step: FIRST_STEP };
        let info = ffi::SeriesInfo {
            struct_size: size_of::<ffi::SeriesInfo>() as u32,
            reserved: 0,
            id_hash,
            first_time_ns: FIRST_STEP.saturating_mul(model.interval_ns),
        };
        let mut error = Failure::new();
        let series_init = model.table.series_init.expect("every table has it");
        // SAFETY: the memory has the size that the model asked for.
        let result = unsafe { series_init(model.made, series.memory.start().cast(), &info, error.raw()) };
        series.memory.check();
        if result == ffi::OK {
            Ok(series)
        } else {
            Err(error.take())
        }
    }

    /// The next point, to be changed before it is learned: other steps, inputs, a label.
    pub fn next_point(&self, value: f64) -> Point<'static> {
        let time_ns = self.next_step.saturating_mul(self.model.interval_ns);
        Point { time_ns, ..Point::new(self.next_step, value) }
    }
    /// Judges and learns the next value.
    pub fn learn(&mut self, value: f64) -> Verdict {
        self.try_learn(value).unwrap_or_else(|error| panic!("{}", error))
    }
    /// Judges and learns the next value; fails as the model does.
    pub fn try_learn(&mut self, value: f64) -> Result<Verdict> {
        let point = self.next_point(value);
        self.try_learn_point(&point)
    }
    /// Judges and learns a point, whose step is that of the next or greater.
    pub fn try_learn_point(&mut self, point: &Point) -> Result<Verdict> {
        self.batch(&[*point], 0).map(|verdicts| verdicts[0])
    }
    /// Judges and learns values in one batch.
    pub fn learn_all(&mut self, values: &[f64]) -> Vec<Verdict> {
        let point = |(i, value): (usize, &f64)| {
            let step = self.next_step + i as i64;
            let time_ns = step.saturating_mul(self.model.interval_ns);
            Point { time_ns, ..Point::new(step, *value) }
        };
        let points: Vec<_> = values.iter().enumerate().map(point).collect();
        self.batch(&points, 0).unwrap_or_else(|error| panic!("{}", error))
    }
    /// Judges the next value, and learns it only as far from what was expected as `learn_limit`: 0 is
    /// nothing.
    pub fn learn_limited(&mut self, value: f64, learn_limit: f64) -> Verdict {
        let point = Point { learn_limit, ..self.next_point(value) };
        self.try_learn_point(&point).unwrap_or_else(|error| panic!("{}", error))
    }
    /// Judges what would be the next value, and learns nothing.
    pub fn judge(&mut self, value: f64) -> Verdict {
        let before = self.memory.bytes().to_vec();
        let verdicts = self.batch(&[self.next_point(value)], ffi::JUDGE_ONLY);
        assert_eq!(before, self.memory.bytes(), "judging has changed the state");
        verdicts.unwrap_or_else(|error| panic!("{}", error))[0]
    }
    /// Leaves out some steps.
    pub fn gap(&mut self, steps: i64) {
        self.next_step += steps;
    }

    /// Forecasts so many steps; `None` if too little was learned.
    pub fn forecast(&mut self, steps: usize) -> Option<Vec<Prediction>> {
        self.try_forecast(steps).unwrap_or_else(|error| panic!("{}", error))
    }
    /// Forecasts so many steps; fails as the model does.
    pub fn try_forecast(&mut self, steps: usize) -> Result<Option<Vec<Prediction>>> {
        Ok(self.ask(steps, &[], &[])?.map(|(predictions, _)| predictions))
    }
    /// The quantiles of so many steps, those of a step in the order of the levels.
    pub fn quantiles(&mut self, steps: usize, levels: &[f64]) -> Option<Vec<Vec<f64>>> {
        let answer = self.ask(steps, levels, &[]).unwrap_or_else(|error| panic!("{}", error));
        answer.map(|(_, quantiles)| quantiles.chunks(levels.len()).map(<[f64]>::to_vec).collect())
    }
    /// Forecasts with inputs, those of a step in the order of `INPUTS`.
    pub fn try_forecast_with(&mut self, steps: usize, inputs: &[f64]) -> Result<Option<Vec<Prediction>>> {
        assert_eq!(
            inputs.len(),
            steps * self.model.input_count,
            "there must be a number for each step and input"
        );
        Ok(self.ask(steps, &[], inputs)?.map(|(predictions, _)| predictions))
    }

    /// The bytes of the state, as the host saves them.
    pub fn bytes(&self) -> &[u8] {
        self.memory.bytes()
    }
    /// A series of this model that takes over the state of another, as `migrate` does; the other was saved
    /// with this `state_version`.
    pub fn try_migrate(&self, state_version: u32, to: &'m Model) -> Result<Series<'m>> {
        let mut taken = Series::begin(to, 1)?;
        taken.next_step = self.next_step;
        let from = self.model;
        let row = |i: usize| {
            // SAFETY: the table has a parameter for each row.
            let param = unsafe { &*from.table.params.add(i) };
            let value = from.chosen.values[i];
            let choice = match param.kind {
                // SAFETY: the index is that of a choice.
                ffi::CHOICE => unsafe { *param.choices.add(value.integer as usize) },
                _ => ptr::null(),
            };
            ffi::SavedParam { name: param.name, kind: param.kind, reserved: 0, value, choice }
        };
        let params: Vec<_> = (0..from.chosen.rows.len()).map(row).collect();
        let saved = ffi::Saved {
            struct_size: size_of::<ffi::Saved>() as u32,
            state_version,
            interval_ns: from.interval_ns,
            param_count: params.len() as u32,
            reserved: 0,
            params: params.as_ptr(),
            bytes: self.memory.start().cast(),
            size: from.size,
        };
        let mut error = Failure::new();
        let load = to.table.load.expect("the model does not migrate");
        // SAFETY: what saved points to lives until the call returns.
        let result = unsafe { load(to.made, taken.state(), &saved, error.raw()) };
        taken.memory.check();
        if result == ffi::OK {
            Ok(taken)
        } else {
            Err(error.take())
        }
    }
    /// What the model tells of the series, one for each row of `DIAGNOSTICS`.
    pub fn diagnose(&self) -> Vec<Known> {
        // SAFETY: the table is that of the model, whose series this is.
        unsafe {
            let id = b"forecastd.diagnostics/1\0";
            let extension = self.model.table.extension.expect("the model has no DIAGNOSTICS");
            let table = &*extension(id.as_ptr().cast()).cast::<ffi::Diagnostics>();
            let kinds: Vec<_> = (0..table.count as usize).map(|i| (*table.rows.add(i)).kind).collect();
            let unknown = |kind: &i32| match *kind {
                ffi::REAL => ffi::Value { real: f64::NAN },
                ffi::CHOICE => ffi::Value { integer: -1 },
                _ => ffi::Value { integer: ffi::UNKNOWN },
            };
            let mut values: Vec<_> = kinds.iter().map(unknown).collect();
            let mut error = Failure::new();
            let diagnose = table.diagnose.expect("every table has it");
            let result = diagnose(self.model.made, self.state(), values.as_mut_ptr(), error.raw());
            assert_eq!(result, ffi::OK, "{}", error.take());
            let known = |(kind, value): (&i32, &ffi::Value)| match *kind {
                ffi::REAL if value.real.is_nan() => Known::Unknown,
                ffi::REAL => Known::Real(value.real),
                ffi::CHOICE if value.integer < 0 => Known::Unknown,
                ffi::CHOICE => Known::Choice(value.integer as usize),
                _ if value.integer == ffi::UNKNOWN => Known::Unknown,
                _ => Known::Integer(value.integer),
            };
            kinds.iter().zip(&values).map(known).collect()
        }
    }

    fn state(&self) -> *mut c_void {
        self.memory.start().cast()
    }

    /// Advances by points; on success there is a verdict for each.
    fn batch(&mut self, points: &[Point], flags: u32) -> Result<Vec<Verdict>> {
        let missing = vec![f64::NAN; self.model.input_count];
        let raw = |point: &Point| {
            let inputs = if point.inputs.is_empty() { &missing } else { point.inputs };
            assert_eq!(inputs.len(), missing.len(), "there must be a number for each input");
            ffi::Point {
                series: self.state(),
                time_ns: point.time_ns,
                step: point.step,
                local_step: point.local_step,
                value: point.value,
                expected: point.expected,
                deviation: point.deviation,
                learn_limit: point.learn_limit,
                flags: flags
                    | match point.label {
                        None => 0,
                        Some(Label::Normal) => ffi::LABELLED_NORMAL,
                        Some(Label::Anomalous) => ffi::LABELLED_ANOMALOUS,
                    },
                reserved: 0,
                inputs: if inputs.is_empty() { ptr::null() } else { inputs.as_ptr() },
            }
        };
        let raws: Vec<_> = points.iter().map(raw).collect();
        let mut verdicts = vec![Verdict::default().raw(); points.len()];
        let mut error = Failure::new();
        let advance = self.model.table.advance.expect("every table has it");
        // SAFETY: the arrays have the length that is passed.
        let done = unsafe {
            advance(self.model.made, raws.as_ptr(), raws.len(), verdicts.as_mut_ptr(), error.raw())
        };
        self.memory.check();
        if let (Some(last), 0) = (points[..done].last(), flags & ffi::JUDGE_ONLY) {
            self.next_step = last.step + 1;
        }
        if done < points.len() {
            return Err(error.take());
        }
        Ok(verdicts.into_iter().map(verdict).collect())
    }

    /// Predictions, and the quantiles, step by step.
    #[allow(clippy::type_complexity)]
    fn ask(
        &mut self,
        steps: usize,
        levels: &[f64],
        inputs: &[f64],
    ) -> Result<Option<(Vec<Prediction>, Vec<f64>)>> {
        let forecast = self.model.table.forecast.expect("the model is no forecaster");
        let before = self.memory.bytes().to_vec();
        let mut quantiles = vec![f64::NAN; steps * levels.len()];
        let missing = vec![f64::NAN; steps * self.model.input_count];
        let inputs = if inputs.is_empty() { &missing } else { inputs };
        let horizon = ffi::Horizon {
            struct_size: size_of::<ffi::Horizon>() as u32,
            steps: steps as u32,
            first_step: self.next_step,
            local_steps: ptr::null(),
            level_count: levels.len() as u32,
            input_count: self.model.input_count as u32,
            levels: if levels.is_empty() { ptr::null() } else { levels.as_ptr() },
            quantiles: if levels.is_empty() { ptr::null_mut() } else { quantiles.as_mut_ptr() },
            inputs: if inputs.is_empty() { ptr::null() } else { inputs.as_ptr() },
        };
        let mut out = vec![ffi::Prediction { mean: f64::NAN, deviation: f64::NAN }; steps];
        let mut error = Failure::new();
        // SAFETY: the arrays have the lengths that the horizon says.
        let result =
            unsafe { forecast(self.model.made, self.state(), &horizon, out.as_mut_ptr(), error.raw()) };
        self.memory.check();
        assert_eq!(before, self.memory.bytes(), "a forecast has changed the state");
        match result {
            ffi::OK => {
                let predictions = out.iter().map(|one| Prediction::new(one.mean, one.deviation)).collect();
                Ok(Some((predictions, quantiles)))
            }
            ffi::NOT_YET => Ok(None),
            _ => Err(error.take()),
        }
    }
}

fn verdict(raw: ffi::Verdict) -> Verdict {
    let ffi::Verdict { score, expected, deviation, lower, upper, reason, .. } = raw;
    Verdict { score, expected, deviation, lower, upper, reason }
}

impl std::fmt::Debug for Series<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "a series of {} bytes", self.memory.bytes().len())
    }
}
