#include "rehearsal/rehearsal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/engine.hpp"
#include "engine/grid.hpp"
#include "lineprotocol/reader.hpp"
#include "plugin/messages.hpp"
#include "rehearsal/made_up_series.hpp"

namespace forecastd::rehearsal {
namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
using Fault = MadeUpSeries::Fault;

// Whose times the engine watches.
std::size_t most_points(std::int64_t interval_ns) {
    return static_cast<std::size_t>((engine::latest_time_ns - MadeUpSeries::begin_ns) / interval_ns);
}

// Messages about the made-up series are none about the operator's.
class Silence {
  public:
    Silence() : usual_(plugin::listen(nullptr)) {}
    ~Silence() { plugin::listen(std::move(usual_)); }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

  private:
    plugin::Listener usual_;
};

// Takes every series, and says all that it does.
config::Config for_any_series(const config::Config& config, config::Pipeline pipeline) {
    config::Config alone = config;
    alone.identity = {};
    alone.state.reset();
    alone.control.reset();
    alone.metrics_every_ns = 0;
    pipeline.selection = {};
    pipeline.group_by.reset();
    pipeline.takes_labels = false;
    if (pipeline.detect) pipeline.detect->emit = config::Emit::all;
    for (config::Detect& voter : pipeline.voters) voter.emit = config::Emit::all;
    alone.pipelines = {std::move(pipeline)};
    return alone;
}

// Notes the times at which things come first.
class Notes : public engine::Sink {
  public:
    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

    // alarms_from_ns: alarms of earlier points are of no interest. by_events: an alarm is an event.
    Notes(std::int64_t alarms_from_ns, bool by_events)
        : alarms_from_ns_(alarms_from_ns), by_events_(by_events) {}

    void original(const lineprotocol::PointView& /*point*/) override {}
    void forecast(const engine::SeriesView& /*series*/, const engine::Origin& origin,
                  std::span<const engine::Lead> /*leads*/, std::span<const double> /*reaches*/) override {
        forecast_ns = std::min(forecast_ns, origin.time_ns);
    }
    void judgement(const engine::SeriesView& /*series*/, const engine::Judgement& one) override {
        if (!one.warming_up && !std::isnan(one.score)) score_ns = std::min(score_ns, one.time_ns);
        if (one.is_anomaly && one.time_ns >= alarms_from_ns_) {
            if (!by_events_ || is_open_) alarm_ns = std::min(alarm_ns, one.time_ns);
        }
    }
    void crossing(const engine::SeriesView& /*series*/, std::int64_t /*origin_ns*/,
                  std::int64_t /*interval_ns*/, const engine::Crossing& /*crossing*/) override {}
    void diagnostics(const engine::SeriesView& /*series*/, std::int64_t /*time_ns*/,
                     std::span<const fcd_value> /*values*/) override {}
    void event(const engine::SeriesView& /*series*/, const engine::Event& event) override {
        is_open_ = event.state != engine::EventState::closed;
        if (event.state == engine::EventState::open && event.time_ns >= alarms_from_ns_)
            alarm_ns = std::min(alarm_ns, event.time_ns);
    }
    void state(const engine::SeriesView& /*series*/, const engine::SeriesState& /*state*/) override {}

    std::int64_t forecast_ns = none, score_ns = none, alarm_ns = none;

  private:
    const std::int64_t alarms_from_ns_;
    const bool by_events_;
    bool is_open_ = false;  // an event that began before the fault
};

std::string text_of(double value) {
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value);
    return {text, end.ptr};
}

// Runs the series through an engine of its own.
class Run {
  public:
    // fault_at: the point at which the fault begins; never: there is none.
    Run(const config::Config& config, std::int64_t interval_ns, const MadeUpSeries& series, Fault fault,
        std::size_t fault_at)
        : is_rate_(config.pipelines.front().rate),
          interval_ns_(interval_ns),
          series_(series),
          fault_(fault),
          fault_at_(fault_at),
          notes_(fault_at == never ? Notes::none : time_of(fault_at),
                 config.pipelines.front().output.event.has_value()),
          engine_(config, [this](config::LogLevel level, const std::string& text) {
              if (failure_.empty() && level <= config::LogLevel::warn) failure_ = text;
          }) {}

    // The next points, up to a batch, but none behind `end`.
    void go_on(std::size_t end) {
        std::string lines;
        for (std::size_t i = 0; i < engine::Engine::batch_points && next_ < end; ++i, ++next_) {
            const bool is_wrong = next_ >= fault_at_ && next_ - fault_at_ < series_.fault_points();
            double value = series_.value(next_, is_wrong ? fault_ : Fault::none);
            if (is_rate_) value = total_ += value * static_cast<double>(interval_ns_) / 1e9;
            lines += "rehearsal value=" + text_of(value) + " " + std::to_string(time_of(next_)) + "\n";
        }
        lines.copy(reader_.space(lines.size()).data(), lines.size());
        reader_.filled(lines.size());
        points_.clear();
        lineprotocol::LineError error;
        while (reader_.next(points_, error) != lineprotocol::Outcome::incomplete) {
        }
        engine_.process(points_, MadeUpSeries::begin_ns, notes_);
    }

