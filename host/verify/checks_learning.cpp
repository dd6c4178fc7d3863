// What changes a series, and what must not.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "verify/checks.hpp"

namespace forecastd::verify {
namespace {

bool is_near(double a, double b) {
    return is_same(a, b) || std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

std::string shown(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.12g", number);
    return text;
}

}  // namespace

Result check_judging(const Rig& rig) {
    const auto model = rig.model();
    Series series(*model);
    for (const fcd_point& point : series.points(rig.usual_values(100))) {
        fcd_point judged = point;
        judged.flags = FCD_JUDGE_ONLY;
        const std::string before = series.state();
        const fcd_verdict first = series.advance(judged);
        require(series.state() == before, "a point with FCD_JUDGE_ONLY changed the state");
        require(agree(first, series.advance(point)),
                "judged alone, a point gets another verdict than when it is learned, too");
    }
    return {};
}

Result check_forecasting(const Rig& rig) {
    if (!rig.algorithm().forecasts()) return skip("it does not forecast");
    const auto model = rig.model();
    Series series(*model);
    series.advance(series.points(rig.usual_values(100)));
    const std::string before = series.state();
    for (const std::uint32_t steps : {1u, 30u}) (void)series.forecast(1100, steps);
    require(series.state() == before, "a forecast changed the state");
    return {};
}

Result check_learn_limit(const Rig& rig) {
    const auto model = rig.model();
    const auto values = rig.usual_values(200);
    Series nothing(*model), missing(*model);
    for (Series* const series : {&nothing, &missing})
        series->advance(series->points(std::span(values).first(150)));
    fcd_point spike = nothing.point(1150, 500);
    spike.learn_limit = 0;
    nothing.advance(spike);
    for (std::int64_t step = 1151; step < 1155; ++step) {
        const double value = values[static_cast<std::size_t>(step - 1000)];
        const fcd_verdict a = nothing.advance(nothing.point(step, value)),
                          b = missing.advance(missing.point(step, value));
        require(is_near(a.expected, b.expected) && is_near(a.score, b.score),
                "a point with learn_limit 0 was learned: behind it " + shown(a.expected) +
                    " is expected with a "
                    "score of " +
                    shown(a.score) + ", and " + shown(b.expected) + " with " + shown(b.score) +
                    " where the step is missing");
    }
    if (!rig.algorithm().forecasts()) return {};
    Series limited(*model), moved(*model);
    for (Series* const series : {&limited, &moved})
        series->advance(series->points(std::span(values).first(150)));
    fcd_point asked = limited.point(1150, 500);
    asked.flags = FCD_JUDGE_ONLY;
    const double expected = limited.advance(asked).expected;
    if (std::isnan(expected)) return skip("it does not say what it expects, so no limit concerns it");
    fcd_point far = limited.point(1150, expected + 100);
    far.learn_limit = 0.5;
    limited.advance(far);
    moved.advance(moved.point(1150, expected + 0.5));
    const double a = limited.advance(limited.point(1151, 20)).expected,
                 b = moved.advance(moved.point(1151, 20)).expected;
    require(is_near(a, b), "a value 100 above the expected one, with a learn_limit of 0.5, leads to " +
                               shown(a) + "; a value that lies at the limit to " + shown(b));
    return {};
}

Result check_batches(const Rig& rig) {
    const auto model = rig.model();
    const auto values = rig.usual_values(150), others = rig.usual_values(150, 2);
    Series whole(*model), single(*model), mixed(*model), other(*model);
    const auto expected = whole.advance(whole.points(values));
    const auto alone = single.points(values);
    for (std::size_t i = 0; i < alone.size(); ++i)
        require(agree(single.advance(alone[i]), expected[i]),
                "point " + std::to_string(i + 1) + " gets another verdict alone than in a batch of 150");
    require(single.state() == whole.state(), "single points leave another state than a batch of them");
    const auto mine = mixed.points(values), theirs = other.points(others);
    std::vector<fcd_point> both;
    for (std::size_t i = 0; i < mine.size(); ++i) both.insert(both.end(), {theirs[i], mine[i]});
    const auto verdicts = mixed.advance(both);
    for (std::size_t i = 0; i < mine.size(); ++i)
        require(agree(verdicts[2 * i + 1], expected[i]),
                "point " + std::to_string(i + 1) + " gets another verdict with another series in the batch");
    require(mixed.state() == whole.state(), "another series in the batch leads to another state");
    return {};
}

Result check_horizon(const Rig& rig) {
    if (!rig.algorithm().forecasts()) return skip("it does not forecast");
    const auto model = rig.model();
    Series series(*model);
    series.advance(series.points(rig.usual_values(200)));
    const auto one = series.forecast(1200, 1), many = series.forecast(1200, 40);
    if (!one || !many) return skip("it has too little to forecast");
    require(is_same((*one)[0].mean, (*many)[0].mean) && is_same((*one)[0].deviation, (*many)[0].deviation),
            "the next step is " + shown((*one)[0].mean) + " alone, and " + shown((*many)[0].mean) +
                " as the first of 40");
    return {};
}

Result check_repeats(const Rig& rig) {
    const auto values = rig.usual_values(300);
    const auto first_model = rig.model(), second_model = rig.model();
    Series first(*first_model), second(*second_model);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto step = static_cast<std::int64_t>(1000 + i);
        require(
            agree(first.advance(first.point(step, values[i])), second.advance(second.point(step, values[i]))),
            "point " + std::to_string(i + 1) + " gets another verdict the second time");
    }
    return {};
}

}  // namespace forecastd::verify
