//! Scores a point by its distance from a robust center, in robust scales.
//!
//! With the gain g = 1 / min(count, window), and r = value - center, cut to +-K scale:
//!
//!   center += g r        scale^2 = (1 - g) (scale^2 + g r^2 / BETA)
//!
//! Source: P. J. Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35
//! (1964): his location, and his proposal 2 for the scale, one point at a time.
use forecastd_plugin::*;

const K: f64 = 1.345; // 95 % efficient for normal values
const BETA: f64 = 0.7102; // the mean of r^2 for normal values of scale 1

params! { pub struct Huber {
    limit: f64 = real(4.0, 0.5..=100.0, "Scales from the center at which the score is 1."),
    window: u64 = steps(100, 2..=1_000_000, "How many values the center and the scale remember."),
} }
plain! { pub struct Series { center: f64, scale: f64, count: u64 } }

impl Model for Huber {
    const ABOUT: About = About::new("example.huber", "1.0.0", "Distance from a robust center.");
    type Series = Series;

    fn ready(&self, s: &Series) -> bool {
        s.count >= self.window.min(10)
    }
    fn observe(&self, s: &mut Series, p: &Point) -> Result {
        s.count += 1;
        let gain = 1.0 / s.count.min(self.window) as f64;
        let bound = if s.scale > 0.0 { K * s.scale } else { f64::INFINITY };
        let r = (p.value - s.center).clamp(-bound, bound);
        s.center += gain * r;
        s.scale = (1.0 - gain).sqrt() * s.scale.hypot(r * (gain / BETA).sqrt());
        Ok(())
    }
}
impl Detector for Huber {
    fn judge(&self, s: &Series, p: &Point) -> Result<Verdict> {
        Ok(Verdict::symmetric(p.value, s.center, s.scale, self.limit))
    }
}
plugin!(Huber: detector);

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "found {}, expected {}", found, expected);
    }

    #[test]
    fn the_first_points_by_hand() {
        let model = testing::Model::with::<Huber>(&[("window", 2)]);
        let mut series = model.series();
        assert!(series.learn(0.0).score.is_nan());
        assert!(series.learn(2.0).score.is_nan()); // two points make a window

        // center = 0 + 2 / 2; scale^2 = (0 + 2^2 / 2 / BETA) / 2 = 1 / 0.7102
        let verdict = series.learn(100.0);
        assert_close(verdict.expected, 1.0);
        assert_close(verdict.deviation, 1.186_614_541);
        assert_close(verdict.score, 99.0 / (4.0 * 1.186_614_541));
        assert_close(verdict.upper, 1.0 + 4.0 * 1.186_614_541);

        // r = 99 is cut to K scale = 1.5959966: center = 1 + r / 2; scale^2 = (1.4080541 + r^2 / 2 / BETA)
        // / 2
        let verdict = series.judge(0.0);
        assert_close(verdict.expected, 1.797_998_279);
        assert_close(verdict.deviation, 1.265_178_893);
    }

    #[test]
    fn equal_values_have_no_scale_to_judge_by() {
        let model = testing::Model::new::<Huber>();
        let mut series = model.series();
        series.learn_all(&[5.0; 20]);
        assert!(series.judge(9.0).score.is_nan());
        series.learn(9.0);
        assert!(series.judge(9.0).score.is_finite());
    }
}
