//! What the layer does with flags, learn limits, errors and states, on a model that can do everything.

use forecastd_plugin::*;

choices! {
    pub enum Form { None = "none", Add = "add" }
}
params! {
    /// Remembers the last values, forecasts their mean, and scores by the distance from it.
    pub struct Recent {
        window: usize = steps_of(seconds(3), 1..=100, "How many values are remembered."),
        limit: f64 = real(2.0, 0.5..=10.0, "Distance at which the score is 1.").alias(&["k"]),
        form: Form = choice(Form::Add, "Whether the seed is added."),
        lags: Vec<i64> = automatic_integers(2, 1..=9, "Not used."),
        fixed: Vec<i64> = integers(&[4, 5], 1..=9, "Not used."),
        wait: Duration = duration(minutes(1), seconds(1)..=days(1), "Not used."),
        strict: bool = boolean(false, "Whether some values fail."),
        doubled: f64,
    }
}
plain! {
    pub struct Head { seed: f64, seen: u64 }
}

impl Recent {
    fn mean(&self, s: &WithTail<Head>) -> f64 {
        let seen = s.tail.len().min(s.head.seen as usize);
        s.tail[..seen].iter().map(|value| value / seen as f64).sum::<f64>() + s.head.seed
    }
}

impl Model for Recent {
    const ABOUT: About =
        About::new("test.recent", "1.0.0", "The mean of the last values.").with_state_version(2);
    const INPUTS: &'static [Input] = &[Input::ahead("calendar.hour", "The hour.")];
    const DIAGNOSTICS: &'static [Diagnostic] = &[
        Diagnostic::integer("seen", "How many values were learned."),
        Diagnostic::real("mean", "Their mean."),
        Diagnostic::choice("form", &["none", "add"], "Whether the seed is added."),
    ];
    type Series = WithTail<Head>;

    fn prepare(&mut self, grid: &Grid) -> Result {
        if self.window == 7 {
            return Err(Error::set_aside("window is 7, expected any other number"));
        }
        self.doubled = 2.0 * self.limit + grid.interval_ns as f64 * 0.0;
        Ok(())
    }
    fn tail_length(&self) -> usize {
        self.window
    }
    fn start(&self, s: &mut Self::Series, info: &SeriesInfo) -> Result {
        if self.form == Form::Add {
            s.head.seed = (info.id_hash - 1) as f64;
        }
        Ok(())
    }
    fn observe(&self, s: &mut Self::Series, p: &Point) -> Result {
        if p.value < 0.0 && self.strict {
            return Err(Error::begin_again(format!("the value is {}, expected 0 or more", p.value)));
        }
        assert!(p.value < 1e9 || !self.strict, "the value is {}, expected less", p.value);
        let at = s.head.seen as usize % s.tail.len();
        s.tail[at] = p.value;
        s.head.seen += 1;
        Ok(())
    }
    fn diagnose(&self, s: &Self::Series) -> Result<Vec<Known>> {
        let mean = if s.head.seen > 0 { Known::Real(self.mean(s)) } else { Known::Unknown };
        Ok(vec![Known::Integer(s.head.seen as i64), mean, Known::Choice(self.form as usize)])
    }
}
impl Forecaster for Recent {
    fn forecast(&self, s: &Self::Series, out: &mut Forecast) -> Result {
        if s.head.seen == 4 && self.strict {
            return Err(Error::ask_later("four is not enough"));
        }
        for i in 0..out.len() {
            let hour = out.inputs(i)[0];
            let mean = self.mean(s);
            out[i] = Prediction::of(if hour > 0.0 { hour } else { mean });
            for j in 0..out.levels().len() {
                out.quantiles(i)[j] = mean + out.levels()[j];
            }
        }
        Ok(())
    }
}
impl Detector for Recent {
    const REASONS: &'static [&'static str] = &["Far from the mean."];

    fn judge(&self, s: &Self::Series, p: &Point) -> Result<Verdict> {
        let score = (p.value - self.mean(s)).abs() / self.limit;
        Ok(Verdict { score, reason: (score > 1.0) as u32, ..Verdict::default() })
    }
}
impl Migrates for Recent {
    fn migrate(&self, saved: &Saved, s: &mut Self::Series) -> Result<bool> {
        let window = saved.integer("window").unwrap_or(0) as usize;
        let old = match saved.series::<Self::Series>(window) {
            Some(old) if window > 0 && saved.choice("form").is_some() => old,
            _ => return Ok(false),
        };
        assert_eq!(saved.integers("fixed"), Some(&[4, 5][..]));
        assert_eq!(
            (saved.real("limit"), saved.real("window"), saved.integers("lags")),
            (Some(2.0), None, Some(&[][..]))
        );
        let length = s.tail.len().min(window);
        s.tail[..length].copy_from_slice(&old.tail[..length]);
        s.head = old.head;
        Ok(true)
    }
}
plugin!(Recent: forecaster + detector + migrates);

