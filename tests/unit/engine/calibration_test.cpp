// Intervals that hold what their levels say, through the whole engine. The probe repeats the last value and
// says 1 for its deviation at every lead; values wander at random with steps of another size, so that the
// right width is known.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <random>

#include "engine/stages/calibration.hpp"
#include "unit/engine/cohort_rig.hpp"

namespace forecastd::engine {
namespace {

config::Pipeline calibrated(std::int64_t horizon) {
    config::Pipeline made = forecasting();
    made.forecast->calibrate = true;
    made.forecast->horizon = {horizon, 0};
    made.forecast->level = {80, 95};
    return made;
}

// Of forecasts of one lead, how many values were inside.
struct Inside {
    double of_80 = 0, of_95 = 0, count = 0, width_95 = 0;
};

// Counts, once the values have come, which of the forecasts hold them.
class Judge : public Recorder {
  public:
    void forecast(const SeriesView& series, const Origin& origin, std::span<const Lead> leads,
                  std::span<const double> reaches) override {
        Recorder::forecast(series, origin, leads, reaches);
        REQUIRE(reaches.size() >= 2 * leads.size());
        for (std::size_t i = 0; i < leads.size(); ++i)
            made[leads[i].time_ns].push_back(
                {leads[i].lead_ns, leads[i].mean, reaches[2 * i], reaches[2 * i + 1]});
    }
    void judge(std::int64_t time_ns, double y) {
        for (const Made& one : made[time_ns]) {
            Inside& inside = by_lead[one.lead_ns / (10 * second)];
            const double error = std::abs(y - one.mean);
            inside.of_80 += error <= one.reach_80 ? 1 : 0;
            inside.of_95 += error <= one.reach_95 ? 1 : 0;
            inside.width_95 += 2 * one.reach_95;
            ++inside.count;
        }
        made.erase(time_ns);
    }
    std::map<std::int64_t, Inside> by_lead;  // in steps

  private:
    struct Made {
        std::int64_t lead_ns;
        double mean, reach_80, reach_95;
    };
    std::map<std::int64_t, std::vector<Made>> made;
};

std::vector<double> walk(int count, double step, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, step);
    std::vector<double> values;
    double value = 100;
    for (int i = 0; i < count; ++i) values.push_back(value += normal(random));
    return values;
}

Judge run(const config::Pipeline& pipeline, const std::vector<double>& values, std::size_t skipped) {
    const config::Config config = with({pipeline});
    Engine engine(
        config, [](config::LogLevel, const std::string&) {}, standard_stages());
    Judge judge;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto time = static_cast<std::int64_t>(10 * i);
        if (i == skipped) judge.by_lead.clear();
        judge.judge(time * second, values[i]);
        feed(engine, judge, at(static_cast<double>(time), values[i]));
    }
    return judge;
}

}  // namespace

TEST_CASE("intervals hold what they say at the first, a middle and the last lead, and in between") {
    const double step = 3;
    const Judge judge = run(calibrated(24), walk(6000, step, 1), 500);
    for (const std::int64_t lead : std::initializer_list<std::int64_t>{1, 3, 8, 12, 16, 24}) {
        CAPTURE(lead);
        const Inside& inside = judge.by_lead.at(lead);
        CHECK(inside.of_80 / inside.count == doctest::Approx(0.80).epsilon(0.04));
        CHECK(inside.of_95 / inside.count == doctest::Approx(0.95).epsilon(0.025));
        const double right = 2 * 1.96 * step * std::sqrt(static_cast<double>(lead));
        CHECK(inside.width_95 / inside.count == doctest::Approx(right).epsilon(0.25));
    }
}

TEST_CASE("switched off, intervals are those of the plugin's deviation") {
    config::Pipeline plain = calibrated(3);
    plain.forecast->calibrate = false;
    const Judge judge = run(plain, walk(300, 3, 1), 0);
    for (const auto& [lead, inside] : judge.by_lead)
        CHECK(inside.width_95 / inside.count == doctest::Approx(2 * 1.959964));
}

TEST_CASE("the interval of an expectation is that of its lead, from before its value was seen") {
    CohortRig rig(calibrated(1));
    Series& series = rig.create();
    const std::vector<double> values = walk(400, 3, 2);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t row = rig.add(series, static_cast<std::int64_t>(i), values[i]);
        rig.cohort->run();
        if (i == 0) CHECK(std::isnan(rig.row(row).reach));
        if (i == 1) CHECK(rig.row(row).reach == doctest::Approx(2.447 / 0.9186 * 0.7979).epsilon(1e-3));
        if (i == 399) CHECK(rig.row(row).reach == doctest::Approx(1.96 * 3).epsilon(0.3));
        rig.cohort->rows().clear();
    }
}

