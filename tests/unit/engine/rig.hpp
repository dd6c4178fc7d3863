// An engine with a small algorithm of our own, fed with text, and a sink that records what comes out as text.
#ifndef FORECASTD_TESTS_ENGINE_RIG_HPP
#define FORECASTD_TESTS_ENGINE_RIG_HPP

#include <cstdint>
#include <cstring>
#include <forecastd/plugin.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"

namespace forecastd::engine {

inline constexpr std::int64_t second = 1'000'000'000;

// What the algorithm was given, by all its models and series, in order.
struct Fed {
    std::int64_t time_s, step;
    double value;
    bool operator==(const Fed&) const = default;
};
inline std::vector<Fed> fed;
inline std::vector<std::int64_t> fed_local_steps;

// Expects the last value again, with a deviation of 1; the score is the distance from it.
struct Probe {
    static constexpr About about{"probe", "1.0.0", "Repeats the last value."};
    static constexpr auto params() {
        return std::tuple{
            integer<&Probe::fail_at>("fail_at", 0, 0, 1000, "Fails at this point of a series."),
            integer<&Probe::infinite_at>("infinite_at", 0, 0, 1000, "An infinite score for this point."),
            integer<&Probe::forecast_fail_at>("forecast_fail_at", 0, 0, 1000, "No forecast behind it."),
            boolean<&Probe::start_fails>("start_fails", false, "No series can begin."),
        };
    }
    std::int64_t fail_at = 0, infinite_at = 0, forecast_fail_at = 0;
    bool start_fails = false;

