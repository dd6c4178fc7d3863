//! What a model declares beside its parameters: inputs and diagnostics.

use crate::ffi;

/// A further value beside the series, such as `"calendar.hour"`; `plugin.h` has the names that hosts know.
///
/// A point has it in [`Point::inputs`](crate::Point::inputs), a forecast in
/// [`Forecast::inputs`](crate::Forecast::inputs).
#[derive(Clone, Copy, Debug)]
pub struct Input {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) flags: u32,
}

impl Input {
    /// Known at the points of the series.
    pub const fn past(name: &'static str, doc: &'static str) -> Input {
        Input { name, doc, flags: ffi::INPUT_PAST }
    }
    /// Known for future steps too.
    pub const fn ahead(name: &'static str, doc: &'static str) -> Input {
        Input { name, doc, flags: ffi::INPUT_PAST | ffi::INPUT_AHEAD }
    }
    /// The model cannot do without it: a host that does not know it refuses the model. Else it is NaN
    /// there.
    pub const fn required(self) -> Input {
        Input { flags: self.flags | ffi::INPUT_REQUIRED, ..self }
    }
}

/// Something that a model can tell of a series, for people to see.
#[derive(Clone, Copy, Debug)]
pub struct Diagnostic {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) kind: i32,
    pub(crate) choices: &'static [&'static str],
}

impl Diagnostic {
    /// A real number, whose mean over many series is shown.
    pub const fn real(name: &'static str, doc: &'static str) -> Diagnostic {
        Diagnostic { name, doc, kind: ffi::REAL, choices: &[] }
    }
    /// An integer, whose sum over many series is shown: let it be a count.
    pub const fn integer(name: &'static str, doc: &'static str) -> Diagnostic {
        Diagnostic { name, doc, kind: ffi::INTEGER, choices: &[] }
    }
    /// One of these names: how many series have each is shown.
    pub const fn choice(
        name: &'static str,
        choices: &'static [&'static str],
        doc: &'static str,
    ) -> Diagnostic {
        Diagnostic { name, doc, kind: ffi::CHOICE, choices }
    }
}

/// What [`Model::diagnose`](crate::Model::diagnose) knows, one for each row of
/// [`Model::DIAGNOSTICS`](crate::Model::DIAGNOSTICS).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// Of a [`Diagnostic::real`].
    Real(f64),
    /// Of a [`Diagnostic::integer`].
    Integer(i64),
    /// Of a [`Diagnostic::choice`]: an index of its names.
    Choice(usize),
    /// Not known yet.
    Unknown,
}
