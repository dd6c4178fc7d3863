//! Drives a model without the host, for the unit tests of a plugin.
//!
//! It goes the way of the host: through the tables and the calls of C, with flags, learn limits, and
//! parameters that are checked against their ranges. The state of a series lies between pages that nobody
//! may touch.
//!
//! ```
//! # use forecastd_plugin::*;
//! # params! { pub struct Last {} }
//! # plain! { pub struct Series { value: f64 } }
//! # impl Model for Last {
//! #     const ABOUT: About = About::new("test.last", "1.0.0", "The last value.");
//! #     type Series = Series;
//! #     fn observe(&self, s: &mut Series, p: &Point) -> Result { s.value = p.value; Ok(()) }
//! # }
//! # impl Forecaster for Last {
//! #     fn forecast(&self, s: &Series, out: &mut Forecast) -> Result {
//! #         out.fill(Prediction::of(s.value));
//! #         Ok(())
//! #     }
//! # }
//! # plugin!(Last: forecaster);
//! # fn main() {
//! let model = testing::Model::new::<Last>();
//! let mut series = model.series();
//! assert!(series.forecast(1).is_none()); // it has learned nothing yet
//! series.learn(2.0);
//! assert_eq!(series.judge(9.0).expected, 2.0); // judged, but not learned
//! series.gap(3);
//! series.learn_limited(9.0, 0.5); // as far as 0.5 from what was expected
//! assert_eq!(series.forecast(4).unwrap()[3].mean(), 2.5);
//! # }
//! ```

mod memory;
mod series;
mod value;

pub use series::Series;
pub use value::Value;

use crate::ability::Registered;
use crate::error::Error;
use crate::ffi;
use std::ffi::CStr;
use std::mem::size_of;
use std::time::Duration;
use value::Chosen;

/// A model with its parameters. Its type is that of `plugin!`: `Model::new::<Huber>()`.
pub struct Model {
    table: &'static ffi::Algorithm,
    made: *mut ffi::Model,
    chosen: Chosen,
    size: usize,
    input_count: usize,
    interval_ns: i64,
}

impl Model {
    /// With the default parameters, on a grid of one second. Panics if `prepare` fails, with its text.
    pub fn new<M: Registered>() -> Model {
        Model::with::<M>(&[] as &[(&str, Value)])
    }
    /// With these parameters, as in `&[("k", 2.0)]`; the others have their defaults. Values of several
    /// types are `&[("k", Value::from(2.0)), ("form", Value::from("add"))]`. Panics if one does not fit, or
    /// if `prepare` fails.
    pub fn with<M: Registered>(values: &[(&str, impl Into<Value> + Clone)]) -> Model {
        Model::on::<M>(Duration::from_secs(1), values).unwrap_or_else(|error| panic!("{}", error))
    }
    /// The same on a grid of another interval; fails with the text of `prepare`.
    pub fn on<M: Registered>(
        interval: Duration,
        values: &[(&str, impl Into<Value> + Clone)],
    ) -> Result<Model, String> {
        let given: Vec<_> = values.iter().map(|(name, value)| (*name, value.clone().into())).collect();
        let interval_ns = interval.as_nanos() as i64;
        let chosen = Chosen::new(M::rows(), &given, interval_ns)?;
        // SAFETY: the table stays until the process ends.
        let table = unsafe { &*crate::library::algorithm::<M>() };
        let grid = ffi::Grid { struct_size: size_of::<ffi::Grid>() as u32, flags: 0, interval_ns };
        let mut size = 0;
        let mut error = Failure::new();
        let model_new = table.model_new.expect("every table has it");
        // SAFETY: there is a value for each parameter.
        let made = unsafe { model_new(chosen.raw(), &grid, &mut size, error.raw()) };
        if made.is_null() {
            return Err(error.take().text);
        }
        Ok(Model { table, made, chosen, size, input_count: M::INPUTS.len(), interval_ns })
    }
    /// A series that begins. Panics if `start` fails.
    pub fn series(&self) -> Series<'_> {
        self.series_of(1)
    }
    /// A series with another seed, `id_hash`.
    pub fn series_of(&self, id_hash: u64) -> Series<'_> {
        Series::begin(self, id_hash).unwrap_or_else(|error| panic!("{}", error))
    }
    /// The bytes that each series needs.
    pub fn series_size(&self) -> usize {
        self.size
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        if let Some(free) = self.table.model_free {
            // SAFETY: series borrow their model, so none is left.
            unsafe { free(self.made) };
        }
    }
}

/// An `fcd_error`, as the host hands it out.
struct Failure(ffi::Error);

impl Failure {
    fn new() -> Failure {
        Failure(ffi::Error {
            struct_size: size_of::<ffi::Error>() as u32,
            code: ffi::SET_ASIDE,
            text: [0; 256],
        })
    }
    fn raw(&mut self) -> *mut ffi::Error {
        &mut self.0
    }
    fn take(&self) -> Error {
        // SAFETY: the text ends in NUL.
        let text = unsafe { CStr::from_ptr(self.0.text.as_ptr()) };
        Error { code: self.0.code, text: text.to_string_lossy().into_owned() }
    }
}
