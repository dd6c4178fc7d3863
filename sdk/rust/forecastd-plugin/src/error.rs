//! What a call that failed tells the host.

use crate::ffi;
use std::any::Any;
use std::fmt;
use std::os::raw::c_char;
use std::panic::{catch_unwind, AssertUnwindSafe};

/// What the methods of a model return.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Why a call failed, in a sentence for the user (what was found, what was expected, what to do), and what
/// the host does about it.
///
/// Whatever implements [`std::error::Error`] becomes one with `?`, and sets the series aside. So does a
/// panic. In [`prepare`](crate::Model::prepare) all errors are alike: these parameters do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub(crate) code: i32,
    pub(crate) text: String,
}

impl Error {
    /// The series gets no more points until the host is restarted; its data passes on.
    pub fn set_aside(text: impl Into<String>) -> Error {
        Error { code: ffi::SET_ASIDE, text: text.into() }
    }
    /// The state is thrown away, and the series begins again at its next point.
    pub fn begin_again(text: impl Into<String>) -> Error {
        Error { code: ffi::BEGIN_AGAIN, text: text.into() }
    }
    /// Nothing is wrong with the state, which must be unchanged: only this point, or this forecast, is left
    /// out.
    ///
    /// From `forecast` or `expect` while a point is judged, it only means that nothing is expected of the
    /// point, which is learned all the same.
    pub fn ask_later(text: impl Into<String>) -> Error {
        Error { code: ffi::ASK_LATER, text: text.into() }
    }
    /// The sentence.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Whether it was made by [`Error::begin_again`].
    pub fn is_begin_again(&self) -> bool {
        self.code == ffi::BEGIN_AGAIN
    }
    /// Whether it was made by [`Error::ask_later`].
    pub fn is_ask_later(&self) -> bool {
        self.code == ffi::ASK_LATER
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(&self.text)
    }
}

// Error itself does not implement std::error::Error, or this would be a second conversion of it into
// itself.
impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Error {
        Error::set_aside(error.to_string())
    }
}

/// Runs `body`. What it fails or panics with becomes the error's code and text, and the value `failed`.
pub(crate) fn guarded<T>(error: *mut ffi::Error, failed: T, body: impl FnOnce() -> Result<T>) -> T {
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(value)) => return value,
        Ok(Err(failure)) => failure,
        Err(payload) => Error::set_aside(text_of(payload)),
    };
    write(error, &failure);
    failed
}

/// The text that `panic!` was given.
fn text_of(payload: Box<dyn Any + Send>) -> String {
    let payload = match payload.downcast::<String>() {
        Ok(text) => return *text,
        Err(other) => other,
    };
    match payload.downcast::<&'static str>() {
        Ok(text) => text.to_string(),
        Err(other) => {
            // To drop what is unknown could panic again, and so could what that panics with.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(other))) {
                std::mem::forget(again);
            }
            "panicked with something that is no text".to_string()
        }
    }
}

/// As much of the text as fits, without a torn character at its end.
fn write(error: *mut ffi::Error, failure: &Error) {
    if error.is_null() {
        return;
    }
    // SAFETY: the host hands out a whole fcd_error.
    let error = unsafe { &mut *error };
    error.code = failure.code;
    let text = failure.text.as_bytes();
    let mut size = text.len().min(error.text.len() - 1);
    while !failure.text.is_char_boundary(size) {
        size -= 1;
    }
    for (to, from) in error.text.iter_mut().zip(&text[..size]) {
        *to = if *from == 0 { b' ' as c_char } else { *from as c_char };
    }
    error.text[size] = 0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    fn fails(body: impl FnOnce() -> Result) -> (i32, String) {
        let mut error = ffi::Error { struct_size: 264, code: 0, text: [1; 256] };
        let mut failed = false;
        guarded(&mut error, (), || {
            failed = true;
            body()
        });
        assert!(failed);
        let text = unsafe { CStr::from_ptr(error.text.as_ptr()) };
        (error.code, text.to_str().unwrap().to_string())
    }

    #[test]
    fn each_failure_has_its_code_and_its_text() {
        assert_eq!(fails(|| Err(Error::begin_again("New."))), (1, "New.".to_string()));
        assert_eq!(fails(|| Err(Error::ask_later("Later."))), (2, "Later.".to_string()));
        assert_eq!(fails(|| panic!("Found {}.", 7)), (0, "Found 7.".to_string()));
        assert_eq!(fails(|| panic!("Found.")), (0, "Found.".to_string()));
        assert_eq!(fails(|| std::panic::panic_any(7)).0, 0);
        let text = fails(|| Ok("x".parse::<f64>().map(drop)?)).1;
        assert_eq!(text, "invalid float literal");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let (_, text) = fails(|| Err(Error::set_aside("\u{e9}".repeat(200))));
        assert_eq!(text, "\u{e9}".repeat(127));
        assert_eq!(fails(|| Err(Error::set_aside("a\0b"))).1, "a b");
    }
}
