//! Parameters: declared as data beside the fields that they fill, read and checked by the host.

use crate::ffi;
use crate::row::{Number, Row, Values, Whole};
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Declares a model: its parameters, each with its default, its range and one sentence, and other fields.
///
/// ```
/// use forecastd_plugin::*;
///
/// choices! {
///     /// How the season is added.
///     pub enum Form { None = "none", Add = "add" }
/// }
/// params! {
///     pub struct Seasonal {
///         rate: f64 = real(0.1, 0.001..=1.0, "Weight of a new value.").alias(&["alpha"]),
///         season: usize = steps_of(hours(24), 2..=100_000, "Steps of a season."),
///         window: u32 = integer(20, 1..=1000, "How many values are remembered."),
///         robust: bool = boolean(false, "Whether outliers count less."),
///         half_life: Duration = duration(minutes(90), seconds(1)..=days(365), "Time to half a weight."),
///         form: Form = choice(Form::Add, "How the season is added."),
///         lags: Vec<i64> = integers(&[1, 3], 1..=100, "How many points back the values lie."),
///         decay: f64, // no parameter: prepare() sets it
///     }
/// }
/// ```
///
/// A parameter's name is that of its field. A field without a declaration begins as its `Default`. A
/// model without parameters is `params! { pub struct Mean {} }`. Sentences have a full stop, and units.
#[macro_export]
macro_rules! params {
    ($(#[$meta:meta])* $vis:vis struct $Name:ident {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $Type:ty $(= $declared:expr)?),* $(,)?
    }) => {
        $(#[$meta])*
        $vis struct $Name { $($(#[$field_meta])* $field_vis $field: $Type),* }

        impl $crate::Params for $Name {
            #[allow(unused_mut, clippy::vec_init_then_push)]
            fn rows() -> ::std::vec::Vec<$crate::detail::Row> {
                let mut rows = ::std::vec::Vec::new();
                $($(rows.push($crate::Param::<$Type>::row($declared, stringify!($field)));)?)*
                rows
            }
            #[allow(unused_variables)]
            fn take(values: &mut $crate::detail::Values) -> Self {
                $Name { $($field: $crate::params!(@value values $Type $(, $declared)?)),* }
            }
        }
    };
    (@value $values:ident $Type:ty, $declared:expr) => { $values.take::<$Type>() };
    (@value $values:ident $Type:ty) => { <$Type as ::std::default::Default>::default() };
}

/// Declares an enum that a parameter of [`choice`] may be, with the names that users write.
///
/// The names `true` and `false` are JSON's. The enum is `Copy`, `Debug` and `Eq`.
#[macro_export]
macro_rules! choices {
    ($(#[$meta:meta])* $vis:vis enum $Name:ident {
        $($(#[$item_meta:meta])* $Item:ident = $text:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $Name { $($(#[$item_meta])* $Item),+ }

        impl $crate::Choice for $Name {
            const NAMES: &'static [&'static str] = &[$($text),+];
            const ALL: &'static [$Name] = &[$($Name::$Item),+];
            fn index(self) -> usize {
                self as usize
            }
        }
        impl $crate::detail::FromValue for $Name {
            fn from_value(value: $crate::detail::Value) -> Self {
                <Self as $crate::Choice>::ALL[value.integer() as usize]
            }
        }
    };
}

/// An enum of [`choices!`](crate::choices), which implements this.
pub trait Choice: Copy + 'static {
    /// What users write, in order.
    const NAMES: &'static [&'static str];
    /// All choices, in the same order.
    const ALL: &'static [Self];
    /// The place of a choice among them.
    fn index(self) -> usize;
}

/// A parameter that fills a field of type `T`. The functions [`real`], [`integer`] and so on make one.
pub struct Param<T> {
    row: Row,
    field: PhantomData<T>,
}

impl<T> Param<T> {
    /// Other names that users know it by.
    pub fn alias(mut self, names: &'static [&'static str]) -> Param<T> {
        self.row.aliases = names;
        self
    }
    /// The user must give it; the default is ignored.
    pub fn required(mut self) -> Param<T> {
        self.row.flags |= ffi::REQUIRED;
        self
    }
    /// Users may write `"auto"`: for [`steps`] whose range begins at 0, which is then the value; for
    /// [`integers`], whose list is then empty.
    pub fn or_automatic(mut self) -> Param<T> {
        self.row.flags |= ffi::AUTO;
        self
    }
    #[doc(hidden)]
    pub fn row(self, name: &'static str) -> Row {
        Row { name, ..self.row }
    }
}

/// A real number. A default of NaN means that the algorithm chooses.
pub fn real(initial: f64, range: RangeInclusive<f64>, doc: &'static str) -> Param<f64> {
    let [initial, min, max] = [initial, *range.start(), *range.end()].map(Number::Real);
    param(Row { initial, min, max, ..Row::new(ffi::REAL, doc) })
}

/// An integer.
pub fn integer<T: Whole>(initial: T, range: RangeInclusive<T>, doc: &'static str) -> Param<T> {
    whole(ffi::INTEGER, initial.whole(), range, doc)
}

/// Steps of the grid. Users may also write a duration.
pub fn steps<T: Whole>(initial: T, range: RangeInclusive<T>, doc: &'static str) -> Param<T> {
    whole(ffi::STEPS, initial.whole(), range, doc)
}

/// Steps of the grid, whose default is the number of steps in the range that is nearest to a duration.
pub fn steps_of<T: Whole>(initial: Duration, range: RangeInclusive<T>, doc: &'static str) -> Param<T> {
    let mut param = whole(ffi::STEPS, initial.whole(), range, doc);
    param.row.flags |= ffi::INITIAL_DURATION;
    param
}

/// A span of time. Users write `"90s"` or `"1d"`.
pub fn duration(initial: Duration, range: RangeInclusive<Duration>, doc: &'static str) -> Param<Duration> {
    whole(ffi::DURATION, initial.whole(), range, doc)
}

/// Yes or no.
pub fn boolean(initial: bool, doc: &'static str) -> Param<bool> {
    let [initial, max] = [initial as i64, 1].map(Number::Integer);
    param(Row { initial, max, ..Row::new(ffi::BOOLEAN, doc) })
}

/// One of the names of an enum of [`choices!`](crate::choices).
pub fn choice<T: Choice>(initial: T, doc: &'static str) -> Param<T> {
    let [initial, max] = [initial.index(), T::NAMES.len() - 1].map(|number| Number::Integer(number as i64));
    param(Row { initial, max, choices: T::NAMES, ..Row::new(ffi::CHOICE, doc) })
}

/// A list of as many integers as its default has, 1 to 16; the range is that of each.
pub fn integers(initial: &[i64], range: RangeInclusive<i64>, doc: &'static str) -> Param<Vec<i64>> {
    let mut param: Param<Vec<i64>> = list(initial.len(), range, doc);
    param.row.items = initial.to_vec();
    param
}

/// A list of so many integers, 1 to 16, for which users may write `"auto"`, as is the default: then it is
/// empty, and [`prepare`](crate::Model::prepare) chooses.
pub fn automatic_integers(count: usize, range: RangeInclusive<i64>, doc: &'static str) -> Param<Vec<i64>> {
    list(count, range, doc).or_automatic()
}

/// So many seconds.
pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
/// So many minutes.
pub const fn minutes(count: u64) -> Duration {
    seconds(60 * count)
}
/// So many hours.
pub const fn hours(count: u64) -> Duration {
    minutes(60 * count)
}
/// So many days of 24 hours.
pub const fn days(count: u64) -> Duration {
    hours(24 * count)
}

/// What `params!` implements.
pub trait Params: Sized {
    #[doc(hidden)]
    fn rows() -> Vec<Row>;
    #[doc(hidden)]
    fn take(values: &mut Values) -> Self;
}

fn param<T>(row: Row) -> Param<T> {
    Param { row, field: PhantomData }
}

fn whole<T: Whole, U>(kind: i32, initial: i64, range: RangeInclusive<T>, doc: &'static str) -> Param<U> {
    let [initial, min, max] = [initial, range.start().whole(), range.end().whole()].map(Number::Integer);
    param(Row { initial, min, max, ..Row::new(kind, doc) })
}

fn list(count: usize, range: RangeInclusive<i64>, doc: &'static str) -> Param<Vec<i64>> {
    let mut param: Param<Vec<i64>> = whole(ffi::INTEGERS, 0, range, doc);
    param.row.count = count;
    param
}