#[cfg(test)] // what stands before is also built as a plugin, and shown to the host
use forecastd_plugin::testing::{Model as Made, Value};

#[test]
fn flags_and_limits() {
    let model = Made::new::<Recent>();
    let mut series = model.series();
    assert_eq!(model.series_size(), 16 + 3 * 8 + 8);
    assert!(series.forecast(1).is_none());
    assert!(series.judge(5.0).score.is_nan());
    assert!(series.learn_limited(5.0, 0.0).score.is_nan());
    assert!(series.forecast(1).is_none()); // nothing was learned at 0

    series.learn_limited(5.0, 1.0); // nothing is expected, so no limit holds
    assert_eq!(series.forecast(2).unwrap()[1].mean(), 5.0);
    let verdict = series.learn_limited(50.0, 1.0);
    assert_eq!((verdict.expected, verdict.score, verdict.reason), (5.0, 22.5, 1));
    assert_eq!(series.forecast(1).unwrap()[0].mean(), 5.5);
    series.learn_limited(-50.0, f64::INFINITY);
    assert_eq!(series.judge(0.0).expected, 5.0 / 3.0 + 6.0 / 3.0 - 50.0 / 3.0);
}

#[test]
fn a_batch_gives_what_single_points_give() {
    let model = Made::with::<Recent>(&[("window", 2)]);
    let (mut one, mut many) = (model.series(), model.series());
    let values = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0];
    let singles: Vec<_> = values.iter().map(|value| format!("{:?}", one.learn(*value))).collect();
    let batch: Vec<_> = many.learn_all(&values).iter().map(|verdict| format!("{:?}", verdict)).collect();
    assert_eq!(singles, batch);
    assert_eq!(one.bytes(), many.bytes());
}

#[test]
fn errors_and_panics_become_sentences() {
    let model = Made::with::<Recent>(&[("strict", true)]);
    let mut series = model.series();
    series.learn(1.0);
    let error = series.try_learn(-1.0).unwrap_err();
    assert!(error.is_begin_again());
    assert_eq!(error.text(), "the value is -1, expected 0 or more");
    let error = series.try_learn(1e9).unwrap_err();
    assert!(!error.is_begin_again() && !error.is_ask_later());
    assert_eq!(error.text(), "the value is 1000000000, expected less");

    series.learn_all(&[1.0, 1.0, 1.0]);
    assert!(series.try_forecast(1).unwrap_err().is_ask_later());
    assert!(series.learn(1.0).expected.is_nan()); // asked later, and learned all the same
    assert_eq!(series.forecast(1).unwrap()[0].mean(), 1.0);
}

#[test]
fn parameters() {
    let refused = |values: &[(&str, Value)]| Made::on::<Recent>(seconds(1), values).err().unwrap();
    assert_eq!(refused(&[("window", 7.into())]), "window is 7, expected any other number");
    assert_eq!(refused(&[("window", 0.into())]), "parameter 'window' is 0, expected 1 to 100");
    assert_eq!(refused(&[("windo", 1.into())]), "there is no parameter 'windo'");
    assert_eq!(refused(&[("lags", [1].into())]), "parameter 'lags' has 1 integers, expected 2");
    let half = Made::on::<Recent>(Duration::from_millis(500), &[("limit", 1.0)]).unwrap();
    assert_eq!(half.series_size(), 16 + 6 * 8 + 8); // three seconds are six steps
    Made::with::<Recent>(&[
        ("form", Value::from("none")),
        ("lags", Value::from([1, 9])),
        ("wait", hours(2).into()),
    ]);
}

#[test]
fn seeds_inputs_quantiles_and_diagnostics() {
    let model = Made::new::<Recent>();
    let mut series = model.series_of(11);
    assert_eq!(series.diagnose(), [Known::Integer(0), Known::Unknown, Known::Choice(1)]);
    series.learn(1.0);
    assert_eq!(series.diagnose(), [Known::Integer(1), Known::Real(11.0), Known::Choice(1)]);
    assert_eq!(series.quantiles(2, &[0.25, 0.5]).unwrap(), [[11.25, 11.5], [11.25, 11.5]]);
    let inputs = [7.0, f64::NAN];
    let means: Vec<_> =
        series.try_forecast_with(2, &inputs).unwrap().unwrap().iter().map(|one| one.mean()).collect();
    assert_eq!(means, [7.0, 11.0]);
}

#[test]
fn a_state_of_other_parameters_is_taken_over() {
    let (old, new) = (Made::new::<Recent>(), Made::with::<Recent>(&[("window", 2)]));
    let mut series = old.series();
    series.learn_all(&[1.0, 2.0, 3.0]);
    let mut taken = series.try_migrate(2, &new).unwrap();
    assert_eq!(taken.forecast(1).unwrap()[0].mean(), 1.5);
    assert_eq!(taken.diagnose()[0], Known::Integer(3));
}
