//! The tables that a plugin hands to the host: an `fcd_library` of several `fcd_algorithm`s.
//!
//! They are made once, when the library is loaded, and stay until the process ends.

use crate::ability::{Ability, Registered};
use crate::log::{keep_host, log, Level};
use crate::row::{Number, Row};
use crate::{ffi, table};
use std::ffi::{CStr, CString};
use std::mem::size_of;
use std::os::raw::{c_char, c_void};
use std::panic::catch_unwind;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::Once;

/// The library of a plugin, made when it is first asked for.
pub struct Library {
    once: Once,
    made: AtomicPtr<ffi::Library>,
}

impl Library {
    /// One that was not made yet.
    #[allow(clippy::new_without_default)] // it is for a static
    pub const fn new() -> Library {
        Library { once: Once::new(), made: AtomicPtr::new(ptr::null_mut()) }
    }
    /// The library of these algorithms; NULL if it cannot be made, which the log then tells.
    pub fn get(
        &self,
        host: *const ffi::Host,
        algorithms: &[fn() -> *const ffi::Algorithm],
    ) -> *const ffi::Library {
        self.once.call_once(|| {
            keep_host(host);
            match catch_unwind(|| library(algorithms)) {
                Ok(made) => self.made.store(made, Ordering::Release),
                Err(_) => {
                    log(Level::Error, "a table cannot be made: a text holds a NUL, or a number is too large.")
                }
            }
        });
        self.made.load(Ordering::Acquire)
    }
}

fn library(algorithms: &[fn() -> *const ffi::Algorithm]) -> *mut ffi::Library {
    let tables: Vec<_> = algorithms.iter().map(|algorithm| algorithm()).collect();
    Box::into_raw(Box::new(ffi::Library {
        struct_size: size_of::<ffi::Library>() as u32,
        abi_major: ffi::ABI_MAJOR,
        abi_minor: ffi::ABI_MINOR,
        flags: 0,
        param_size: size_of::<ffi::Param>() as u32,
        point_size: size_of::<ffi::Point>() as u32,
        verdict_size: size_of::<ffi::Verdict>() as u32,
        prediction_size: size_of::<ffi::Prediction>() as u32,
        input_size: size_of::<ffi::Input>() as u32,
        saved_param_size: size_of::<ffi::SavedParam>() as u32,
        reserved: 0,
        algorithm_count: tables.len() as u32,
        algorithms: kept(tables),
    }))
}

/// The table of one model.
pub fn algorithm<M: Registered>() -> *const ffi::Algorithm {
    let params: Vec<_> = M::rows().into_iter().map(param).collect();
    let inputs: Vec<_> = M::INPUTS
        .iter()
        .map(|input| ffi::Input {
            name: text(input.name),
            doc: text(input.doc),
            flags: input.flags,
            reserved: 0,
        })
        .collect();
    let reasons: Vec<_> = M::Ability::REASONS.iter().map(|reason| text(reason)).collect();
    let forecasts = M::Ability::BITS & ffi::FORECASTS != 0;

    Box::into_raw(Box::new(ffi::Algorithm {
        struct_size: size_of::<ffi::Algorithm>() as u32,
        abilities: M::Ability::BITS,
        state_version: M::ABOUT.state_version,
        param_count: params.len() as u32,
        id: text(M::ABOUT.id),
        version: text(M::ABOUT.version),
        summary: text(M::ABOUT.summary),
        params: kept(params),
        model_new: Some(table::model_new::<M>),
        model_free: Some(table::model_free::<M>),
        series_init: Some(table::series_init::<M>),
        series_free: None, // a state is plain bytes, and owns nothing
        advance: Some(table::advance::<M>),
        forecast: if forecasts { Some(table::forecast::<M>) } else { None },
        save: None, // the host saves plain bytes itself
        load: M::Ability::load(),
        extension: if M::DIAGNOSTICS.is_empty() { None } else { Some(extension::<M>) },
        input_count: inputs.len() as u32,
        inputs: kept(inputs),
        reason_count: reasons.len() as u32,
        reasons: kept(reasons),
    }))
}

unsafe extern "C" fn extension<M: Registered>(id: *const c_char) -> *const c_void {
    if CStr::from_ptr(id).to_bytes() != ffi::DIAGNOSTICS.as_bytes() {
        return ptr::null();
    }
    let row = |one: &crate::Diagnostic| ffi::Diagnostic {
        name: text(one.name),
        doc: text(one.doc),
        kind: one.kind,
        reserved: 0,
        choices: names(one.choices),
    };
    let made = catch_unwind(|| {
        Box::into_raw(Box::new(ffi::Diagnostics {
            struct_size: size_of::<ffi::Diagnostics>() as u32,
            row_size: size_of::<ffi::Diagnostic>() as u32,
            count: M::DIAGNOSTICS.len() as u32,
            reserved: 0,
            rows: kept(M::DIAGNOSTICS.iter().map(row).collect()),
            diagnose: Some(table::diagnose::<M>),
        }))
    });
    made.map_or(ptr::null(), |table| table as *const c_void)
}

fn param(row: Row) -> ffi::Param {
    let value = |number| match number {
        Number::Real(real) => ffi::Value { real },
        Number::Integer(integer) => ffi::Value { integer },
    };
    let initial = if row.kind == ffi::INTEGERS {
        let list = ffi::Integers { count: row.items.len(), items: kept(row.items) };
        ffi::Value { integers: Box::into_raw(Box::new(list)) }
    } else {
        value(row.initial)
    };
    ffi::Param {
        name: text(row.name),
        doc: text(row.doc),
        kind: row.kind,
        flags: row.flags,
        initial,
        min: value(row.min),
        max: value(row.max),
        choices: names(row.choices),
        aliases: names(row.aliases),
        count: row.count,
    }
}

/// Names with NULL at the end; NULL if there are none.
fn names(list: &[&str]) -> *const *const c_char {
    if list.is_empty() {
        return ptr::null();
    }
    kept(list.iter().map(|name| text(name)).chain([ptr::null()]).collect())
}

/// A text that stays until the process ends.
fn text(text: &str) -> *const c_char {
    CString::new(text).expect("a text holds no NUL").into_raw()
}

/// An array that stays until the process ends; NULL if it is empty.
fn kept<T>(items: Vec<T>) -> *const T {
    if items.is_empty() {
        return ptr::null();
    }
    Box::leak(items.into_boxed_slice()).as_ptr()
}
