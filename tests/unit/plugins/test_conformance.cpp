// What must hold for every built-in algorithm.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include "builtins.hpp"

namespace {

using test::Builtin, test::builtins, test::for_each_model, test::points_of, test::usual_values;
using test::Ends;

bool same(const std::vector<fcd_verdict>& a, const std::vector<fcd_verdict>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(fcd_verdict)) == 0;
}

void check_finite(const test::Model& model, std::vector<fcd_point> points, test::Series& series) {
    const auto fine = [](double number) { return !std::isinf(number); };
    for (const fcd_verdict& v : series.advance(points)) {
        REQUIRE(fine(v.score));
        REQUIRE(fine(v.expected));
        REQUIRE(fine(v.lower));
        REQUIRE(fine(v.upper));
        REQUIRE(!(v.deviation < 0 || std::isinf(v.deviation)));
    }
    if (!model.algorithm().forecast) return;
    for (const fcd_prediction& p : series.forecast(points.back().step + 1, 50)) {
        REQUIRE(std::isfinite(p.mean));
        REQUIRE(!(p.deviation < 0 || std::isinf(p.deviation)));
    }
}

}  // namespace

TEST_CASE("forecasting does not change a series") {
    for_each_model([](const test::Model& model) {
        if (!model.algorithm().forecast) return;
        test::Series series(model);
        series.advance(points_of(series, usual_values(100)));
        const std::string before = series.bytes();
        series.forecast(2000, 30);
        CHECK(series.bytes() == before);
    });
}

TEST_CASE("a batch gives what single points give, however it is split, whatever other series are in it") {
    for_each_model([](const test::Model& model) {
        test::Series whole(model), single(model), mixed(model), other(model);
        const auto values = usual_values(150), others = usual_values(150, 2);
        const auto expected = whole.advance(points_of(whole, values));
        REQUIRE(expected.size() == values.size());

        std::vector<fcd_verdict> singly;
        for (const fcd_point& point : points_of(single, values))
            singly.push_back(single.advance({point}).at(0));
        CHECK(same(singly, expected));
        CHECK(single.bytes() == whole.bytes());

        const auto mine = points_of(mixed, values), theirs = points_of(other, others);
        std::vector<fcd_point> both;
        for (std::size_t i = 0; i < mine.size(); ++i) both.insert(both.end(), {theirs[i], mine[i]});
        const auto verdicts = mixed.advance(both);
        std::vector<fcd_verdict> every_second;
        for (std::size_t i = 1; i < verdicts.size(); i += 2) every_second.push_back(verdicts[i]);
        CHECK(same(every_second, expected));
        CHECK(mixed.bytes() == whole.bytes());
    });
}

TEST_CASE("the verdict on a point holds the forecast of its step") {
    for_each_model([](const test::Model& model) {
        if (!model.algorithm().forecast) return;
        test::Series series(model);
        for (const fcd_point& point : points_of(series, usual_values(80))) {
            const auto forecast = series.forecast(point.step, 1);
            const auto verdict = series.advance({point}).at(0);
            REQUIRE(forecast.empty() == std::isnan(verdict.expected));
            if (forecast.empty()) continue;
            REQUIRE(verdict.expected == forecast[0].mean);
            REQUIRE((verdict.deviation == forecast[0].deviation || std::isnan(verdict.deviation)));
        }
    });
}

TEST_CASE("a horizon of 1 is the start of a horizon of n, and a later start its continuation") {
    for_each_model([](const test::Model& model) {
        if (!model.algorithm().forecast) return;
        test::Series series(model);
        const auto points = points_of(series, usual_values(100));
        series.advance(points);
        const std::int64_t next = points.back().step + 1;
        const auto many = series.forecast(next, 40), one = series.forecast(next, 1);
        CHECK(one.at(0).mean == many.at(0).mean);
        CHECK(one.at(0).deviation == many.at(0).deviation);
        const auto late = series.forecast(next + 25, 15);
        for (std::size_t i = 0; i < late.size(); ++i) {
            CHECK(late[i].mean == doctest::Approx(many[i + 25].mean).epsilon(1e-12));
            CHECK(late[i].deviation == doctest::Approx(many[i + 25].deviation).epsilon(1e-12));
        }
    });
}

TEST_CASE("a forecaster answers from its first point on, a detector after its warm-up") {
    for_each_model([](const test::Model& model) {
        test::Series series(model);
        const auto verdicts = series.advance(points_of(series, usual_values(200)));
        CHECK(std::isnan(verdicts[0].expected));
        CHECK(std::isnan(verdicts[0].score));
        if (model.algorithm().abilities & FCD_FORECASTS) CHECK(verdicts[1].expected > 0);
        if (model.algorithm().abilities & FCD_DETECTS) {
            const std::size_t warm_up = model.algorithm().id == std::string("novelty") ? 150 : 30;
            CHECK(std::isnan(verdicts[warm_up - 1].score));
            CHECK(verdicts[warm_up].score >= 0);
        }
    });
}

