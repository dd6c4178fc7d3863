// The plugin "novelty": the parameters of novelty_model.hpp, and its calls from the SDK.
#include <array>
#include <cmath>
#include <forecastd/plugin.hpp>
#include <span>
#include <tuple>

#include "novelty_model.hpp"

struct Novelty {
    static constexpr forecastd::About about{
        "novelty", "1.0.0", "What a series has not done before: values, steps, levels, times of day, shapes.",
        3};

    enum class Form { full, lean };

    static constexpr auto params() {
        return std::tuple{
            forecastd::steps<&Novelty::false_alarms>(
                "false_alarms", forecastd::days(30), 100, 1'000'000'000'000,
                "Points, or a duration, in which a healthy series may give one false alarm."),
            forecastd::choice<&Novelty::form>(
                "form", Form::full, {"full", "lean"},
                "Which changes are watched for: all, or those that fit into less than 1 KB a series."),
        };
    }
    std::int64_t false_alarms = 0;
    Form form = Form::full;

    static constexpr std::array<const char*, novelty::watched_count> reasons() {
        return {"A value higher than usual.",
                "A value lower than usual.",
                "A greater step from one value to the next than usual.",
                "A value unusual for the time of day.",
                "The mean of the last 30 values has moved away from the level before.",
                "The mean of the last 30 values is higher than usual.",
                "The mean of the last 30 values is lower than usual.",
                "The last 10 values change more than usual.",
                "The last 30 values change more than usual.",
                "The last 10 values are unusual for the time of day.",
                "The last 12 values take a course that was not seen before."};
    }

    using Series = novelty::State;
    using Channels = std::span<const novelty::Channel>;
    using Memory = std::span<const novelty::Memory>;

    auto tails() const {
        return std::tuple{forecastd::Tail<novelty::Channel>{form == Form::lean ? novelty::lean_count
                                                                               : novelty::watched_count},
                          forecastd::Tail<novelty::Memory>{form == Form::lean ? 0U : 1U}};
    }
    void prepare(const forecastd::Grid& grid) {
        model = novelty::Model(static_cast<double>(false_alarms), grid.interval_ns);
    }

    void start(Series& series, std::span<novelty::Channel> channels,
               std::span<novelty::Memory> memory) const {
        series = {};
        model.start(parts(series, channels, memory));
    }
    bool ready(const Series&, Channels, Memory) const {
        return true;
    }  // judge() says itself what is not known
    forecastd::Verdict judge(const Series& series, Channels channels, Memory memory,
                             const forecastd::Point& point) const {
        const novelty::Model::ConstParts state{series, channels, memory.empty() ? nullptr : memory.data()};
        if (!model.can_judge(state)) return {};
        const auto [score, expected, reason] = model.judge(state, seen(point));
        forecastd::Verdict verdict;
        verdict.score = score;
        verdict.expected = expected;
        verdict.reason = reason;
        return verdict;
    }
    void observe(Series& series, std::span<novelty::Channel> channels, std::span<novelty::Memory> memory,
                 const forecastd::Point& point) const {
        model.learn(parts(series, channels, memory), seen(point));
    }

  private:
    static novelty::Model::Parts parts(Series& series, std::span<novelty::Channel> channels,
                                       std::span<novelty::Memory> memory) {
        return {series, channels, memory.empty() ? nullptr : memory.data()};
    }
    static novelty::Point seen(const forecastd::Point& point) {
        return {point.step, point.local_step, point.value, point.expected};
    }

    novelty::Model model;
};
FORECASTD_PLUGIN(Novelty)
