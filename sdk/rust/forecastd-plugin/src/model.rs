//! What an author implements.

use crate::declared::{Diagnostic, Input, Known};
use crate::error::Result;
use crate::forecast::{Forecast, Prediction};
use crate::params::Params;
use crate::plain::State;
use crate::saved::Saved;
use crate::values::{About, Grid, Point, SeriesInfo, Verdict};

/// An algorithm with its parameters. Implement it for a struct of [`params!`](crate::params), and
/// [`Forecaster`] or [`Detector`] or both beside it.
///
/// A model does not change once it is made. It is called from many threads, but never for one series from
/// two at once. It starts no threads, prints nothing, and knows no time but that of its points.
///
/// This crate does what the flags and the learn limit of a point say: a value that lies too far from what
/// the model itself expected is moved to the limit before [`observe`](Model::observe) gets it.
pub trait Model: Params + Send + Sync + 'static {
    /// What the catalogue shows.
    const ABOUT: About;

    /// The values beside the series that the model uses.
    const INPUTS: &'static [Input] = &[];

    /// What the model can tell of a series; see [`diagnose`](Model::diagnose).
    const DIAGNOSTICS: &'static [Diagnostic] = &[];

    /// The state of one series: a struct of [`plain!`](crate::plain), or one with a tail,
    /// [`WithTail`](crate::WithTail). It begins as zeroes.
    type Series: State + ?Sized;

    /// Called once, when the parameters are set. An error means that they do not go together. It may be
    /// called several times for the same parameters, and on a trial grid.
    fn prepare(&mut self, _grid: &Grid) -> Result {
        Ok(())
    }

    /// The number of elements behind the head of a [`WithTail`](crate::WithTail). Asked once, after
    /// `prepare`.
    fn tail_length(&self) -> usize {
        0
    }

    /// Begins a series other than by zeroes.
    fn start(&self, _series: &mut Self::Series, _info: &SeriesInfo) -> Result {
        Ok(())
    }

    /// Learns one point. Nothing else changes a series.
    fn observe(&self, series: &mut Self::Series, point: &Point) -> Result;

    /// Whether enough was learned to judge and to forecast. Only asked once a point was learned; before
    /// that, a series is never ready.
    fn ready(&self, _series: &Self::Series) -> bool {
        true
    }

    /// What is known of a series, one for each row of [`DIAGNOSTICS`](Model::DIAGNOSTICS). It is asked of
    /// every series, whatever `ready` says, so it must be quick.
    fn diagnose(&self, _series: &Self::Series) -> Result<Vec<Known>> {
        Ok(vec![Known::Unknown; Self::DIAGNOSTICS.len()])
    }
}

/// A model that predicts its series.
pub trait Forecaster: Model {
    /// Fills each step. Only asked of a series that is [`ready`](Model::ready).
    fn forecast(&self, series: &Self::Series, out: &mut Forecast) -> Result;

    /// The forecast of the step of a point alone, if that is cheaper; `None`, as it is without this method:
    /// take `forecast`. Do not look at the point's value.
    fn expect(&self, _series: &Self::Series, _point: &Point) -> Result<Option<Prediction>> {
        Ok(None)
    }
}

/// A model that says how unusual a point is.
pub trait Detector: Model {
    /// The sentences behind [`Verdict::reason`], each with its full stop.
    const REASONS: &'static [&'static str] = &[];

    /// Judges one point, before it is learned. Only asked of a series that is [`ready`](Model::ready).
    fn judge(&self, series: &Self::Series, point: &Point) -> Result<Verdict>;
}

/// A model that takes over states of another version, of other parameters, or of another grid:
/// `plugin!(Peak: detector + migrates)`. The host copies a state that fits as it is; without this trait,
/// all others begin again.
pub trait Migrates: Model {
    /// Takes over a state into a series that was just started. `false` or an error: the series begins
    /// again.
    ///
    /// It may be asked of a state of its own version too. Trust no number that you did not check: any bytes
    /// may come.
    fn migrate(&self, saved: &Saved, series: &mut Self::Series) -> Result<bool>;
}
