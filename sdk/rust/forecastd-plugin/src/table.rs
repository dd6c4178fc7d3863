//! The calls of an `fcd_algorithm`, written once for every model.
//!
//! What they add to the author's methods: the loop over points, flags and learn limits, a flag behind each
//! state that says whether something was learned, and errors from `Result` and from panics. Pointers of C
//! become references here, and nowhere else but in the `of` functions of what models get.

use crate::ability::{Ability, Registered};
use crate::declared::Known;
use crate::error::{guarded, Error, Result};
use crate::ffi;
use crate::forecast::Forecast;
use crate::model::Migrates;
use crate::plain::{aligned, State};
use crate::row::Values;
use crate::saved::Saved;
use crate::values::{Grid, Point, SeriesInfo, Verdict};
use std::cell::Cell;
use std::os::raw::c_void;
use std::ptr;

/// The bytes behind a state, aligned to 8: whether a point was learned.
pub(crate) const FLAG_SIZE: usize = 8;

/// A model that was made, and where the parts of its series are.
struct Made<M> {
    model: M,
    tail_length: usize,
    flag: usize,
}

impl<M: Registered> Made<M> {
    fn new(model: M) -> Result<Made<M>> {
        let tail_length = model.tail_length();
        if tail_length > 0 && !M::Series::HAS_TAIL {
            return Err(Error::set_aside(
                "tail_length() is above 0, but Series has no tail; declare it as WithTail<Head>",
            ));
        }
        match M::Series::size(tail_length) {
            Some(size) => Ok(Made { model, tail_length, flag: aligned(size, 8) }),
            None => Err(Error::set_aside("these parameters ask for more memory than there can be")),
        }
    }
    /// # Safety
    /// `model` came from `model_new` of the same `M`.
    unsafe fn of<'a>(model: *const ffi::Model) -> &'a Made<M> {
        &*model.cast()
    }
    /// # Safety
    /// `series` is the state of a series of this model, which nobody changes meanwhile.
    unsafe fn series<'a>(&self, series: *const c_void) -> &'a M::Series {
        &*M::Series::at(series as *mut u8, self.tail_length)
    }
    /// # Safety
    /// `series` is the state of a series of this model, which nobody else looks at meanwhile.
    unsafe fn series_mut<'a>(&self, series: *mut c_void) -> &'a mut M::Series {
        &mut *M::Series::at(series.cast(), self.tail_length)
    }
    unsafe fn has_learned(&self, series: *const c_void) -> bool {
        *series.cast::<u8>().add(self.flag) != 0
    }
    unsafe fn set_learned(&self, series: *mut c_void) {
        *series.cast::<u8>().add(self.flag) = 1;
    }
    unsafe fn is_ready(&self, series: *const c_void) -> bool {
        self.has_learned(series) && self.model.ready(self.series(series))
    }
    unsafe fn verdict(&self, series: *const c_void, point: &Point) -> Result<Verdict> {
        if !self.is_ready(series) {
            return Ok(Verdict::default());
        }
        M::Ability::verdict(&self.model, self.series(series), point)
    }
    unsafe fn observe(&self, series: *mut c_void, point: &Point) -> Result {
        self.model.observe(self.series_mut(series), point)?;
        self.set_learned(series);
        Ok(())
    }
    /// Judges and learns a point as far as its flags and its learn limit allow.
    unsafe fn advance(&self, raw: &ffi::Point) -> Result<Verdict> {
        let mut point = Point::of(raw, M::INPUTS.len());
        let limit = raw.learn_limit;
        let judges = raw.flags & ffi::LEARN_ONLY == 0;
        let learns = raw.flags & ffi::JUDGE_ONLY == 0 && (limit.is_nan() || limit > 0.0);

        let verdict = if judges || (learns && !limit.is_nan()) {
            self.verdict(raw.series, &point)?
        } else {
            Verdict::default()
        };
        if !learns {
            return Ok(verdict);
        }
        let expected = verdict.expected;
        if !limit.is_nan() && expected.is_finite() {
            point.value = point.value.max(expected - limit).min(expected + limit);
        }
        self.observe(raw.series, &point)?;
        Ok(verdict)
    }
}

