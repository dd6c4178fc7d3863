//! Values of parameters, in the place of the config that the host reads.

use crate::ffi;
use crate::row::{Number, Row};
use std::time::Duration;

/// A value of a parameter, from a number, a `bool`, a `Duration`, a name of a choice, or a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of any parameter that is a number; steps are steps of the grid.
    Number(f64),
    /// A span of time.
    Time(Duration),
    /// A name of a choice.
    Name(&'static str),
    /// A list; an empty one is `"auto"`.
    List(Vec<i64>),
}

macro_rules! numbers {
    ($($Number:ty)*) => { $(
        impl From<$Number> for Value {
            fn from(number: $Number) -> Value {
                Value::Number(number as f64)
            }
        }
    )* };
}
numbers!(i32 i64 u32 u64 usize f64);

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::Number(yes as i32 as f64)
    }
}
impl From<Duration> for Value {
    fn from(time: Duration) -> Value {
        Value::Time(time)
    }
}
impl From<&'static str> for Value {
    fn from(name: &'static str) -> Value {
        Value::Name(name)
    }
}
impl From<&[i64]> for Value {
    fn from(list: &[i64]) -> Value {
        Value::List(list.to_vec())
    }
}
impl<const N: usize> From<[i64; N]> for Value {
    fn from(list: [i64; N]) -> Value {
        Value::List(list.to_vec())
    }
}

/// A value for each parameter, as the host hands them out.
pub struct Chosen {
    pub rows: Vec<Row>,
    pub values: Vec<ffi::Value>,
}

impl Chosen {
    pub fn new(rows: Vec<Row>, given: &[(&str, Value)], interval_ns: i64) -> Result<Chosen, String> {
        let mut chosen = Chosen { rows: Vec::new(), values: Vec::new() };
        for (name, _) in given {
            if !rows.iter().any(|row| row.name == *name) {
                return Err(format!("there is no parameter '{}'", name));
            }
        }
        for row in rows {
            let value = given.iter().rev().find(|(name, _)| *name == row.name).map(|(_, value)| value);
            let raw = value_of(&row, value, interval_ns);
            chosen.values.push(raw.map_err(|found| format!("parameter '{}' {}", row.name, found))?);
            chosen.rows.push(row);
        }
        Ok(chosen)
    }
    pub fn raw(&self) -> *const ffi::Value {
        self.values.as_ptr()
    }
}

fn value_of(row: &Row, given: Option<&Value>, interval_ns: i64) -> Result<ffi::Value, String> {
    let steps = |ns: i64| ((ns as f64 / interval_ns as f64).round()) as i64;
    let given = match given {
        Some(given) => given.clone(),
        None if row.flags & ffi::REQUIRED != 0 => return Err("must be given".to_string()),
        None => match row.initial {
            _ if row.kind == ffi::INTEGERS => Value::List(row.items.clone()),
            Number::Integer(ns) if row.flags & ffi::INITIAL_DURATION != 0 => {
                let (min, max) = (whole(row.min), whole(row.max));
                return Ok(ffi::Value { integer: steps(ns).max(min).min(max) });
            }
            Number::Integer(integer) => return Ok(ffi::Value { integer }),
            Number::Real(real) => return Ok(ffi::Value { real }),
        },
    };
    let integer = match (row.kind, given) {
        (ffi::REAL, Value::Number(real)) => return in_range_of_reals(row, real),
        (ffi::INTEGERS, Value::List(list)) => return list_of(row, list),
        (ffi::CHOICE, Value::Name(name)) => {
            let index = row.choices.iter().position(|choice| *choice == name);
            index.ok_or_else(|| format!("is '{}', expected one of {:?}", name, row.choices))? as i64
        }
        (ffi::DURATION, Value::Time(time)) => time.as_nanos() as i64,
        (ffi::STEPS, Value::Time(time)) => steps(time.as_nanos() as i64),
        (ffi::INTEGER, Value::Number(n))
        | (ffi::BOOLEAN, Value::Number(n))
        | (ffi::STEPS, Value::Number(n))
            if n.fract() == 0.0 =>
        {
            n as i64
        }
        (_, other) => return Err(format!("is {:?}, which has another type", other)),
    };
    in_range(row, integer)?;
    Ok(ffi::Value { integer })
}

fn list_of(row: &Row, list: Vec<i64>) -> Result<ffi::Value, String> {
    let automatic = list.is_empty() && row.flags & ffi::AUTO != 0;
    if list.len() != row.count && !automatic {
        return Err(format!("has {} integers, expected {}", list.len(), row.count));
    }
    for item in &list {
        in_range(row, *item)?;
    }
    // As tables do, it stays until the process of the tests ends.
    let list: &'static [i64] = Box::leak(list.into_boxed_slice());
    let integers = Box::into_raw(Box::new(ffi::Integers { count: list.len(), items: list.as_ptr() }));
    Ok(ffi::Value { integers })
}

fn whole(number: Number) -> i64 {
    match number {
        Number::Integer(integer) => integer,
        Number::Real(real) => real as i64,
    }
}

fn in_range(row: &Row, integer: i64) -> Result<(), String> {
    let (min, max) = (whole(row.min), whole(row.max));
    if integer < min || integer > max {
        return Err(format!("is {}, expected {} to {}", integer, min, max));
    }
    Ok(())
}

fn in_range_of_reals(row: &Row, real: f64) -> Result<ffi::Value, String> {
    if let (Number::Real(min), Number::Real(max)) = (row.min, row.max) {
        if !(min..=max).contains(&real) {
            return Err(format!("is {}, expected {} to {}", real, min, max));
        }
    }
    Ok(ffi::Value { real })
}
