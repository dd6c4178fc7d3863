//! Scores a point by its distance from the exponentially smoothed level, in smoothed distances:
//!
//!   spread <- spread + alpha (|value - level| - spread),  level <- level + alpha (value - level)
use forecastd_plugin::*;

params! {
    pub struct @TYPE@ {
        alpha: f64 = real(0.5, 0.01..=1.0, "Weight of the newest value."),
        k: f64 = real(4.0, 0.1..=1000.0, "Usual distances at which the score is 1."),
    }
}
plain! {
    pub struct Series { level: f64, spread: f64, seen: u64 }
}

impl Model for @TYPE@ {
    const ABOUT: About = About::new("@ID@", "0.1.0", "Distance from the smoothed level.");
    type Series = Series;

    fn ready(&self, s: &Series) -> bool {
        s.spread > 0.0 // without a distance there is no scale
    }
    fn observe(&self, s: &mut Series, p: &Point) -> Result {
        if s.seen == 0 {
            s.level = p.value;
        }
        let distance = p.value - s.level;
        s.spread += self.alpha * (distance.abs() - s.spread);
        s.level += self.alpha * distance;
        s.seen += 1;
        Ok(())
    }
}
impl Detector for @TYPE@ {
    fn judge(&self, s: &Series, p: &Point) -> Result<Verdict> {
        let verdict = Verdict::symmetric(p.value, s.level, s.spread, self.k);
        Ok(Verdict { deviation: f64::NAN, ..verdict }) // a mean distance is no standard deviation
    }
}
plugin!(@TYPE@: detector);

#[cfg(test)]
mod tests {
    use super::*;

    // The answers are calculated by hand.
    #[test]
    fn scores_the_distance() {
        let model = testing::Model::new::<@TYPE@>();
        let mut series = model.series();
        series.learn_all(&[10.0, 12.0, 11.0]); // level 10, 11, 11; spread 0, 1, 0.5
        let verdict = series.judge(30.0);
        assert_eq!(verdict.score, 19.0 / (4.0 * 0.5));
        assert_eq!(verdict.expected, 11.0);
        assert_eq!(verdict.upper, 13.0);
    }

    #[test]
    fn a_series_without_a_distance_has_no_score() {
        let model = testing::Model::new::<@TYPE@>();
        let mut series = model.series();
        series.learn_all(&[5.0, 5.0, 5.0]);
        assert!(series.judge(6.0).score.is_nan());
    }

    #[test]
    fn what_may_not_be_learned_is_not() {
        let model = testing::Model::new::<@TYPE@>();
        let mut series = model.series();
        series.learn_all(&[10.0, 12.0, 11.0]);
        series.learn_limited(1000.0, 0.0);
        assert_eq!(series.judge(30.0).expected, 11.0);
    }
}
