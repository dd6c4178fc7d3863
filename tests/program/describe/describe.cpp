// A parameter and a diagnostic of every type, for the command that describes them.
#include <forecastd/plugin.hpp>

enum class Form { none, add, mul };

struct Describe {
    static constexpr forecastd::About about{"test.describe", "1.0.0", "Has every type of parameter."};
    static constexpr auto params() {
        using namespace forecastd;
        constexpr std::int64_t second = 1'000'000'000;
        constexpr std::int64_t infinite = std::numeric_limits<std::int64_t>::max();
        return std::tuple{real<&Describe::alpha>("alpha", forecastd::nan, 0, 1, "A weight.")
                              .alias("smoothing_level", "level"),
                          real<&Describe::slope>("slope", 0, -infinity, infinity, "Any number."),
                          integer<&Describe::trees>("trees", 50, 1, infinite, "How many."),
                          boolean<&Describe::damped>("damped", true, "Whether it is damped."),
                          choice<&Describe::form>("form", Form::add, {"none", "add", "mul"}, "The form."),
                          duration<&Describe::half_life>("half_life", 10 * second, second, 5400 * second,
                                                         "How long it remembers."),
                          steps<&Describe::season>("season", 0, 2, 1000, "The season.").required(),
                          integers<&Describe::order>("order", automatic, 0, 5, "Three numbers."),
                          integers<&Describe::lag>("lag", {1}, 0, infinite, "One number.")};
    }
    double alpha, slope;
    std::int64_t trees;
    bool damped;
    Form form;
    std::int64_t half_life, season;
    forecastd::Integers<3> order;
    forecastd::Integers<1> lag;

    struct Series {
        double last = 0, sum = 0;
        std::int64_t points = 0;
    };
    struct Known {
        Form form;
        double mean;
        std::int64_t points;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{diagnostic<&Known::form>("form", {"none", "add", "mul"}, "The form in use."),
                          diagnostic<&Known::mean>("mean", "The mean of the values."),
                          diagnostic<&Known::points>("points", "How many there were.")};
    }
    Known diagnose(const Series& s) const { return {form, s.sum / static_cast<double>(s.points), s.points}; }
    void observe(Series& s, const forecastd::Point& p) const { s = {p.value, s.sum + p.value, s.points + 1}; }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.last, 1};
    }
    forecastd::Verdict judge(const Series&, const forecastd::Point&) const { return {}; }
};
FORECASTD_PLUGIN(Describe)
