// The algorithms "quantile" and "mad": the parameters of seasonal_model.hpp, and its calls from the SDK.
#include <forecastd/plugin.hpp>
#include <span>
#include <stdexcept>
#include <tuple>

#include "seasonal_model.hpp"

namespace {

// What both have: the calls. Derived has the parameters and makes the model.
template <class Part>
struct Detector {
    double min_scale = 0;
    std::int64_t half_life = 0, min_samples = 0;
    std::size_t season_length = 0;

    using Series = quantile::State;

    auto tails() const {
        return std::tuple{forecastd::Tail<Part>{quantile::SeasonalModel<Part>::parts(season_length)}};
    }
    bool ready(const Series&, std::span<const Part>) const {
        return true;
    }  // judge() says what is not known yet
    forecastd::Verdict judge(const Series& series, std::span<const Part> parts,
                             const forecastd::Point& point) const {
        if (!model.can_judge(series, parts, seen(point))) return {};
        const auto [score, expected, lower, upper] = model.judge(series, parts, seen(point));
        return {score, expected, forecastd::nan, lower, upper};
    }
    void observe(Series& series, std::span<Part> parts, const forecastd::Point& point) const {
        model.learn(series, parts, seen(point));
    }

  protected:
    void make(const typename Part::Rule& rule) {
        model = quantile::SeasonalModel<Part>(
            {rule, static_cast<double>(half_life), static_cast<double>(min_samples), season_length});
    }

  private:
    static quantile::Point seen(const forecastd::Point& point) {
        return {point.local_step, point.value, point.expected};
    }

    quantile::SeasonalModel<Part> model;
};

// The parameters that both have.
template <class Model>
constexpr auto common_params() {
    return std::tuple{
        forecastd::steps<&Model::half_life>("half_life", 500, 1, 1'000'000,
                                            "Points, or a duration, after which a point's weight has halved; "
                                            "with a season, points of its part."),
        forecastd::integer<&Model::min_samples>("min_samples", 30, 5, 1'000'000,
                                                "Points to learn before the first is judged.")
            .alias("min_n_samples_seen", "warmup"),
        forecastd::steps<&Model::season_length>(
            "season_length", 0, 0, 10'000'000,
            "Steps, or a duration such as \"1d\", after which what is usual repeats; 0: no season.")
            .alias("seasonal_periods", "seasonality"),
        forecastd::real<&Model::min_scale>("min_scale", 0, 0, 1e140,
                                           "Least standard deviation to judge by, in the unit of the value."),
    };
}

}  // namespace

struct Mad : Detector<quantile::MedianPart> {
    static constexpr forecastd::About about{
        "mad", "1.0.0", "How many scaled median absolute deviations a point lies from the median."};
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{forecastd::real<&Mad::threshold>(
                "threshold", 3.5, 0.1, 1000,
                "Distance from the median, in units of 1.4826 times the median absolute deviation, "
                "at which the score is 1.")},
            common_params<Mad>());
    }
    double threshold = 0;
    void prepare(const forecastd::Grid&) { make({threshold, min_scale}); }
};

struct Quantile : Detector<quantile::QuantilePart> {
    static constexpr forecastd::About about{
        "quantile", "1.0.0", "How far a point lies outside of the quantiles of those before it."};
    static constexpr auto params() {
        return std::tuple_cat(
            std::tuple{
                forecastd::integers<&Quantile::quantiles>(
                    "quantiles", {25, 50, 75}, 1, 99,
                    "Low, middle and high quantile of the values, in percent, ascending."),
                forecastd::real<&Quantile::iqr_threshold>(
                    "iqr_threshold", 3, 0, 1000,
                    "How far beyond the low and the high quantile the score is 1, in units of the distance "
                    "between them; 0: at these quantiles themselves.")},
            common_params<Quantile>());
    }
    forecastd::Integers<3> quantiles;
    double iqr_threshold = 0;
    void prepare(const forecastd::Grid&) {
        if (quantiles[0] >= quantiles[1] || quantiles[1] >= quantiles[2])
            throw std::invalid_argument(
                "quantiles do not ascend; give three percentages such as [25, 50, 75]");
        const auto part = [this](std::size_t i) { return static_cast<double>(quantiles[i]) / 100; };
        make({{part(0), part(1), part(2)}, iqr_threshold, min_scale});
    }
};
FORECASTD_PLUGIN(Quantile, Mad)