    [[nodiscard]] std::size_t points() const { return next_; }
    [[nodiscard]] const Notes& notes() const { return notes_; }
    [[nodiscard]] const std::string& failure() const { return failure_; }
    // Of the point at a time, from 1.
    [[nodiscard]] std::size_t number_of(std::int64_t time_ns) const {
        return static_cast<std::size_t>((time_ns - MadeUpSeries::begin_ns) / interval_ns_) + 1;
    }

  private:
    // Behind what the engine watches, time stands still.
    [[nodiscard]] std::int64_t time_of(std::size_t point) const {
        return MadeUpSeries::begin_ns +
               static_cast<std::int64_t>(std::min(point, most_points(interval_ns_))) * interval_ns_;
    }

    const bool is_rate_;
    const std::int64_t interval_ns_;
    const MadeUpSeries& series_;
    const Fault fault_;
    const std::size_t fault_at_;
    std::size_t next_ = 0;
    double total_ = 0;
    std::string failure_;
    Notes notes_;
    lineprotocol::Reader reader_;
    lineprotocol::Points points_;
    engine::Engine engine_;
};

class Rehearsal {
  public:
    Rehearsal(const config::Config& config, const config::Pipeline& pipeline, std::int64_t interval_ns,
              const Bounds& bounds)
        : config_(for_any_series(config, pipeline)), series_(pipeline, interval_ns), bounds_(bounds) {
        found_.interval_ns = interval_ns;
        bounds_.points = std::min(bounds_.points, most_points(interval_ns));
    }

    Found find() {
        look_for_forecast_and_score();
        if (!found_.score || !found_.failure.empty()) return std::move(found_);
        found_.alarm = look_for_alarm(Fault::spike);
        if (!found_.alarm && series_.can_be_outside() && may_go_on())
            found_.outside_alarm = look_for_alarm(Fault::outside);
        return std::move(found_);
    }

  private:
    [[nodiscard]] bool may_go_on() const { return !bounds_.may_go_on || bounds_.may_go_on(); }

    void look_for_forecast_and_score() {
        const config::Pipeline& pipeline = config_.pipelines.front();
        Run run(config_, found_.interval_ns, series_, Fault::none, never);
        const auto is_missing = [](bool wanted, std::int64_t at_ns) {
            return wanted && at_ns == Notes::none;
        };
        while (is_missing(pipeline.forecast.has_value(), run.notes().forecast_ns) ||
               is_missing(pipeline.detect.has_value(), run.notes().score_ns)) {
            if (run.points() >= bounds_.points || !run.failure().empty() || !may_go_on()) break;
            run.go_on(bounds_.points);
        }
        found_.looked_at = run.points();
        found_.failure = run.failure();
        if (run.notes().forecast_ns != Notes::none) found_.forecast = run.number_of(run.notes().forecast_ns);
        if (run.notes().score_ns != Notes::none) found_.score = run.number_of(run.notes().score_ns);
    }

    // The number of points of a fault after which it alarms; nothing: it does not, or there was no more time.
    std::optional<std::size_t> alarms(Fault fault, std::size_t at) {
        Run run(config_, found_.interval_ns, series_, fault, at);
        const std::size_t end = at + series_.fault_points() + 1;
        while (run.points() < end && run.notes().alarm_ns == Notes::none) {
            if (!run.failure().empty() || !may_go_on()) return std::nullopt;
            run.go_on(end);
        }
        if (run.notes().alarm_ns == Notes::none) return std::nullopt;
        return run.number_of(run.notes().alarm_ns) - at;
    }

    // Ever further behind the first score, until a fault alarms; then between that place and the one before it.
    std::optional<std::size_t> look_for_alarm(Fault fault) {
        const std::size_t first = *found_.score - 1;
        std::size_t fails_at = first, at = first;
        std::optional<std::size_t> taken;
        for (std::size_t further = 1;; further *= 2) {
            taken = alarms(fault, at);
            found_.looked_at = std::max(found_.looked_at, at);
            if (taken || !may_go_on() || at >= bounds_.points) break;
            fails_at = at;
            at = std::min(first + further, bounds_.points);
        }
        if (!taken) return std::nullopt;
        while (at - fails_at > 1) {
            const std::size_t middle = fails_at + (at - fails_at) / 2;
            const auto there = alarms(fault, middle);
            if (!there && !may_go_on()) break;  // what is found so far is right, and may not be the first
            if (there) {
                at = middle;
                taken = there;
            } else {
                fails_at = middle;
            }
        }
        found_.fault_points = *taken;
        return at + 1;
    }

    const config::Config config_;
    const MadeUpSeries series_;
    Bounds bounds_;
    Found found_;
};

}  // namespace

Found rehearse(const config::Config& config, const config::Pipeline& pipeline, std::int64_t interval_ns,
               const Bounds& bounds) {
    const Silence silence;
    return Rehearsal(config, pipeline, interval_ns, bounds).find();
}

}  // namespace forecastd::rehearsal
