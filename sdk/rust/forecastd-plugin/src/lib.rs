//! Write an algorithm of forecastd as a struct with a few methods; this crate makes it a plugin.
//!
//! A forecaster, whole (`src/lib.rs` of a crate with `crate-type = ["cdylib"]`):
//!
//! ```
//! use forecastd_plugin::*;
//!
//! params! {
//!     /// Forecasts level(t) = level(t-1) + alpha (value - level(t-1)), for every step ahead.
//!     pub struct Ewma {
//!         alpha: f64 = real(0.2, 0.001..=1.0, "Weight of a new value."),
//!     }
//! }
//! plain! {
//!     pub struct Series { level: f64, count: u64 }
//! }
//!
//! impl Model for Ewma {
//!     const ABOUT: About = About::new("acme.ewma", "1.0.0", "An exponentially weighted mean.");
//!     type Series = Series;
//!
//!     fn observe(&self, s: &mut Series, p: &Point) -> Result {
//!         let weight = if s.count == 0 { 1.0 } else { self.alpha };
//!         s.level += weight * (p.value - s.level);
//!         s.count += 1;
//!         Ok(())
//!     }
//! }
//! impl Forecaster for Ewma {
//!     fn forecast(&self, s: &Series, out: &mut Forecast) -> Result {
//!         out.fill(Prediction::of(s.level));
//!         Ok(())
//!     }
//! }
//! plugin!(Ewma: forecaster);
//! # fn main() {
//! let model = testing::Model::with::<Ewma>(&[("alpha", 0.5)]);
//! let mut series = model.series();
//! series.learn_all(&[4.0, 6.0]);
//! assert_eq!(series.forecast(2).unwrap()[1].mean(), 5.0);
//! # }
//! ```
//!
//! A detector implements [`Detector`] in place of [`Forecaster`]; a model may do both. [`params!`] declares
//! parameters, [`plain!`] the state of a series, [`WithTail`] a state that a parameter sizes, and
//! [`testing`] drives a model without the host. Conventions (threads, numbers, time, steps) are those of
//! `forecastd/plugin.h`, whose structs are in [`ffi`].
//!
//! An author needs no `unsafe`. A panic in a call is caught, and its text reaches the user as a sentence,
//! so a plugin must be built with `panic = "unwind"`, as is the default.
#![warn(missing_docs)]

#[cfg(not(panic = "unwind"))]
compile_error!("a plugin is built with panic = \"unwind\": else a panic would end the host, not the call");

mod ability;
mod declared;
mod error;
pub mod ffi;
mod forecast;
mod library;
mod log;
mod model;
mod params;
mod plain;
mod row;
mod saved;
mod table;
pub mod testing;
mod values;

pub use crate::declared::{Diagnostic, Input, Known};
pub use crate::error::{Error, Result};
pub use crate::forecast::{Forecast, Prediction};
pub use crate::log::{log, Level};
pub use crate::model::{Detector, Forecaster, Migrates, Model};
pub use crate::params::{
    automatic_integers, boolean, choice, duration, integer, integers, real, steps, steps_of,
};
pub use crate::params::{days, hours, minutes, seconds};
pub use crate::params::{Choice, Param, Params};
pub use crate::plain::{Plain, State, WithTail};
pub use crate::row::Whole;
pub use crate::saved::Saved;
pub use crate::values::{About, Grid, Label, Point, SeriesInfo, Verdict};
pub use std::time::Duration;

/// What the macros need; no part of the interface for authors.
#[doc(hidden)]
pub mod detail {
    pub use crate::ability::{Ability, AndMigrates, Detects, DoesBoth, Forecasts, Registered};
    pub use crate::library::{algorithm, Library};
    pub use crate::row::{FromValue, Row, Value, Values};
}

/// Makes a plugin of one or more models, and exports its entry point; once in a crate.
///
/// `plugin!(Huber: detector)`, `plugin!(Ewma: forecaster, Huber: detector)`, `plugin!(Both: forecaster +
/// detector)`, `plugin!(Peak: detector + migrates)`.
#[macro_export]
macro_rules! plugin {
    (@ability forecaster) => { $crate::detail::Forecasts };
    (@ability detector) => { $crate::detail::Detects };
    (@ability forecaster detector) => { $crate::detail::DoesBoth };
    (@ability detector forecaster) => { $crate::detail::DoesBoth };
    (@ability forecaster migrates) => { $crate::detail::AndMigrates<$crate::detail::Forecasts> };
    (@ability detector migrates) => { $crate::detail::AndMigrates<$crate::detail::Detects> };
    (@ability forecaster detector migrates) => { $crate::detail::AndMigrates<$crate::detail::DoesBoth> };
    (@ability detector forecaster migrates) => { $crate::detail::AndMigrates<$crate::detail::DoesBoth> };
    (@ability $($other:ident)*) => {
        compile_error!("a model is a forecaster, a detector, or forecaster + detector; + migrates may follow")
    };
    ($($Model:ident : $ability:ident $(+ $other:ident)*),+ $(,)?) => {
        $(impl $crate::detail::Registered for $Model {
            type Ability = $crate::plugin!(@ability $ability $($other)*);
        })+

        /// The entry point that the host calls.
        #[no_mangle]
        pub extern "C" fn forecastd_library_v1(
            host: *const $crate::ffi::Host,
        ) -> *const $crate::ffi::Library {
            static LIBRARY: $crate::detail::Library = $crate::detail::Library::new();
            LIBRARY.get(host, &[$($crate::detail::algorithm::<$Model>),+])
        }
    };
}