TEST_CASE("hard series leave every number finite") {
    std::mt19937_64 random(7);
    const auto series_of = [&](int kind, int i) {
        switch (kind) {
            case 0:
                return 5.0;  // constant
            case 1:
                return 1e300 * (1 + (i % 3));  // huge
            case 2:
                return 1e-300 * (1 + (i % 3));  // tiny
            case 3:
                return i < 60 ? 1.0 : 1e6;  // a step
            case 4:
                return i % 2 ? 1.7e308 : 1e-308;  // from end to end
            case 5:
                return std::ldexp(1.0, static_cast<int>(random() % 2000) - 1000);  // any size
            case 6:
                return i == 70 ? 1e200 : 3.0;  // a spike
            default:
                return 1e308 / std::pow(1.9, i);  // falling without end
        }
    };
    for_each_model([&](const test::Model& model) {
        for (int kind = 0; kind < 8; ++kind) {
            CAPTURE(kind);
            test::Series dense(model), gappy(model);
            std::vector<fcd_point> close, apart;
            for (int i = 0; i < 200; ++i) {
                const double value = series_of(kind, i);
                close.push_back(dense.point(i, value));
                apart.push_back(gappy.point(i + i / 50 * 1'000'000, value));
            }
            check_finite(model, close, dense);
            check_finite(model, apart, gappy);
        }
    });
}

TEST_CASE("values of both signs leave every number finite where they are allowed") {
    for_each_model([](const test::Model& model) {
        test::Series series(model);
        std::vector<fcd_point> points;
        for (int i = 0; i < 200; ++i) points.push_back(series.point(i, i % 2 ? 1.7e308 : -1.7e308));
        check_finite(model, points, series);
    });
}

TEST_CASE("the least and the greatest parameters work") {
    for (const Builtin& builtin : builtins()) {
        CAPTURE(std::string(builtin.id));
        for (const Ends ends : {Ends::least, Ends::greatest}) {
            const test::Model model(test::algorithm(builtin.file, builtin.id), {}, ends);
            REQUIRE_MESSAGE(model.get(), model.error());
            test::Series series(model);
            check_finite(model, points_of(series, usual_values(300)), series);
        }
    }
}

TEST_CASE("a gap of a billion steps is one step to learn, and widens what is expected behind it") {
    for_each_model([](const test::Model& model) {
        if (!model.algorithm().forecast) return;
        test::Series series(model);
        const auto points = points_of(series, usual_values(100));
        series.advance(points);
        const std::int64_t last = points.back().step;
        const auto near = series.forecast(last + 1, 1).at(0);
        const auto verdict = series.advance({series.point(last + 1'000'000'001, 20)}).at(0);
        CHECK(std::isfinite(verdict.expected));
        // What was found to be noise around a mean is as uncertain one step ahead as ever.
        const bool may_be_noise = model.algorithm().id == std::string("arima");
        CHECK(verdict.deviation >= near.deviation);
        CHECK((verdict.deviation > near.deviation || may_be_noise));
    });
}

TEST_CASE("a diagnosis changes nothing and is finite, from the first point on") {
    for_each_model([](const test::Model& model) {
        const auto extension = model.algorithm().extension;
        const auto* const table =
            extension ? static_cast<const fcd_diagnostics*>(extension(FCD_DIAGNOSTICS)) : nullptr;
        if (!table) return;
        test::Series series(model);
        for (const fcd_point& point : points_of(series, usual_values(100))) {
            series.advance({point});
            const std::string before = series.bytes();
            std::vector<fcd_value> known(table->count);
            fcd_error error{};
            REQUIRE_MESSAGE(table->diagnose(model.get(), series.data(), known.data(), &error) == FCD_OK,
                            error.text);
            CHECK(series.bytes() == before);
            for (std::uint32_t i = 0; i < table->count; ++i)
                if (table->rows[i].type == FCD_REAL) CHECK_FALSE(std::isinf(known[i].real));
        }
    });
}

TEST_CASE("steps at both ends of time do not break a series") {
    for_each_model([](const test::Model& model) {
        test::Series series(model);
        std::vector<fcd_point> points;
        for (std::int64_t step : {INT64_MIN, INT64_MIN + 5, std::int64_t{0}, INT64_MAX - 100}) {
            points.push_back(series.point(0, 20));
            points.back().step = points.back().local_step = step;
        }
        check_finite(model, points, series);
    });
}

TEST_CASE("bytes that are not a state do not crash") {
    std::mt19937 random(3);
    for_each_model([&](const test::Model& model) {
        for (int round = 0; round < 50; ++round) {
            test::Series series(model);
            auto* const bytes = static_cast<unsigned char*>(series.data());
            for (std::size_t i = 0; i < model.series_size(); ++i)
                bytes[i] = static_cast<unsigned char>(random());
            series.advance(points_of(series, usual_values(20)));
            if (model.algorithm().forecast) series.forecast(5000, 10);
        }
    });
}
