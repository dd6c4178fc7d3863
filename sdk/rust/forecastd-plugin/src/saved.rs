//! A state that was saved by another version of a model, with other parameters, or on another grid.

use crate::ffi;
use crate::plain::{aligned, State};
use std::ffi::CStr;
use std::marker::PhantomData;
use std::os::raw::c_char;
use std::slice;

/// A saved state, and the parameters of the model that saved it. Trust no length that you did not check.
pub struct Saved<'a> {
    raw: &'a ffi::Saved,
    bytes: PhantomData<&'a [u8]>,
}

impl<'a> Saved<'a> {
    /// # Safety
    /// What it points to is as the header says, for as long as this lives.
    pub(crate) unsafe fn of(raw: &'a ffi::Saved) -> Saved<'a> {
        Saved { raw, bytes: PhantomData }
    }

    /// The `state_version` of the model that saved it.
    pub fn state_version(&self) -> u32 {
        self.raw.state_version
    }
    /// Nanoseconds of a step of the grid that it was saved on.
    pub fn interval_ns(&self) -> i64 {
        self.raw.interval_ns
    }
    /// A parameter of the model that saved it; `None` if it had none of that name and type.
    pub fn real(&self, name: &str) -> Option<f64> {
        let param = self.find(name).filter(|param| param.kind == ffi::REAL)?;
        // SAFETY: the type says so.
        Some(unsafe { param.value.real })
    }
    /// Of an integer, a boolean (0 or 1), a duration (nanoseconds) or steps (of the old grid).
    pub fn integer(&self, name: &str) -> Option<i64> {
        let kinds = [ffi::INTEGER, ffi::BOOLEAN, ffi::DURATION, ffi::STEPS];
        let param = self.find(name).filter(|param| kinds.contains(&param.kind))?;
        // SAFETY: the type says so.
        Some(unsafe { param.value.integer })
    }
    /// The name of a choice.
    pub fn choice(&self, name: &str) -> Option<&'a str> {
        let param = self.find(name).filter(|param| param.kind == ffi::CHOICE)?;
        text(param.choice)
    }
    /// A list; empty if the algorithm was to choose.
    pub fn integers(&self, name: &str) -> Option<&'a [i64]> {
        let param = self.find(name).filter(|param| param.kind == ffi::INTEGERS)?;
        // SAFETY: the type says so, and a list is never NULL.
        let list = unsafe { &*param.value.integers };
        match list.count {
            0 => Some(&[]),
            count => Some(unsafe { slice::from_raw_parts(list.items, count) }),
        }
    }

    /// The old state, as the `Series` of a model of this crate with the old length of its tail (0 without
    /// one); `None` if it has another size.
    pub fn series<Old: State + ?Sized>(&self, tail_length: usize) -> Option<&'a Old> {
        let size = aligned(Old::size(tail_length)?, 8) + crate::table::FLAG_SIZE;
        if self.raw.size != size || self.raw.bytes.is_null() {
            return None;
        }
        // SAFETY: there are bytes enough, aligned to 16, and any bytes are a state.
        Some(unsafe { &*Old::at(self.raw.bytes as *mut u8, tail_length) })
    }
    /// All bytes: the state, and 8 bytes of this crate behind it.
    pub fn bytes(&self) -> &'a [u8] {
        if self.raw.size == 0 {
            return &[];
        }
        // SAFETY: bytes has as many as size says.
        unsafe { slice::from_raw_parts(self.raw.bytes.cast(), self.raw.size) }
    }

    fn find(&self, name: &str) -> Option<&'a ffi::SavedParam> {
        if self.raw.param_count == 0 {
            return None;
        }
        // SAFETY: there are as many as param_count says.
        let params = unsafe { slice::from_raw_parts(self.raw.params, self.raw.param_count as usize) };
        params.iter().find(|param| text(param.name) == Some(name))
    }
}

fn text<'a>(text: *const c_char) -> Option<&'a str> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the texts of a saved state end in NUL, and are valid during the call that has the Saved.
    unsafe { CStr::from_ptr(text) }.to_str().ok()
}
