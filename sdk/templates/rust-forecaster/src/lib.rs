//! Forecasts a flat line at the exponentially smoothed level of a series:
//!
//!   level <- level + alpha (value - level)
use forecastd_plugin::*;

params! {
    pub struct @TYPE@ {
        alpha: f64 = real(0.5, 0.01..=1.0, "Weight of the newest value."),
    }
}
plain! {
    pub struct Series { level: f64, seen: u64 }
}

impl Model for @TYPE@ {
    const ABOUT: About = About::new("@ID@", "0.1.0", "Flat line at the smoothed level.");
    type Series = Series;

    fn observe(&self, s: &mut Series, p: &Point) -> Result {
        let weight = if s.seen == 0 { 1.0 } else { self.alpha };
        s.level += weight * (p.value - s.level);
        s.seen += 1;
        Ok(())
    }
}
impl Forecaster for @TYPE@ {
    fn forecast(&self, s: &Series, out: &mut Forecast) -> Result {
        out.fill(Prediction::of(s.level)); // the host finds the deviation
        Ok(())
    }
}
plugin!(@TYPE@: forecaster);

#[cfg(test)]
mod tests {
    use super::*;

    // The answers are calculated by hand.
    #[test]
    fn forecasts_the_level() {
        let model = testing::Model::new::<@TYPE@>();
        let mut series = model.series();
        assert!(series.forecast(1).is_none()); // nothing was learned
        series.learn_all(&[10.0, 20.0, 30.0]); // 10, then 15, then 22.5
        assert_eq!(series.forecast(3).unwrap()[2].mean(), 22.5);
    }

    #[test]
    fn a_gap_changes_nothing() {
        let model = testing::Model::with::<@TYPE@>(&[("alpha", 0.25)]);
        let mut series = model.series();
        series.learn_all(&[8.0, 12.0]);
        series.gap(100);
        assert_eq!(series.judge(0.0).expected, 9.0);
    }

    #[test]
    fn an_outlier_pulls_as_far_as_it_may() {
        let model = testing::Model::new::<@TYPE@>();
        let mut series = model.series();
        series.learn(10.0);
        series.learn_limited(1000.0, 2.0); // learned as 12
        assert_eq!(series.forecast(1).unwrap()[0].mean(), 11.0);
    }
}
