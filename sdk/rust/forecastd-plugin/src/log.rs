//! Messages for the operator. A plugin prints nothing: what it has to say goes through the host.

use crate::ffi;
use std::ffi::CString;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

static HOST: AtomicPtr<ffi::Host> = AtomicPtr::new(ptr::null_mut());

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something failed.
    Error = ffi::LOG_ERROR as isize,
    /// Something may be wrong.
    Warn = ffi::LOG_WARN as isize,
    /// Something happened that an operator wants to know.
    Info = ffi::LOG_INFO as isize,
    /// For authors alone.
    Debug = ffi::LOG_DEBUG as isize,
}

/// Writes one sentence for the operator. The host adds the plugin's name, and leaves out what comes too
/// often.
///
/// It may be called on any thread, within the calls of a model. It does nothing in tests without a host,
/// and in a host without a log.
pub fn log(level: Level, text: &str) {
    let host = HOST.load(Ordering::Acquire);
    let text = match CString::new(text.replace('\0', " ")) {
        Ok(text) => text,
        Err(_) => return,
    };
    // SAFETY: the host and its services are valid until the process ends.
    unsafe {
        let service = match host.as_ref().and_then(|host| host.service) {
            Some(service) => service(ffi::LOG.as_ptr().cast()),
            None => return,
        };
        let log = service.cast::<ffi::Log>().as_ref();
        if let Some(write) = log.and_then(|log| log.write) {
            write(level as i32, text.as_ptr());
        }
    }
}

/// Keeps the host that loaded this plugin, and leaves the place of a panic to its log: by itself, the
/// standard library would print it.
pub(crate) fn keep_host(host: *const ffi::Host) {
    HOST.store(host as *mut ffi::Host, Ordering::Release);
    // A plugin is linked with a standard library of its own, so this is the hook of nobody else.
    std::panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            log(Level::Debug, &format!("panicked at {}:{}.", place.file(), place.line()));
        }
    }));
}
