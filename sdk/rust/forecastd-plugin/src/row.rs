//! What stands behind the declarations of parameters: rows of a table, and the values that come back.

use crate::ffi;
use std::time::Duration;

/// A type that holds the whole numbers of a parameter: an integer, or a `Duration` in nanoseconds.
pub trait Whole: Copy {
    #[doc(hidden)]
    fn whole(self) -> i64;
}

/// The number of a default or a bound.
#[derive(Clone, Copy)]
pub enum Number {
    Real(f64),
    Integer(i64),
}

/// One parameter, as data.
pub struct Row {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) kind: i32,
    pub(crate) flags: u32,
    pub(crate) initial: Number,
    pub(crate) min: Number,
    pub(crate) max: Number,
    pub(crate) choices: &'static [&'static str],
    pub(crate) aliases: &'static [&'static str],
    pub(crate) items: Vec<i64>,
    pub(crate) count: usize,
}

impl Row {
    pub(crate) fn new(kind: i32, doc: &'static str) -> Row {
        let zero = Number::Integer(0);
        Row {
            name: "",
            doc,
            kind,
            flags: 0,
            initial: zero,
            min: zero,
            max: zero,
            choices: &[],
            aliases: &[],
            items: Vec::new(),
            count: 0,
        }
    }
}

/// A value of a parameter, as the host gives it.
#[derive(Clone, Copy)]
pub struct Value(ffi::Value);

impl Value {
    /// Of all types but reals and lists.
    pub fn integer(self) -> i64 {
        // SAFETY: every pattern of bits is an integer.
        unsafe { self.0.integer }
    }
}

/// The values of a model's parameters, one after the other.
pub struct Values(*const ffi::Value);

impl Values {
    /// # Safety
    /// There are as many values as parameters, of their types, for as long as this lives.
    pub(crate) unsafe fn new(values: *const ffi::Value) -> Values {
        Values(values)
    }
    /// The next one.
    pub fn take<T: FromValue>(&mut self) -> T {
        // SAFETY: params! asks for each parameter once.
        unsafe {
            let value = *self.0;
            self.0 = self.0.add(1);
            T::from_value(Value(value))
        }
    }
}

/// A type that a parameter fills.
pub trait FromValue {
    #[doc(hidden)]
    fn from_value(value: Value) -> Self;
}

macro_rules! whole_numbers {
    ($($Number:ty)*) => { $(
        impl Whole for $Number {
            fn whole(self) -> i64 {
                i64::try_from(self).expect("the range of a parameter ends at 2^63 - 1")
            }
        }
        impl FromValue for $Number {
            fn from_value(value: Value) -> Self {
                value.integer() as $Number // the host has checked the range, whose bounds are of this type
            }
        }
    )* };
}
whole_numbers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl Whole for Duration {
    fn whole(self) -> i64 {
        i64::try_from(self.as_nanos()).expect("a duration of a parameter ends at 292 years")
    }
}
impl FromValue for Duration {
    fn from_value(value: Value) -> Self {
        Duration::from_nanos(value.integer() as u64)
    }
}
impl FromValue for f64 {
    fn from_value(value: Value) -> Self {
        // SAFETY: every pattern of bits is a double.
        unsafe { value.0.real }
    }
}
impl FromValue for bool {
    fn from_value(value: Value) -> Self {
        value.integer() != 0
    }
}
impl FromValue for Vec<i64> {
    fn from_value(value: Value) -> Self {
        // SAFETY: only integers() binds to a list, whose value is never NULL.
        let list = unsafe { &*value.0.integers };
        match list.count {
            0 => Vec::new(),
            // SAFETY: items has as many numbers as count says.
            count => unsafe { std::slice::from_raw_parts(list.items, count) }.to_vec(),
        }
    }
}