    struct Series {
        double last = 0;
        std::int64_t count = 0;
    };
    void start(Series&) const {
        if (start_fails) throw std::runtime_error("does not begin");
    }
    bool ready(const Series& series) const { return series.count > 0; }
    void observe(Series& series, const Point& point) const {
        ++series.count;
        if (series.count == fail_at) throw std::runtime_error("broke at point " + std::to_string(fail_at));
        fed.push_back({point.time_ns / second, point.step, point.value});
        fed_local_steps.push_back(point.local_step);
        series.last = point.value;
    }
    Verdict judge(const Series& series, const Point& point) const {
        const double expected = std::isnan(point.expected) ? series.last : point.expected;
        const double score = series.count + 1 == infinite_at ? infinity : std::abs(point.value - expected);
        return {score, expected, 1, expected - 1, expected + 1};
    }
    Prediction expect(const Series& series, const Point&) const { return {series.last, 1}; }
    void forecast(const Series& series, Forecast& out) const {
        if (series.count == forecast_fail_at) throw std::runtime_error("knows no future");
        for (auto& step : out) step = {series.last, 1};
    }
};

// Repeats the last value, and tells what it saw; fails to tell at the value 13.
struct Teller {
    static constexpr About about{"teller", "1.0.0", "Tells what it saw."};
    enum class Sign { negative, positive, unknown = -1 };
    struct Known {
        Sign sign = Sign::unknown;
        double mean = nan;
        std::int64_t points = forecastd::unknown;
    };
    static constexpr auto diagnostics() {
        return std::tuple{
            diagnostic<&Known::sign>("sign", {"below \"0\"", "above"}, "The side of the last value."),
            diagnostic<&Known::mean>("mean", "The mean of all values."),
            diagnostic<&Known::points>("points", "How many values there were."),
        };
    }
    struct Series {
        double last = 0, sum = 0;
        std::int64_t count = 0;
    };
    void observe(Series& series, const Point& point) const {
        series.last = point.value;
        series.sum += point.value;
        ++series.count;
    }
    void forecast(const Series& series, Forecast& out) const {
        for (auto& step : out) step = {series.last, 1};
    }
    Known diagnose(const Series& series) const {
        if (series.last == 13) throw std::runtime_error("knows nothing of 13");
        if (series.last == 0) return {};
        return {series.last < 0 ? Sign::negative : Sign::positive,
                series.sum / static_cast<double>(series.count), series.count};
    }
};

inline const plugin::Catalogue& catalogue() {
    static const plugin::Catalogue made = [] {
        plugin::Catalogue result;
        result.add(detail::library<Probe, Teller>(), "in the test");
        return result;
    }();
    return made;
}

struct ProbeParams {
    std::int64_t fail_at = 0, infinite_at = 0, forecast_fail_at = 0;
    bool start_fails = false;
};

inline config::ModelChoice probe(const ProbeParams& params = {}) {
    config::ModelChoice choice{catalogue().find("probe"), std::vector<config::ParamValue>(4)};
    choice.params[0].value.integer = params.fail_at;
    choice.params[1].value.integer = params.infinite_at;
    choice.params[2].value.integer = params.forecast_fail_at;
    choice.params[3].value.integer = params.start_fails;
    return choice;
}

inline config::Pipeline pipeline(const std::string& name, std::int64_t interval_s = 10) {
    config::Pipeline made;
    made.name = name;
    made.interval_ns = interval_s * second;
    made.output.event.reset();
    return made;
}
inline config::Pipeline forecasting(const std::string& name = "p", std::int64_t interval_s = 10,
                                    const ProbeParams& params = {}) {
    config::Pipeline made = pipeline(name, interval_s);
    made.forecast.emplace();
    made.forecast->model = probe(params);
    made.forecast->calibrate = false;
    return made;
}
inline config::Pipeline detecting(const std::string& name = "p", std::int64_t interval_s = 10,
                                  const ProbeParams& params = {}) {
    config::Pipeline made = pipeline(name, interval_s);
    made.detect.emplace();
    made.detect->stuck = made.detect->drift = false;
    made.detect->no_data_after = {};
    made.detect->model = probe(params);
    return made;
}
inline config::Pipeline doing_both(const std::string& name = "p", std::int64_t interval_s = 10,
                                   const ProbeParams& params = {}) {
    config::Pipeline made = forecasting(name, interval_s, params);
    made.detect.emplace();
    made.detect->stuck = made.detect->drift = false;
    made.detect->no_data_after = {};
    made.detect->model = probe();
    return made;
}

// Forecasts with the teller.
inline config::Pipeline telling(std::int64_t every_s, std::int64_t interval_s = 10) {
    config::Pipeline made = pipeline("p", interval_s);
    made.forecast.emplace();
    made.forecast->calibrate = false;
    made.forecast->model.algorithm = catalogue().find("teller");
    made.forecast->emit_every_ns = std::int64_t{1} << 60;
    made.forecast->diagnostics_every_ns = every_s * second;
    return made;
}

inline config::Config with(std::vector<config::Pipeline> pipelines) {
    config::Config made;
    made.pipelines = std::move(pipelines);
    return made;
}

// "= BYTES" for an original, "f KEY FIELD PIPELINE @10: 20=1 30=1" for a forecast, "j KEY FIELD PIPELINE @10
// y=2 yhat=1 score=1 above" for a judgement, "c KEY FIELD PIPELINE @10 NAME in 5 from 3 to 8" for a crossing,
// "e KEY FIELD PIPELINE @10 open from ..." for an event, "d KEY FIELD PIPELINE @10 points=2" for the teller's
// diagnostics, "s KEY FIELD PIPELINE @10 watched" for a state; times in seconds.
class Recorder : public Sink {
  public:
    void original(const lineprotocol::PointView& point) override {
        lines.push_back("= " + std::string(point.bytes));
    }
    void forecast(const SeriesView& series, const Origin& origin, std::span<const Lead> leads,
                  std::span<const double>) override {
        std::string line = head("f ", series) + seconds(origin.time_ns) + ":";
        for (const Lead& lead : leads) line += " " + seconds(lead.time_ns) + "=" + number(lead.mean);
        lines.push_back(line);
    }
    void judgement(const SeriesView& series, const Judgement& one) override {
        std::string line = head("j ", series) + seconds(one.time_ns) + " y=" + number(one.y);
        if (!std::isnan(one.yhat)) line += " yhat=" + number(one.yhat);
        if (!std::isnan(one.score)) line += " score=" + number(one.score);
        if (one.side == Side::above_expected) line += " above";
        if (one.side == Side::below_expected) line += " below";
        if (one.is_anomaly) line += " anomaly";
        if (one.warming_up) line += " warmup";
        if (!one.reason.empty()) line += " (" + std::string(one.reason) + ")";
        lines.push_back(line);
    }
    void crossing(const SeriesView& series, std::int64_t origin_ns, std::int64_t interval_ns,
                  const Crossing& one) override {
        std::string line = head("c ", series) + seconds(origin_ns) + " " + one.threshold->name + " in ";
        const auto lead = [&](double steps) {
            return number(steps * static_cast<double>(interval_ns) / second);
        };
        lines.push_back(line + lead(one.mean) + " from " + lead(one.earliest) + " to " + lead(one.latest));
    }
    void diagnostics(const SeriesView& series, std::int64_t time_ns,
                     std::span<const fcd_value> values) override {
        lines.push_back(head("d ", series) + seconds(time_ns) +
                        " points=" + std::to_string(values[2].integer));
    }
    void event(const SeriesView& series, const Event& one) override {
        constexpr const char *states[] = {"open", "update", "closed"},
                             *directions[] = {"none", "above", "below", "rising", "falling"};
        lines.push_back(head("e ", series) + seconds(one.time_ns) + " " +
                        states[static_cast<int>(one.state)] + " from " + seconds(one.start_ns) + " to " +
                        seconds(one.last_ns) + " peak " + number(one.peak_score) + " at " +
                        number(one.peak_value) + " " + directions[static_cast<int>(one.direction)] +
                        " points " + std::to_string(one.points) + " (" + std::string(one.reason) + ")");
        ids.push_back(one.id);
    }
    void state(const SeriesView& series, const SeriesState& one) override {
        constexpr const char* states[] = {"warming", "watched", "paused", "skipped", "failing"};
        std::string line =
            head("s ", series) + seconds(one.time_ns) + " " + states[static_cast<int>(one.watching)];
        if (!one.reason.empty()) line += " (" + std::string(one.reason) + ")";
        lines.push_back(line);
    }
    std::vector<std::string> lines;
    std::vector<std::uint64_t> ids;  // of the events

