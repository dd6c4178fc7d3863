//! The structs and constants of `ffi` are those of the header: a small program in C prints what its
//! compiler makes of them.

use forecastd_plugin::ffi;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

/// (an expression in C, its value in Rust)
type Rows = Vec<(String, i128)>;

/// The size of a struct, and the offset and the size of each of its fields. All must be named, in order, or
/// the last one would not end where the struct does.
macro_rules! fields {
    ($rows:ident, $Struct:ident = $c:literal: $($field:ident $(as $c_field:literal)?),+) => {{
        let place = std::mem::MaybeUninit::<ffi::$Struct>::uninit();
        let base = place.as_ptr();
        let mut end = 0;
        $(
            // SAFETY: addresses within the struct are taken, and nothing is read.
            let (offset, size) = unsafe {
                let field = std::ptr::addr_of!((*base).$field);
                (field as usize - base as usize, size_of_pointee(field))
            };
            let name = [$($c_field,)? stringify!($field)][0];
            push(&mut $rows, format!("offsetof({}, {})", $c, name), offset);
            push(&mut $rows, format!("sizeof((({}*)0)->{})", $c, name), size);
            assert!(offset < end + 8 && offset >= end, "a field before {}.{} is missing here", $c, name);
            end = offset + size;
        )+
        let size = std::mem::size_of::<ffi::$Struct>();
        assert!(size < end + 8, "a field of {} is missing here", $c);
        push(&mut $rows, format!("sizeof({})", $c), size);
        push(&mut $rows, format!("_Alignof({})", $c), std::mem::align_of::<ffi::$Struct>());
    }};
}

macro_rules! constants {
    ($rows:ident, $($name:ident),+) => {
        $($rows.push((format!("FCD_{}", stringify!($name)), ffi::$name as i128));)+
    };
}

fn size_of_pointee<T>(_: *const T) -> usize {
    std::mem::size_of::<T>()
}

fn push(rows: &mut Rows, expression: String, value: usize) {
    rows.push((expression, value as i128));
}

fn rows() -> Rows {
    let mut rows = Rows::new();
    fields!(rows, Error = "fcd_error": struct_size, code, text);
    fields!(rows, Integers = "fcd_integers": count, items);
    fields!(rows, Param = "fcd_param": name, doc, kind as "type", flags, initial, min, max, choices,
            aliases, count);
    fields!(rows, Grid = "fcd_grid": struct_size, flags, interval_ns);
    fields!(rows, Input = "fcd_input": name, doc, flags, reserved);
    fields!(rows, Point = "fcd_point": series, time_ns, step, local_step, value, expected, deviation,
            learn_limit, flags, reserved, inputs);
    fields!(rows, Verdict = "fcd_verdict": score, expected, deviation, lower, upper, reason, reserved);
    fields!(rows, Prediction = "fcd_prediction": mean, deviation);
    fields!(rows, Horizon = "fcd_horizon": struct_size, steps, first_step, local_steps, level_count,
            input_count, levels, quantiles, inputs);
    fields!(rows, SeriesInfo = "fcd_series_info": struct_size, reserved, id_hash, first_time_ns);
    fields!(rows, SavedParam = "fcd_saved_param": name, kind as "type", reserved, value, choice);
    fields!(rows, Saved = "fcd_saved": struct_size, state_version, interval_ns, param_count, reserved,
            params, bytes, size);
    fields!(rows, Algorithm = "fcd_algorithm": struct_size, abilities, state_version, param_count, id,
            version, summary, params, model_new, model_free, series_init, series_free, advance, forecast,
            save, load, extension, inputs, input_count, reason_count, reasons);
    fields!(rows, Diagnostic = "fcd_diagnostic": name, doc, kind as "type", reserved, choices);
    fields!(rows, Diagnostics = "fcd_diagnostics": struct_size, row_size, count, reserved, rows, diagnose);
    fields!(rows, Host = "fcd_host": struct_size, abi_major, abi_minor, reserved, version, service);
    fields!(rows, Log = "fcd_log": struct_size, reserved, write);
    fields!(rows, Library = "fcd_library": struct_size, abi_major, abi_minor, flags, param_size, point_size,
            verdict_size, prediction_size, input_size, saved_param_size, reserved, algorithm_count,
            algorithms);
    push(&mut rows, "sizeof(fcd_value)".to_string(), std::mem::size_of::<ffi::Value>());
    constants!(rows, ABI_MAJOR, ABI_MINOR, OK, NOT_YET, ERROR, FORECASTS, DETECTS, SET_ASIDE, BEGIN_AGAIN);
    constants!(rows, ASK_LATER, REAL, INTEGER, BOOLEAN, CHOICE, DURATION, STEPS, INTEGERS, REQUIRED, AUTO);
    constants!(rows, INITIAL_DURATION, GRID_TRIAL, GRID_LOCAL, INPUT_PAST, INPUT_AHEAD, INPUT_REQUIRED);
    constants!(rows, JUDGE_ONLY, LEARN_ONLY, LABELLED_NORMAL, LABELLED_ANOMALOUS, UNKNOWN);
    constants!(rows, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG);
    rows
}

/// The folder of the header, beside this crate in the source tree or in an installation.
fn include() -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let places = ["../../include", "../../../../include"];
    places.iter().map(|place| here.join(place)).find(|place| place.join("forecastd/plugin.h").exists())
}

#[test]
fn structs_and_constants_are_those_of_the_header() {
    let folder = match include() {
        Some(folder) => folder,
        None => return eprintln!("skipped: there is no forecastd/plugin.h beside this crate"),
    };
    if Command::new("cc").arg("--version").output().is_err() {
        return eprintln!("skipped: there is no C compiler cc");
    }
    let rows = rows();
    let mut source = "#include <forecastd/plugin.h>\n#include <stdio.h>\nint main(void) {\n".to_string();
    for (expression, _) in &rows {
        writeln!(source, "    printf(\"%lld\\n\", (long long)({}));", expression).unwrap();
    }
    source += "    printf(\"%s\\n%s\\n\", FCD_DIAGNOSTICS, FCD_LOG);\n    return 0;\n}\n";

    let build = std::env::temp_dir().join(format!("forecastd-layout-{}", std::process::id()));
    std::fs::create_dir_all(&build).unwrap();
    let (file, program) = (build.join("layout.c"), build.join("layout"));
    std::fs::write(&file, source).unwrap();
    let mut cc = Command::new("cc");
    let built = cc.arg("-std=c11").arg("-I").arg(folder).arg(&file).arg("-o").arg(&program).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let printed = Command::new(&program).output().unwrap();
    std::fs::remove_dir_all(&build).unwrap();

    let printed = String::from_utf8(printed.stdout).unwrap();
    let mut lines = printed.lines();
    for (expression, rust) in &rows {
        let c: i128 = lines.next().unwrap().parse().unwrap();
        assert_eq!(*rust, c, "{}", expression);
    }
    assert_eq!(lines.next(), Some(ffi::DIAGNOSTICS));
    assert_eq!(lines.next().map(str::as_bytes), ffi::LOG.strip_suffix(b"\0"));
}
