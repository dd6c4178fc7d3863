//! The structs and constants of `forecastd/plugin.h`, version 1.0, as they are in C.
//!
//! Authors do not need them: the traits of this crate are written in terms of them. The header is the
//! manual; its conventions (threads, errors, numbers, time, ownership) hold for every function here. The
//! name of each struct is that of the header without `fcd_`.
#![allow(missing_docs)] // the header says what each field means

use std::os::raw::{c_char, c_void};

pub const ABI_MAJOR: u32 = 1;
pub const ABI_MINOR: u32 = 0;

pub const OK: i32 = 0;
pub const NOT_YET: i32 = 1;
pub const ERROR: i32 = -1;

pub const FORECASTS: u32 = 1;
pub const DETECTS: u32 = 2;

pub const SET_ASIDE: i32 = 0;
pub const BEGIN_AGAIN: i32 = 1;
pub const ASK_LATER: i32 = 2;

#[repr(C)]
pub struct Error {
    pub struct_size: u32,
    pub code: i32,
    pub text: [c_char; 256],
}

// ---- Parameters ----------------------------------------------------------------------------------------

pub const REAL: i32 = 1;
pub const INTEGER: i32 = 2;
pub const BOOLEAN: i32 = 3;
pub const CHOICE: i32 = 4;
pub const DURATION: i32 = 5;
pub const STEPS: i32 = 6;
pub const INTEGERS: i32 = 7;

pub const REQUIRED: u32 = 1;
pub const AUTO: u32 = 2;
pub const INITIAL_DURATION: u32 = 4;