  private:
    static std::string number(double value) {
        char text[40];
        std::snprintf(text, sizeof text, "%.12g", value);
        return text;
    }
    static std::string seconds(std::int64_t ns) { return number(static_cast<double>(ns) / 1e9); }
    static std::string head(const char* kind, const SeriesView& series) {
        return kind + std::string(series.key) + " " + std::string(series.field) + " " + series.config.name +
               " @";
    }
};

// A point of "m": field v at a time in seconds.
inline std::string at(double seconds, double value, const std::string& key = "m") {
    char text[80];
    std::snprintf(text, sizeof text, " v=%g %lld\n", value,
                  static_cast<long long>(std::llround(seconds * 1e9)));
    return key + text;
}

// Gives lines to an engine. batch: the points of one call.
void feed(Engine& engine, Sink& sink, std::string_view text, std::size_t batch = Engine::batch_points,
          std::int64_t clock_s = 0);

class Rig {
  public:
    explicit Rig(const config::Config& config, std::size_t batch = Engine::batch_points,
                 const std::vector<StageMaker>& stages = standard_stages())
        : engine(
              config, [this](config::LogLevel, const std::string& text) { reports.push_back(text); }, stages),
          batch_(batch) {
        fed.clear();
    }

    void feed(std::string_view text, std::int64_t clock_s = 0) {
        engine::feed(engine, sink, text, batch_, clock_s);
    }
    [[nodiscard]] const Counters& counters() const { return engine.counters(); }
    [[nodiscard]] std::vector<std::string>& lines() { return sink.lines; }
    // Only those that begin so.
    [[nodiscard]] std::vector<std::string> lines(std::string_view kind) const {
        std::vector<std::string> result;
        for (const std::string& line : sink.lines)
            if (line.substr(0, kind.size()) == kind) result.push_back(line);
        return result;
    }

    std::vector<std::string> reports;
    Engine engine;
    Recorder sink;

  private:
    const std::size_t batch_;
};

using Lines = std::vector<std::string>;

}  // namespace forecastd::engine

#endif
