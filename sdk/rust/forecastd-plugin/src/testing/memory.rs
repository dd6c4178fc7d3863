//! Memory of a state, between pages that nobody may touch: a write beyond it ends the test at once.

#[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
mod system {
    use std::os::raw::{c_int, c_void};
    use std::ptr;

    extern "C" {
        fn mmap(
            at: *mut c_void,
            size: usize,
            protection: c_int,
            flags: c_int,
            file: c_int,
            offset: i64,
        ) -> *mut c_void;
        fn mprotect(at: *mut c_void, size: usize, protection: c_int) -> c_int;
        fn munmap(at: *mut c_void, size: usize) -> c_int;
    }
    const NONE: c_int = 0;
    const READ_WRITE: c_int = 1 | 2;
    const PRIVATE_ANONYMOUS: c_int = 0x02 | 0x20;
    const PAGE: usize = 1 << 16; // a multiple of what every processor calls a page

    pub struct Pages {
        base: *mut u8,
        inner: usize,
    }

    impl Pages {
        pub fn new(size: usize) -> Pages {
            let inner = crate::plain::aligned(size.max(1), PAGE);
            // SAFETY: new pages, of which nobody knows.
            unsafe {
                let base =
                    mmap(ptr::null_mut(), inner + 2 * PAGE, NONE, PRIVATE_ANONYMOUS, -1, 0).cast::<u8>();
                let failed = base as isize == -1 || mprotect(base.add(PAGE).cast(), inner, READ_WRITE) != 0;
                assert!(!failed, "the system gives no memory for a state of {} bytes", size);
                Pages { base, inner }
            }
        }
        /// The address behind the last byte.
        pub fn end(&self) -> *mut u8 {
            // SAFETY: within the pages.
            unsafe { self.base.add(PAGE + self.inner) }
        }
    }
    impl Drop for Pages {
        fn drop(&mut self) {
            // SAFETY: they are ours.
            unsafe { munmap(self.base.cast(), self.inner + 2 * PAGE) };
        }
    }
}

#[cfg(not(all(target_os = "linux", target_pointer_width = "64", not(miri))))]
mod system {
    use std::alloc::{alloc_zeroed, dealloc, Layout};

    /// Without pages to guard it: memory of the heap.
    pub struct Pages {
        base: *mut u8,
        layout: Layout,
    }

    impl Pages {
        pub fn new(size: usize) -> Pages {
            let layout = Layout::from_size_align(size.max(16), 16).expect("a state fits in memory");
            // SAFETY: the size is above 0.
            let base = unsafe { alloc_zeroed(layout) };
            assert!(!base.is_null(), "the system gives no memory for a state of {} bytes", size);
            Pages { base, layout }
        }
        pub fn end(&self) -> *mut u8 {
            // SAFETY: within the memory.
            unsafe { self.base.add(self.layout.size()) }
        }
    }
    impl Drop for Pages {
        fn drop(&mut self) {
            // SAFETY: it is ours.
            unsafe { dealloc(self.base, self.layout) };
        }
    }
}

/// Zeroed bytes, aligned to 16. What lies between their end and the next page is checked.
pub struct Memory {
    pages: system::Pages,
    size: usize,
}

const REST: u8 = 0x5a;

impl Memory {
    pub fn new(size: usize) -> Memory {
        let memory = Memory { pages: system::Pages::new(crate::plain::aligned(size, 16)), size };
        // SAFETY: the bytes between the state and the end of the pages.
        unsafe { std::ptr::write_bytes(memory.start().add(size), REST, memory.rest()) };
        memory
    }
    pub fn start(&self) -> *mut u8 {
        // SAFETY: within the pages.
        unsafe { self.pages.end().sub(crate::plain::aligned(self.size, 16)) }
    }
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the pages are ours, and nobody writes while a series is borrowed.
        unsafe { std::slice::from_raw_parts(self.start(), self.size) }
    }
    fn rest(&self) -> usize {
        crate::plain::aligned(self.size, 16) - self.size
    }
    /// Panics if a call has written behind the state.
    pub fn check(&self) {
        // SAFETY: see new().
        let rest = unsafe { std::slice::from_raw_parts(self.start().add(self.size), self.rest()) };
        assert!(rest.iter().all(|byte| *byte == REST), "a call has written behind the state");
    }
}