#[repr(C)]
pub struct Integers {
    pub count: usize,
    pub items: *const i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub union Value {
    pub real: f64,
    pub integer: i64,
    pub integers: *const Integers,
}

#[repr(C)]
pub struct Param {
    pub name: *const c_char,
    pub doc: *const c_char,
    pub kind: i32, // `type` in C
    pub flags: u32,
    pub initial: Value,
    pub min: Value,
    pub max: Value,
    pub choices: *const *const c_char,
    pub aliases: *const *const c_char,
    pub count: usize,
}

// ---- Time ----------------------------------------------------------------------------------------------

pub const GRID_TRIAL: u32 = 1;
pub const GRID_LOCAL: u32 = 2;

#[repr(C)]
pub struct Grid {
    pub struct_size: u32,
    pub flags: u32,
    pub interval_ns: i64,
}

// ---- Inputs --------------------------------------------------------------------------------------------

pub const INPUT_PAST: u32 = 1;
pub const INPUT_AHEAD: u32 = 2;
pub const INPUT_REQUIRED: u32 = 4;

#[repr(C)]
pub struct Input {
    pub name: *const c_char,
    pub doc: *const c_char,
    pub flags: u32,
    pub reserved: u32,
}

// ---- Points in, verdicts and predictions out -----------------------------------------------------------

pub const JUDGE_ONLY: u32 = 1;
pub const LEARN_ONLY: u32 = 2;
pub const LABELLED_NORMAL: u32 = 4;
pub const LABELLED_ANOMALOUS: u32 = 8;

#[repr(C)]
pub struct Point {
    pub series: *mut c_void,
    pub time_ns: i64,
    pub step: i64,
    pub local_step: i64,
    pub value: f64,
    pub expected: f64,
    pub deviation: f64,
    pub learn_limit: f64,
    pub flags: u32,
    pub reserved: u32,
    pub inputs: *const f64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Verdict {
    pub score: f64,
    pub expected: f64,
    pub deviation: f64,
    pub lower: f64,
    pub upper: f64,
    pub reason: u32,
    pub reserved: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Prediction {
    pub mean: f64,
    pub deviation: f64,
}

#[repr(C)]
pub struct Horizon {
    pub struct_size: u32,
    pub steps: u32,
    pub first_step: i64,
    pub local_steps: *const i64,
    pub level_count: u32,
    pub input_count: u32,
    pub levels: *const f64,
    pub quantiles: *mut f64,
    pub inputs: *const f64,
}

// ---- An algorithm --------------------------------------------------------------------------------------

/// The plugin's own: what `model_new` returns.
#[repr(C)]
pub struct Model {
    _private: [u8; 0],
}

#[repr(C)]
pub struct SeriesInfo {
    pub struct_size: u32,
    pub reserved: u32,
    pub id_hash: u64,
    pub first_time_ns: i64,
}

#[repr(C)]
pub struct SavedParam {
    pub name: *const c_char,
    pub kind: i32, // `type` in C
    pub reserved: u32,
    pub value: Value,
    pub choice: *const c_char,
}

#[repr(C)]
pub struct Saved {
    pub struct_size: u32,
    pub state_version: u32,
    pub interval_ns: i64,
    pub param_count: u32,
    pub reserved: u32,
    pub params: *const SavedParam,
    pub bytes: *const c_void,
    pub size: usize,
}

pub type ModelNew = unsafe extern "C" fn(*const Value, *const Grid, *mut usize, *mut Error) -> *mut Model;
pub type ModelFree = unsafe extern "C" fn(*mut Model);
pub type SeriesInit = unsafe extern "C" fn(*const Model, *mut c_void, *const SeriesInfo, *mut Error) -> i32;
pub type SeriesFree = unsafe extern "C" fn(*const Model, *mut c_void);
pub type Advance = unsafe extern "C" fn(*const Model, *const Point, usize, *mut Verdict, *mut Error) -> usize;
pub type Forecast =
    unsafe extern "C" fn(*const Model, *const c_void, *const Horizon, *mut Prediction, *mut Error) -> i32;
pub type Save = unsafe extern "C" fn(*const Model, *const c_void, *mut c_void, usize, *mut Error) -> usize;
pub type Load = unsafe extern "C" fn(*const Model, *mut c_void, *const Saved, *mut Error) -> i32;
pub type Extension = unsafe extern "C" fn(*const c_char) -> *const c_void;

#[repr(C)]
pub struct Algorithm {
    pub struct_size: u32,
    pub abilities: u32,
    pub state_version: u32,
    pub param_count: u32,
    pub id: *const c_char,
    pub version: *const c_char,
    pub summary: *const c_char,
    pub params: *const Param,
    pub model_new: Option<ModelNew>,
    pub model_free: Option<ModelFree>,
    pub series_init: Option<SeriesInit>,
    pub series_free: Option<SeriesFree>,
    pub advance: Option<Advance>,
    pub forecast: Option<Forecast>,
    pub save: Option<Save>,
    pub load: Option<Load>,
    pub extension: Option<Extension>,
    pub inputs: *const Input,
    pub input_count: u32,
    pub reason_count: u32,
    pub reasons: *const *const c_char,
}

// ---- Extension: diagnostics ----------------------------------------------------------------------------

pub const DIAGNOSTICS: &str = "forecastd.diagnostics/1";
pub const UNKNOWN: i64 = i64::MIN;

#[repr(C)]
pub struct Diagnostic {
    pub name: *const c_char,
    pub doc: *const c_char,
    pub kind: i32, // `type` in C
    pub reserved: u32,
    pub choices: *const *const c_char,
}

pub type Diagnose = unsafe extern "C" fn(*const Model, *const c_void, *mut Value, *mut Error) -> i32;

#[repr(C)]
pub struct Diagnostics {
    pub struct_size: u32,
    pub row_size: u32,
    pub count: u32,
    pub reserved: u32,
    pub rows: *const Diagnostic,
    pub diagnose: Option<Diagnose>,
}

// ---- The handshake -------------------------------------------------------------------------------------

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub reserved: u32,
    pub version: *const c_char,
    pub service: Option<unsafe extern "C" fn(*const c_char) -> *const c_void>,
}

/// The name of the log among the services of the host, with the NUL that C wants.
pub const LOG: &[u8] = b"forecastd.log/1\0";

pub const LOG_ERROR: i32 = 0;
pub const LOG_WARN: i32 = 1;
pub const LOG_INFO: i32 = 2;
pub const LOG_DEBUG: i32 = 3;

#[repr(C)]
pub struct Log {
    pub struct_size: u32,
    pub reserved: u32,
    pub write: Option<unsafe extern "C" fn(i32, *const c_char)>,
}

#[repr(C)]
pub struct Library {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub flags: u32,
    pub param_size: u32,
    pub point_size: u32,
    pub verdict_size: u32,
    pub prediction_size: u32,
    pub input_size: u32,
    pub saved_param_size: u32,
    pub reserved: u32,
    pub algorithm_count: u32,
    pub algorithms: *const *const Algorithm,
}
