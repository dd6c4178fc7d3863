#include "verify/costs.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "plugin/saves_states.hpp"

namespace forecastd::verify {
namespace {

constexpr std::size_t a_call = TimedSeries::points_a_call;
constexpr std::size_t points_a_run = 4000;

// ---- What a measurement is made of --------------------------------------------------------------------------

bool all(const plugin::Algorithm&) { return true; }
bool forecasters(const plugin::Algorithm& algorithm) { return algorithm.forecasts(); }
// Those whose states the host saves.
bool saved(const plugin::Algorithm& algorithm) { return plugin::saves_states(*algorithm.table); }

// A series that has learned.
struct Learned {
    explicit Learned(const Setting& setting) : model(model_of(setting)), series(*model, 1) {
        learn(setting, series, setting.to_learn());
    }
    std::unique_ptr<plugin::Model> model;
    TimedSeries series;
};

Numbers time_points(const Setting& setting, TimedSeries& series, std::size_t points, std::size_t in_a_call) {
    const auto values = setting.rig.usual_values(2400);
    return timed(
        setting, points / a_call, a_call, [&] { series.lay_out(points / a_call * a_call, values); },
        [&](std::size_t round) {
            for (std::size_t i = 0; i < a_call; i += in_a_call) series.advance(round * a_call + i, in_a_call);
        });
}

template <std::size_t InACall>
Numbers points(const Setting& setting) {
    Learned learned(setting);
    return time_points(setting, learned.series, points_a_run, InACall);
}

Numbers points_in_turn(const Setting& setting) {
    Learned learned(setting);
    constexpr std::size_t most_in_all = std::size_t{1} << 30;
    require(setting.series <= most_in_all / std::max<std::size_t>(learned.model->series_size(), 1),
            std::to_string(setting.series) + " series of " + std::to_string(learned.model->series_size()) +
                " bytes take more than the 1GiB that there is for them; take fewer");
    TimedSeries many(*learned.model, setting.series);
    if (saved(setting.rig.algorithm())) {
        const Bytes state = learned.series.saved();
        const plugin::SavedModel by = described(*learned.model);
        for (std::size_t i = 0; i < setting.series; ++i) many.load(i, by, state);
    }
    // Two values to each, since one that was not saved has learned nothing else.
    const std::size_t each = (setting.series + a_call - 1) / a_call * a_call;
    const auto values = setting.rig.usual_values(2400);
    many.lay_out(2 * each, values);
    for (std::size_t i = 0; i < 2 * each; i += a_call) many.advance(i, a_call);
    return time_points(setting, many, std::max(each, points_a_run), a_call);
}

Numbers time_forecasts(const Setting& setting, TimedSeries& series, std::uint32_t steps) {
    require(series.forecast(steps), "it has too little to forecast after what it was given");
    constexpr std::size_t rounds = 50, a_round = 10;
    return timed(
        setting, rounds, a_round, [] {},
        [&](std::size_t) {
            for (std::size_t i = 0; i < a_round; ++i) (void)series.forecast(steps);
        });
}

template <std::uint32_t Steps>
Numbers forecasts(const Setting& setting) {
    Learned learned(setting);
    return time_forecasts(setting, learned.series, Steps);
}

Numbers saves(const Setting& setting) {
    Learned learned(setting);
    return timed(
        setting, 200, 1, [] {}, [&](std::size_t) { (void)learned.series.saved(); });
}

Numbers loads(const Setting& setting) {
    constexpr std::size_t most = 200, most_together = std::size_t{256} << 20;
    Learned learned(setting);
    const Bytes state = learned.series.saved();
    const plugin::SavedModel by = described(*learned.model);
    const std::size_t count = std::clamp<std::size_t>(
        most_together / std::max<std::size_t>(learned.model->series_size(), 1), 1, most);
    std::unique_ptr<TimedSeries> fresh;
    return timed(
        setting, count, 1,
        [&] {
            fresh.reset();
            fresh = std::make_unique<TimedSeries>(*learned.model, count);
        },
        [&](std::size_t round) { fresh->load(round, by, state); });
}

Numbers saved_bytes(const Setting& setting) {
    Learned learned(setting);
    constexpr std::size_t length = 4;  // of their number, which the host writes before them
    return {static_cast<double>(learned.series.saved().size() - length)};
}

Numbers series_bytes(const Setting& setting) {
    return {static_cast<double>(model_of(setting)->series_size())};
}

Numbers models(const Setting& setting) {
    constexpr std::size_t count = 20;
    std::vector<std::unique_ptr<plugin::Model>> made;
    return timed(
        setting, count, 1, [&] { made.clear(); }, [&](std::size_t) { made.push_back(model_of(setting)); });
}

const Measurement table[] = {
    {"ns_a_point", "ns", "a point, 32 a call", all, points<a_call>},
    {"ns_a_single_point", "ns", "a point, 1 a call", all, points<1>},
    {"ns_a_point_in_turn", "ns", "a point of {series} series in turn", all, points_in_turn},
    {"ns_a_forecast_of_1", "ns", "a forecast of 1 step", forecasters, forecasts<1>},
    {"ns_a_forecast_of_10", "ns", "a forecast of 10 steps", forecasters, forecasts<10>},
    {"ns_a_forecast_of_100", "ns", "a forecast of 100 steps", forecasters, forecasts<100>},
    {"ns_to_save", "ns", "a state is saved", saved, saves},
    {"ns_to_load", "ns", "a state is loaded", saved, loads},
    {"ns_to_make_a_model", "ns", "a model is made", all, models},
    {"bytes_saved", "bytes", "a saved state", saved, saved_bytes},
    {"bytes_a_series", "bytes", "a series", all, series_bytes},
};

double least_of(const Numbers& numbers) { return *std::min_element(numbers.begin(), numbers.end()); }

// For the three figures.
Setting brief(const Setting& setting) {
    Setting result = setting;
    result.runs = 3;
    result.most_a_run = std::chrono::milliseconds(50);
    return result;
}

Numbers measure_costs(const Setting& setting) {
    constexpr std::chrono::milliseconds to_learn{200};
    const auto model = model_of(setting);
    const std::size_t bytes = model->series_size();
    require(bytes <= most_bytes, "a series takes " + std::to_string(bytes) + " bytes, and more than " +
                                     std::to_string(most_bytes) + " are not measured");
    TimedSeries series(*model, 1);
    const std::size_t learned = learn(setting, series, to_learn);
    const Numbers point = time_points(setting, series, points_a_run, a_call);
    double of_forecasts = 0;
    if (setting.rig.algorithm().forecasts())
        of_forecasts = series.forecast(10) ? least_of(time_forecasts(setting, series, 10)) : std::nan("");
    return {least_of(point), of_forecasts, static_cast<double>(bytes), static_cast<double>(learned)};
}

}  // namespace

std::string in_words(const Measurement& measurement, const Setting& setting) {
    constexpr std::string_view place = "{series}";
    std::string words = measurement.what;
    if (const std::size_t at = words.find(place); at != std::string::npos)
        words.replace(at, place.size(), std::to_string(setting.series));
    return words;
}

std::span<const Measurement> all_measurements() { return table; }

Expected<Figure> measure(const Measurement& measurement, const Setting& setting) {
    const auto numbers = measured([&] { return measurement.measure(setting); }, setting);
    if (!numbers) return fail(numbers.error().text);
    if (numbers->empty()) return fail("the measurement gave nothing");
    const auto [least, greatest] = std::minmax_element(numbers->begin(), numbers->end());
    return Figure{*least, *greatest};
}

Expected<Costs> costs(const Setting& setting) {
    const Setting one = brief(setting);
    const auto numbers = measured([&] { return measure_costs(one); }, one);
    if (!numbers) return fail(numbers.error().text);
    if (numbers->size() != 4) return fail("the measurement gave nothing");
    const double learned = (*numbers)[3];
    const bool is_cut = learned < static_cast<double>(greatest_steps(setting.choice));
    return Costs{(*numbers)[0], (*numbers)[1], (*numbers)[2], learned, is_cut};
}

}  // namespace forecastd::verify