pub(crate) unsafe extern "C" fn model_new<M: Registered>(
    values: *const ffi::Value,
    grid: *const ffi::Grid,
    series_size: *mut usize,
    error: *mut ffi::Error,
) -> *mut ffi::Model {
    guarded(error, ptr::null_mut(), || {
        let mut model = M::take(&mut Values::new(values));
        model.prepare(&Grid::of(&*grid))?;
        let made = Made::new(model)?;
        *series_size = made.flag + FLAG_SIZE;
        Ok(Box::into_raw(Box::new(made)).cast())
    })
}

pub(crate) unsafe extern "C" fn model_free<M: Registered>(model: *mut ffi::Model) {
    guarded(ptr::null_mut(), (), || {
        drop(Box::from_raw(model.cast::<Made<M>>()));
        Ok(())
    });
}

pub(crate) unsafe extern "C" fn series_init<M: Registered>(
    model: *const ffi::Model,
    series: *mut c_void,
    info: *const ffi::SeriesInfo,
    error: *mut ffi::Error,
) -> i32 {
    guarded(error, ffi::ERROR, || {
        let made = Made::<M>::of(model);
        let info = SeriesInfo { id_hash: (*info).id_hash, first_time_ns: (*info).first_time_ns };
        made.model.start(made.series_mut(series), &info)?;
        Ok(ffi::OK)
    })
}

pub(crate) unsafe extern "C" fn advance<M: Registered>(
    model: *const ffi::Model,
    points: *const ffi::Point,
    count: usize,
    verdicts: *mut ffi::Verdict,
    error: *mut ffi::Error,
) -> usize {
    let done = Cell::new(0);
    guarded(error, (), || {
        let made = Made::<M>::of(model);
        while done.get() < count {
            let verdict = made.advance(&*points.add(done.get()))?;
            verdicts.add(done.get()).write(verdict.raw());
            done.set(done.get() + 1);
        }
        Ok(())
    });
    done.get()
}

pub(crate) unsafe extern "C" fn forecast<M: Registered>(
    model: *const ffi::Model,
    series: *const c_void,
    horizon: *const ffi::Horizon,
    out: *mut ffi::Prediction,
    error: *mut ffi::Error,
) -> i32 {
    guarded(error, ffi::ERROR, || {
        let made = Made::<M>::of(model);
        if !made.is_ready(series) {
            return Ok(ffi::NOT_YET);
        }
        M::Ability::forecast(&made.model, made.series(series), &mut Forecast::of(&*horizon, out))?;
        Ok(ffi::OK)
    })
}

/// The host copies plain bytes of the same version, parameters, grid and size itself; this is for all
/// others.
pub(crate) unsafe extern "C" fn load<M: Registered + Migrates>(
    model: *const ffi::Model,
    series: *mut c_void,
    saved: *const ffi::Saved,
    error: *mut ffi::Error,
) -> i32 {
    guarded(error, ffi::ERROR, || {
        let made = Made::<M>::of(model);
        if !made.model.migrate(&Saved::of(&*saved), made.series_mut(series))? {
            return Err(Error::set_aside("migrate() does not take over this state"));
        }
        made.set_learned(series);
        Ok(ffi::OK)
    })
}

pub(crate) unsafe extern "C" fn diagnose<M: Registered>(
    model: *const ffi::Model,
    series: *const c_void,
    out: *mut ffi::Value,
    error: *mut ffi::Error,
) -> i32 {
    guarded(error, ffi::ERROR, || {
        let made = Made::<M>::of(model);
        let known = made.model.diagnose(made.series(series))?;
        if known.len() != M::DIAGNOSTICS.len() {
            return Err(Error::set_aside(format!(
                "diagnose() told {} things, expected {}: one for each row of DIAGNOSTICS",
                known.len(),
                M::DIAGNOSTICS.len()
            )));
        }
        for (i, (row, known)) in M::DIAGNOSTICS.iter().zip(known).enumerate() {
            let value = match (row.kind, known) {
                (_, Known::Unknown) => continue, // as it was before the call
                (ffi::REAL, Known::Real(real)) => ffi::Value { real },
                (ffi::INTEGER, Known::Integer(integer)) => ffi::Value { integer },
                (ffi::CHOICE, Known::Choice(index)) => ffi::Value { integer: index as i64 },
                _ => {
                    return Err(Error::set_aside(format!(
                        "diagnose() told {:?} of '{}', which has another type",
                        known, row.name
                    )))
                }
            };
            out.add(i).write(value);
        }
        Ok(ffi::OK)
    })
}
