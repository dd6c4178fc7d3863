//! Forecasts an exponentially weighted mean: level += alpha (value - level).
//!
//! Source: R. G. Brown, "Statistical Forecasting for Inventory Control" (1959).
use forecastd_plugin::*;

params! {
    pub struct Ewma {
        alpha: f64 = real(0.2, 0.001..=1.0, "Weight of a new value."),
    }
}
plain! {
    pub struct Series { level: f64, seen: u64 }
}

impl Model for Ewma {
    const ABOUT: About = About::new("example.rust_ewma", "1.0.0", "An exponentially weighted mean.");
    type Series = Series;

    fn observe(&self, s: &mut Series, p: &Point) -> Result {
        let weight = if s.seen == 0 { 1.0 } else { self.alpha };
        s.level += weight * (p.value - s.level);
        s.seen += 1;
        Ok(())
    }
}
impl Forecaster for Ewma {
    fn forecast(&self, s: &Series, out: &mut Forecast) -> Result {
        out.fill(Prediction::of(s.level)); // the host finds the deviation
        Ok(())
    }
}
plugin!(Ewma: forecaster);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_moves_by_alpha() {
        let model = testing::Model::with::<Ewma>(&[("alpha", 0.5)]);
        let mut series = model.series();
        assert!(series.forecast(1).is_none());
        series.learn_all(&[4.0, 6.0]);
        assert_eq!(series.judge(0.0).expected, 5.0);
        series.gap(10);
        assert_eq!(series.learn(7.0).expected, 5.0);
        assert_eq!(series.forecast(3).unwrap()[2].mean(), 6.0);
    }

    #[test]
    fn an_outlier_pulls_the_level_no_further_than_its_limit() {
        let model = testing::Model::with::<Ewma>(&[("alpha", 0.5)]);
        let mut series = model.series();
        series.learn(4.0);
        series.learn_limited(1000.0, 2.0);
        assert_eq!(series.forecast(1).unwrap()[0].mean(), 5.0);
        series.learn_limited(1000.0, 0.0);
        assert_eq!(series.forecast(1).unwrap()[0].mean(), 5.0);
    }
}