TEST_CASE("a young series begins as the others of its cohort have come to be") {
    CohortRig rig(calibrated(1));
    Series& old = rig.create("old");
    const std::vector<double> values = walk(600, 8, 3);
    for (std::size_t i = 0; i < values.size(); ++i) {
        rig.add(old, static_cast<std::int64_t>(i), values[i]);
        rig.cohort->run();
        rig.cohort->rows().clear();
    }
    Series& young = rig.create("young");
    rig.add(young, 0, 5);
    const std::size_t second_row = rig.add(young, 1, 6);
    rig.cohort->run();
    CHECK(rig.row(second_row).reach == doctest::Approx(1.96 * 8).epsilon(0.25));
}

TEST_CASE("a calibrated series saved and loaded goes on as if nothing had been") {
    CohortRig rig(calibrated(12));
    Series& series = rig.create();
    const std::vector<double> values = walk(300, 3, 4);
    const auto learn = [&](Series& of, std::size_t from, std::size_t to) {
        std::vector<double> reaches;
        for (std::size_t i = from; i < to; ++i) {
            const std::size_t row = rig.add(of, static_cast<std::int64_t>(i), values[i]);
            rig.cohort->run();
            reaches.insert(reaches.end(), rig.cohort->rows().reaches.begin(),
                           rig.cohort->rows().reaches.end());
            CHECK(rig.row(row).leads.count == 12);
            rig.cohort->rows().clear();
        }
        return reaches;
    };
    learn(series, 0, 200);
    Bytes bytes;
    REQUIRE(rig.cohort->save(series, bytes));
    Series& loaded = rig.create();
    REQUIRE(rig.cohort->load(loaded, described(*rig.cohort), bytes));
    CHECK(learn(series, 200, 300) == learn(loaded, 200, 300));
}

TEST_CASE("a saved calibration that holds no numbers is refused with a sentence") {
    CohortRig rig(calibrated(1));
    Series& series = rig.create();
    Bytes part;
    ByteWriter out(part);
    for (int i = 0; i < 4; ++i) out.put(std::uint32_t{0x7fc00000});  // NaN
    CalibrationStage* const stage = rig.cohort->calibration();
    REQUIRE(stage);
    ByteReader in(part);
    const auto loaded = stage->load(series, in, {});
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().text.find("expected numbers that are finite and not negative") != std::string::npos);
}

TEST_CASE("what is written does not depend on how the input is cut") {
    std::string text;
    const std::vector<double> values = walk(400, 3, 5), others = walk(400, 1, 6);
    for (std::size_t i = 0; i < values.size(); ++i) {
        text += at(10 * static_cast<double>(i), values[i], "a");
        text += at(10 * static_cast<double>(i) + 1, others[i], "b");
    }
    config::Pipeline both = calibrated(9);
    both.forecast->emit_every_ns = 50 * second;
    both.forecast->thresholds.push_back({"high", 130, config::Side::above});
    Rig one(with({both}), 1), many(with({both}), 32);
    one.feed(text);
    many.feed(text);
    CHECK(one.lines() == many.lines());
    CHECK(one.lines("c ").size() > 10);
}

TEST_CASE("accuracy by lead") {
    config::Pipeline pipeline = calibrated(8);
    CohortRig rig(pipeline, true);
    Series& series = rig.create();
    const std::vector<double> values = walk(4000, 3, 7);
    for (std::size_t i = 0; i < values.size(); ++i) {
        rig.add(series, static_cast<std::int64_t>(i), values[i]);
        rig.cohort->run();
        rig.cohort->rows().clear();
    }
    const auto measures = rig.cohort->calibration()->measures();
    REQUIRE(measures.size() == rig.cohort->calibration()->leads().all().size() - 1);
    // E|error| of a random walk over 8 steps: 3 sqrt(8) sqrt(2 / pi) = 6.77; the probe is the naive forecast
    CHECK(measures.back().mae() == doctest::Approx(6.77).epsilon(0.1));
    CHECK(measures.back().mase() == doctest::Approx(1));
    CHECK(measures.back().coverage(1) == doctest::Approx(0.95).epsilon(0.03));
    CHECK(std::abs(measures.back().bias()) < 1);
}

}  // namespace forecastd::engine
