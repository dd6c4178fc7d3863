// A forecaster with parameters of every type, tails, a seed, diagnostics, an extension of its own and old
// states.
#include <forecastd/plugin.hpp>
#include <string>

namespace {

enum class Form { last, mean };

struct Every {
    static constexpr forecastd::About about{"abi.every", "1.0.0", "Parameters of every type.", 2};
    static constexpr auto params() {
        using namespace forecastd;
        return std::tuple{
            real<&Every::alpha>("alpha", 0.5, 0, 1, "A weight.").alias("weight"),
            real<&Every::chosen>("chosen", forecastd::nan, 0, 1, "A weight, or none."),
            integer<&Every::offset>("offset", 1, -9, 9, "Is added."),
            boolean<&Every::twice>("twice", false, "Doubles the forecast."),
            choice<&Every::form>("form", Form::last, {"last", "mean"}, "What is forecast."),
            duration<&Every::span>("span", seconds(3), seconds(1), days(1), "Is added in seconds."),
            steps<&Every::window>("window", 3, 1, 100, "Values that are kept."),
            steps<&Every::memory>("memory", minutes(1), 2, 1000, "Is forecast as deviation."),
            integers<&Every::lags>("lags", automatic, 0, 9, "Are added.")};
    }
    double alpha = 0, chosen = 0;
    int offset = 0;
    bool twice = false;
    Form form = Form::last;
    std::int64_t span = 0, memory = 0;
    std::size_t window = 0;
    forecastd::Integers<2> lags;

    struct Series {
        std::uint64_t seed = 0, seen = 0;
        double mean = 0;
    };
    auto tails() const {
        return std::tuple{forecastd::Tail<float>{window}, forecastd::Tail<std::int64_t>{window}};
    }
    using Values = std::span<const float>;
    using Steps = std::span<const std::int64_t>;

    void prepare(const forecastd::Grid& grid) {
        if (grid.interval_ns <= 0) throw std::invalid_argument("the interval is not above 0");
    }
    void start(Series& s, std::span<float>, std::span<std::int64_t>,
               const forecastd::SeriesInfo& info) const {
        s.seed = info.id_hash;
        forecastd::log(forecastd::Level::debug, "a series begins");
    }
    bool ready(const Series& s, Values, Steps) const { return s.seen > 0; }
    void observe(Series& s, std::span<float> values, std::span<std::int64_t> steps,
                 const forecastd::Point& p) const {
        if (p.value > 1e6) throw forecastd::BeginAgain("a huge value");
        s.mean = s.seen == 0 ? p.value : s.mean + alpha * (p.value - s.mean);
        values[s.seen % window] = static_cast<float>(p.value);
        steps[s.seen++ % window] = p.step;
    }
    void forecast(const Series& s, Values values, Steps steps, forecastd::Forecast& out) const {
        const std::size_t place = (s.seen - 1) % window;
        double value = form == Form::mean ? s.mean : static_cast<double>(values[place]);
        value += offset + static_cast<double>(span / 1'000'000'000 + lags[0] + lags[1]);
        if (!std::isnan(chosen)) value += chosen;
        if (twice) value *= 2;
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = {value + static_cast<double>(out.local_step(i) - steps[place]),
                      static_cast<double>(memory)};
            for (std::size_t j = 0; j < out.levels().size(); ++j)
                out.quantiles(i)[j] = value + out.levels()[j];
        }
    }
    bool migrate(const forecastd::Saved& saved, Series& s, std::span<float>, std::span<std::int64_t>) const {
        const auto* const old = saved.series<Series>();
        if (!old || saved.state_version() > 2) return false;
        s.mean = old->mean;
        return true;
    }

    struct Known {
        Form form = Form::last;
        double mean = forecastd::nan;
        std::int64_t points = forecastd::unknown;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{diagnostic<&Known::form>("form", {"last", "mean"}, "What is forecast."),
                          diagnostic<&Known::mean>("mean", "The mean."),
                          diagnostic<&Known::points>("points", "Points learned.")};
    }
    Known diagnose(const Series& s, Values, Steps) const {
        return {form, s.mean, static_cast<std::int64_t>(s.seen)};
    }
    static const void* extension(const char* id) { return std::string("abi.own/1") == id ? &about : nullptr; }
};

// A detector with reasons and an input, and without ready().
struct Reasons {
    static constexpr forecastd::About about{"abi.reasons", "1.0.0", "The distance from the last value."};
    static constexpr auto inputs() { return std::array{forecastd::ahead("calendar.hour", "The hour.")}; }
    static constexpr auto reasons() { return std::array{"It fell.", "It rose."}; }
    struct Series {
        double last = 0;
    };
    void observe(Series& s, const forecastd::Point& p) const { s.last = p.value; }
    forecastd::Verdict judge(const Series& s, const forecastd::Point& p) const {
        const double hour = p.inputs ? p.inputs[0] : forecastd::nan;
        if (hour < 0 || hour >= 24) throw forecastd::AskLater("calendar.hour is not an hour");
        const double distance = p.value - s.last;
        return {std::abs(distance) / 2,
                s.last,
                forecastd::nan,
                s.last - 2,
                s.last + 2,
                distance < 0   ? 1u
                : distance > 0 ? 2u
                               : 0u};
    }
};

// Owns memory.
struct Owner {
    static constexpr forecastd::About about{"abi.owner", "1.0.0", "The last value, in memory of its own."};
    struct Series {
        double* last = nullptr;
    };
    void start(Series& s) const { s.last = new double(0); }
    void end(Series& s) const { delete s.last; }
    void observe(Series& s, const forecastd::Point& p) const { *s.last = p.value; }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {*s.last, 1};
    }
};

}  // namespace
FORECASTD_PLUGIN(Every, Reasons, Owner)
