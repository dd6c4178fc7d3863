//! What a model can do, as a type: `plugin!` picks it, and the calls of `table.rs` ask it.

use crate::error::{Error, Result};
use crate::ffi;
use crate::forecast::{Forecast, Prediction};
use crate::model::{Detector, Forecaster, Migrates, Model};
use crate::table;
use crate::values::{Point, Verdict};
use std::marker::PhantomData;
use std::ptr;

/// A model that `plugin!` named, with what it can do.
pub trait Registered: Model {
    /// What it can do.
    type Ability: Ability<Self>;
}

/// What a model can do.
pub trait Ability<M: Model> {
    /// `FCD_FORECASTS`, `FCD_DETECTS`.
    const BITS: u32;
    /// Those of a detector.
    const REASONS: &'static [&'static str] = &[];

    /// Takes over what the host does not copy itself, if the model can.
    fn load() -> Option<ffi::Load> {
        None
    }
    /// Of a series that is ready.
    fn verdict(model: &M, series: &M::Series, point: &Point) -> Result<Verdict>;
    /// Of a series that is ready.
    fn forecast(model: &M, series: &M::Series, out: &mut Forecast) -> Result;
}

/// `plugin!(Model: forecaster)`
pub struct Forecasts;
/// `plugin!(Model: detector)`
pub struct Detects;
/// `plugin!(Model: forecaster + detector)`
pub struct DoesBoth;
/// The same with `+ migrates`
pub struct AndMigrates<A>(PhantomData<A>);

impl<M: Forecaster> Ability<M> for Forecasts {
    const BITS: u32 = ffi::FORECASTS;

    fn verdict(model: &M, series: &M::Series, point: &Point) -> Result<Verdict> {
        expected(model, series, point, Verdict::default())
    }
    fn forecast(model: &M, series: &M::Series, out: &mut Forecast) -> Result {
        model.forecast(series, out)
    }
}

impl<M: Detector> Ability<M> for Detects {
    const BITS: u32 = ffi::DETECTS;
    const REASONS: &'static [&'static str] = M::REASONS;

    fn verdict(model: &M, series: &M::Series, point: &Point) -> Result<Verdict> {
        model.judge(series, point)
    }
    fn forecast(_: &M, _: &M::Series, _: &mut Forecast) -> Result {
        Err(Error::ask_later("a detector does not forecast"))
    }
}

impl<M: Forecaster + Detector> Ability<M> for DoesBoth {
    const BITS: u32 = ffi::FORECASTS | ffi::DETECTS;
    const REASONS: &'static [&'static str] = M::REASONS;

    fn verdict(model: &M, series: &M::Series, point: &Point) -> Result<Verdict> {
        let verdict = model.judge(series, point)?;
        if verdict.expected.is_nan() {
            return expected(model, series, point, verdict);
        }
        Ok(verdict) // judge() expects something itself
    }
    fn forecast(model: &M, series: &M::Series, out: &mut Forecast) -> Result {
        model.forecast(series, out)
    }
}

impl<M: Registered + Migrates, A: Ability<M>> Ability<M> for AndMigrates<A> {
    const BITS: u32 = A::BITS;
    const REASONS: &'static [&'static str] = A::REASONS;

    fn load() -> Option<ffi::Load> {
        Some(table::load::<M>)
    }
    fn verdict(model: &M, series: &M::Series, point: &Point) -> Result<Verdict> {
        A::verdict(model, series, point)
    }
    fn forecast(model: &M, series: &M::Series, out: &mut Forecast) -> Result {
        A::forecast(model, series, out)
    }
}

/// The verdict with what the model forecasts of the point. A model that cannot tell yet is asked later; the
/// point is learned all the same.
fn expected<M: Forecaster>(
    model: &M,
    series: &M::Series,
    point: &Point,
    verdict: Verdict,
) -> Result<Verdict> {
    let one = match one_step(model, series, point) {
        Err(error) if error.is_ask_later() => Prediction::unknown(),
        other => other?,
    };
    Ok(Verdict { expected: one.mean(), deviation: one.deviation(), ..verdict })
}

fn one_step<M: Forecaster>(model: &M, series: &M::Series, point: &Point) -> Result<Prediction> {
    if let Some(one) = model.expect(series, point)? {
        return Ok(one);
    }
    let horizon = ffi::Horizon {
        struct_size: std::mem::size_of::<ffi::Horizon>() as u32,
        steps: 1,
        first_step: point.step,
        local_steps: &point.local_step,
        level_count: 0,
        input_count: point.inputs.len() as u32,
        levels: ptr::null(),
        quantiles: ptr::null_mut(),
        inputs: if point.inputs.is_empty() { ptr::null() } else { point.inputs.as_ptr() },
    };
    let mut one = ffi::Prediction { mean: f64::NAN, deviation: f64::NAN };
    // SAFETY: the arrays have the lengths that the horizon says.
    let mut out = unsafe { Forecast::of(&horizon, &mut one) };
    model.forecast(series, &mut out)?;
    Ok(out[0])
}
