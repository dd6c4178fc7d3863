//! States as plain bytes: what the host may save, load and move to another process.

use std::mem::{align_of, size_of};

/// A type whose bytes are all that there is to it: the state of a series, or an element of its tail.
///
/// Numbers are plain, and so are arrays of them and the structs that [`plain!`](crate::plain) makes.
/// `bool`, `char`, enums, references, `Box` and `Vec` are not: a state is loaded from bytes, whatever they
/// are.
///
/// # Safety
///
/// Every pattern of bits must be a valid value, there must be no padding, and the alignment must be at most
/// 16. `plain!` checks that, so authors do not implement this trait by hand.
pub unsafe trait Plain: Copy + Send + Sync + 'static {
    /// The value whose bytes are all 0: that with which every series begins.
    fn zeroed() -> Self {
        // SAFETY: every pattern of bits is a valid value.
        unsafe { std::mem::zeroed() }
    }
}

macro_rules! plain_numbers {
    ($($Number:ty)*) => { $(unsafe impl Plain for $Number {})* };
}
plain_numbers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64);
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}
unsafe impl Plain for () {}

/// Declares a struct of plain bytes: the state of a series, or an element of its tail.
///
/// ```
/// forecastd_plugin::plain! {
///     /// What is known of one series.
///     pub struct Series {
///         mean: f64,
///         seen: u64,
///         last: [f64; 3],
///     }
/// }
/// assert_eq!(Series::default().mean, 0.0);
/// ```
///
/// The struct is `Copy`, `Debug` and `Default`, which is all zeroes. It does not compile if a field is not
/// [`Plain`], or if there would be padding between fields: order them from large to small, or add a field
/// that fills the gap.
///
/// ```compile_fail
/// forecastd_plugin::plain! { struct Series { begun: bool } } // any byte but 0 and 1 would be invalid
/// ```
/// ```compile_fail
/// forecastd_plugin::plain! { struct Series { count: u32, mean: f64 } } // 4 bytes of padding
/// ```
#[macro_export]
macro_rules! plain {
    ($($(#[$meta:meta])* $vis:vis struct $Name:ident {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $Type:ty),* $(,)?
    })+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        #[repr(C)]
        $vis struct $Name { $($(#[$field_meta])* $field_vis $field: $Type),* }

        const _: () = {
            const fn is_plain<T: $crate::Plain>() -> usize {
                ::std::mem::size_of::<T>()
            }
            assert!(
                ::std::mem::size_of::<$Name>() == 0 $(+ is_plain::<$Type>())*,
                "there is padding: order the fields from large to small, or add one that fills it"
            );
        };
        // SAFETY: all fields are plain, and there is no padding, as was just checked.
        unsafe impl $crate::Plain for $Name {}

        impl ::std::default::Default for $Name {
            fn default() -> Self {
                <Self as $crate::Plain>::zeroed()
            }
        }
    )+ };
}

/// A state with an array behind it, whose length the parameters decide: see
/// [`Model::tail_length`](crate::Model::tail_length).
///
/// It is the `Series` of such a model: `type Series = WithTail<Head>`, where `Head` is a struct of
/// [`plain!`](crate::plain), or `()`. The elements are doubles unless it says otherwise, as in
/// `WithTail<Head, Bucket>`. All are zeroes at first.
#[repr(C)]
pub struct WithTail<Head, Element = f64> {
    /// The part whose size is fixed.
    pub head: Head,
    /// The elements.
    pub tail: [Element],
}

/// What a model may have as its `Series`: a [`Plain`] type, or a [`WithTail`].
///
/// # Safety
///
/// Implemented by this crate alone.
pub unsafe trait State: Send + Sync + 'static {
    /// Whether there is a tail.
    #[doc(hidden)]
    const HAS_TAIL: bool;
    /// The bytes of a state with a tail of this length; `None` if there can be no such amount of memory.
    #[doc(hidden)]
    fn size(tail_length: usize) -> Option<usize>;
    /// The state at an address, which is aligned to 16 and has `size(tail_length)` bytes.
    #[doc(hidden)]
    fn at(bytes: *mut u8, tail_length: usize) -> *mut Self;
}

unsafe impl<T: Plain> State for T {
    const HAS_TAIL: bool = false;
    fn size(_: usize) -> Option<usize> {
        Some(size_of::<T>())
    }
    fn at(bytes: *mut u8, _: usize) -> *mut T {
        bytes.cast()
    }
}

unsafe impl<Head: Plain, Element: Plain> State for WithTail<Head, Element> {
    const HAS_TAIL: bool = true;
    fn size(tail_length: usize) -> Option<usize> {
        // As repr(C) lays it out: the tail begins where its alignment allows, and the whole is padded to
        // the greater alignment of both.
        let tail = aligned(size_of::<Head>(), align_of::<Element>());
        let end = tail_length.checked_mul(size_of::<Element>())?.checked_add(tail)?;
        let most = isize::MAX as usize - 64; // the layer adds a flag, and aligns
        if end > most {
            return None;
        }
        Some(aligned(end, align_of::<Head>().max(align_of::<Element>())))
    }
    fn at(bytes: *mut u8, tail_length: usize) -> *mut Self {
        std::ptr::slice_from_raw_parts_mut(bytes.cast::<Element>(), tail_length) as *mut Self
    }
}

/// The least multiple of an alignment that is not below a size.
pub(crate) fn aligned(size: usize, alignment: usize) -> usize {
    (size + alignment - 1) / alignment * alignment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_state_with_a_tail_is_that_of_the_compiler() {
        fn check<Head: Plain, Element: Plain>() {
            let mut room = [0u128; 16];
            for length in 0..8 {
                let state = <WithTail<Head, Element> as State>::at(room.as_mut_ptr().cast(), length);
                // SAFETY: zeroes are plain, and 256 bytes are enough.
                let state = unsafe { &*state };
                assert_eq!(Some(std::mem::size_of_val(state)), WithTail::<Head, Element>::size(length));
                assert_eq!(state.tail.len(), length);
            }
        }
        check::<f64, f64>();
        check::<u8, f64>();
        check::<[u8; 9], f32>();
        check::<u64, u8>();
        check::<(), [u16; 3]>();
        assert_eq!(WithTail::<f64>::size(usize::MAX / 8), None);
        assert_eq!(WithTail::<f64>::size(usize::MAX), None);
    }
}
