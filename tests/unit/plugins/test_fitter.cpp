// Fits of exponential smoothing against statsmodels and R's ets (tests/reference), and against records that
// are no part of this repository: FORECASTD_SHARED names the folder that holds data/reference.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "references.hpp"
#include "smoothing/fitter.hpp"
#include "smoothing/recursion.hpp"
#include "smoothing/selection.hpp"

using nlohmann::json;
using smoothing::Error;
using smoothing::Fit;
using smoothing::FitOptions;
using smoothing::Fitter;
using smoothing::Form;
using smoothing::Season;
using smoothing::Trend;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
const smoothing::Weights none_given{unknown, unknown, unknown, unknown};

// The names of statsmodels' forms in the records.
Form form_of(const std::string& name) {
    static const std::map<std::string, Form> forms{
        {"ses", {Error::additive, Trend::none, false, Season::none}},
        {"linear", {Error::additive, Trend::additive, false, Season::none}},
        {"damped", {Error::additive, Trend::additive, true, Season::none}},
        {"exponential", {Error::additive, Trend::multiplicative, false, Season::none}},
        {"damped_exponential", {Error::additive, Trend::multiplicative, true, Season::none}},
        {"add_add", {Error::additive, Trend::additive, false, Season::additive}},
        {"add_mul", {Error::additive, Trend::additive, false, Season::multiplicative}},
        {"damped_add", {Error::additive, Trend::additive, true, Season::additive}},
        {"damped_mul", {Error::additive, Trend::additive, true, Season::multiplicative}},
        {"none_add", {Error::additive, Trend::none, false, Season::additive}},
    };
    return forms.at(name);
}

// How many fits there were, and how good they are.
struct Tally {
    int fits = 0, at_most_theirs = 0, at_best = 0;
    double worst_theirs = 0, worst_best = 0;  // ratios of the sums

    void add(double sum, double theirs, double best, double floor) {
        ++fits;
        if (sum <= theirs * (1 + 1e-6) + floor) ++at_most_theirs;
        if (sum <= best * (1 + 1e-6) + floor) ++at_best;
        if (theirs > floor) worst_theirs = std::max(worst_theirs, sum / theirs);
        if (best > floor) worst_best = std::max(worst_best, sum / best);
    }
    std::string text() const {
        return std::to_string(fits) + " fits, at or below statsmodels " + std::to_string(at_most_theirs) +
               ", at best " + std::to_string(at_best) + ", worst ratios " + std::to_string(worst_theirs) +
               " and " + std::to_string(worst_best);
    }
};

double square_sum(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values)
        if (!std::isnan(value)) sum += value * value;
    return sum;
}

// The sum of squared one-step errors from a fit's initial states, by the recursion.
double rerun(const Fit& fit, const std::vector<double>& values, std::vector<double> season) {
    const auto& w = fit.weights;
    const smoothing::Recursion recursion(
        fit.form, smoothing::DampedTrend(w.alpha, w.beta, w.phi, w.gamma, season.size()));
    auto line = smoothing::Line::known(fit.level, fit.trend, -1);
    double sum = 0, none = recursion.neutral();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) continue;
        const auto step = static_cast<std::int64_t>(i);
        double& its_season = season.empty() ? none : season[i % season.size()];
        const double error = values[i] - recursion.expect(line, its_season, recursion.reach(line, step)).mean;
        sum += error * error;
        recursion.learn(line, its_season, step, values[i]);
    }
    return sum;
}

// Fits values as statsmodels does, and adds the result to the tally of its form.
void compare(const std::vector<double>& values, std::size_t season_length, const std::string& name,
             double theirs, double best, std::map<std::string, Tally>& tallies) {
    const Form form = form_of(name);
    Fitter fitter(values.size(), form.has_season() ? season_length : 0);
    fitter.take(values);
    std::vector<double> season(form.has_season() ? season_length : 0);
    FitOptions options;
    options.given = none_given;
    options.max_evaluations = 2000;
    const Fit fit = fitter.fit(form, options, season);
    REQUIRE(fit.found);
    const double floor = 1e-12 * square_sum(values);
    REQUIRE(std::abs(rerun(fit, values, season) - fit.sum) <= 1e-7 * fit.sum + floor);
    tallies[name].add(fit.sum, theirs, best, floor);
}

bool without_gaps(const std::vector<double>& values) {
    return std::none_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

void check_at_most_theirs(const std::string& name, const Tally& tally) {
    MESSAGE(name << ": " << tally.text());
    CAPTURE(name);
    CHECK(tally.at_most_theirs == tally.fits);
}

}  // namespace

// The forms of statsmodels 0.13.5's Holt and ExponentialSmoothing over the series of tests/reference.
TEST_CASE("sums of squares are at most those of statsmodels, in every fit") {
    const auto series = references::all_series();
    std::map<std::string, Tally> tallies;
    for (const char* file : {"holt", "seasonal"}) {
        for (const json& record : references::read(file)) {
            const auto& [season_length, values] = series.at(record.at("id"));
            if (!without_gaps(values)) continue;
            CAPTURE(record.at("id").dump());
            CAPTURE(record.at("form").dump());
            const double theirs = record.at("sse");
            compare(values, season_length, record.at("form"), theirs,
                    record.at("best").is_null() ? theirs : record.at("best").get<double>(), tallies);
        }
    }
    REQUIRE(tallies.size() == 10);
    for (const auto& one : tallies) {
        check_at_most_theirs(one.first, one.second);
        CHECK(one.second.at_best == one.second.fits);
    }
}

TEST_CASE("recorded windows are fitted at least as well as by statsmodels") {
    const char* const shared = std::getenv("FORECASTD_SHARED");
    if (!shared) {
        MESSAGE("skipped: FORECASTD_SHARED is not set; it names the folder that holds data/reference");
        return;
    }
    std::ifstream file(std::string(shared) + "/data/reference/statsmodels_holt.json");
    REQUIRE(file.good());
    const json document = json::parse(file);
    std::map<std::string, Tally> tallies;
    for (const char* records : {"windows", "seasonal"}) {
        for (const json& record : document.at(records)) {
            CAPTURE(record.at("id").dump());
            for (const auto& one : record.at("fits").items()) {
                const std::string name = one.key();
                const json& fit = one.value();
                if (!fit.contains("sse")) continue;  // values that are not above 0
                CAPTURE(name);
                const auto& bests = record.at("best");
                const double theirs = fit.at("sse");
                const double best = bests.contains(name) ? bests.at(name).at("sse").get<double>() : theirs;
                compare(record.at("values"), record.value("period", 0u), name, theirs, best, tallies);
            }
        }
    }
    for (const auto& one : tallies) {
        check_at_most_theirs(one.first, one.second);
        const bool multiplies = !form_of(one.first).linear();
        CHECK(one.second.at_best >= (multiplies ? 0.95 : 0.99) * one.second.fits);
    }
}

namespace {

// ets' name of a form, such as MAdN.
std::string name_of(const Form& form) {
    std::string name = form.error == Error::additive ? "A" : "M";
    name += form.trend == Trend::none ? "N" : form.trend == Trend::additive ? "A" : "M";
    if (form.damped) name += "d";
    return name + (form.season == Season::none ? "N" : form.season == Season::additive ? "A" : "M");
}

}  // namespace

// R's ets minimises the same likelihood by the simplex from one start, with phi in [0.8, 0.98]; its AICc is
// ours, since the constants that were left out are left out there too.
TEST_CASE("the likelihood of each form is at least that of R's ets") {
    const auto series = references::all_series();
    int fits = 0, better = 0, as_good = 0;
    for (const json& record : references::read("ets")) {
        const auto& one = series.at(record.at("id"));
        const std::size_t season_length = one.season_length;
        const std::vector<double>& values = one.values;
        const std::string model = record.at("model");
        if (!without_gaps(values) || record.at("aicc").is_null()) continue;
        smoothing::detail::for_each_form(
            {std::nullopt, std::nullopt, std::nullopt}, smoothing::Loss::squares, [&](const Form& form) {
                if (name_of(form) != model) return;
                CAPTURE(record.at("id").dump());
                CAPTURE(model);
                Fitter fitter(values.size(), form.has_season() ? season_length : 0);
                fitter.take(values);
                if (!fitter.fits(form)) return;
                std::vector<double> season(form.has_season() ? season_length : 0);
                FitOptions options;
                options.given = none_given;
                options.region = smoothing::SearchBox::Region::usual;
                options.max_evaluations = 2000;
                const Fit fit = fitter.fit(form, options, season);
                REQUIRE(fit.found);
                const double theirs = record.at("aicc");
                ++fits;
                if (fit.aicc <= theirs + 0.01) ++as_good;
                if (fit.aicc < theirs - 0.01) ++better;
                if (fit.aicc > theirs + 0.01)
                    MESSAGE(record.at("id").dump()
                            << " " << model << ": " << fit.aicc << " beside " << theirs);
            });
    }
    MESSAGE(fits << " fits, as good as R's or better " << as_good << ", better " << better);
    CHECK(fits > 100);
    CHECK(as_good >= 0.98 * fits);
}

TEST_CASE("given weights stay as they are, and the others are searched around them") {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    std::vector<double> values;
    double level = 10;
    for (int i = 0; i < 80; ++i) values.push_back((level += 0.3 * normal(random)) + normal(random));
    Fitter fitter(values.size(), 0);
    fitter.take(values);
    FitOptions options;
    options.given = {0.25, unknown, unknown, 0.9};
    const Form damped = form_of("damped");
    const Fit fit = fitter.fit(damped, options, {});
    CHECK(fit.weights.alpha == 0.25);
    CHECK(fit.weights.phi == 0.9);
    options.given = none_given;
    CHECK(fitter.fit(damped, options, {}).sum <= fit.sum);
}

TEST_CASE("a fit keeps to its budget, and counts what it used") {
    std::vector<double> values;
    for (int i = 0; i < 60; ++i) values.push_back(10 + (i * 7919 % 13) + 5 * std::sin(i));
    Fitter fitter(values.size(), 12);
    fitter.take(values);
    std::vector<double> season(12), scratch(12);
    for (const std::uint32_t budget : {2u, 3u, 10u, 50u, 500u}) {
        CAPTURE(budget);
        FitOptions options;
        options.given = none_given;
        options.max_evaluations = budget;
        const Fit fit =
            fitter.fit({Error::additive, Trend::additive, true, Season::additive}, options, season);
        CHECK(fit.evaluations <= budget);
        CHECK(fit.found);
        const Fit chosen =
            choose(fitter, {std::nullopt, std::nullopt, std::nullopt}, options, nullptr, season, scratch);
        CHECK(chosen.evaluations <= budget);
        CHECK(chosen.found);
    }
}

TEST_CASE("AICc finds the form that made a series, and hysteresis keeps the one in use") {
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    const double shape[] = {1.3, 0.9, 0.7, 1.1};
    std::vector<double> seasonal, flat, line;
    for (int i = 0; i < 100; ++i) {
        seasonal.push_back((50 + 2 * i) * shape[i % 4] * (1 + 0.03 * normal(random)));
        flat.push_back(20 + normal(random));
        line.push_back(5 + 3 * i + normal(random));
    }
    std::vector<double> season(4), scratch(4);
    FitOptions options;
    options.given = none_given;
    options.region = smoothing::SearchBox::Region::usual;
    options.effort = smoothing::Effort::quick;
    const smoothing::RequestedForm anything{std::nullopt, std::nullopt, std::nullopt};
    const auto chosen = [&](const std::vector<double>& values, const Form* present) {
        Fitter fitter(values.size(), 4);
        fitter.take(values);
        return choose(fitter, anything, options, present, season, scratch).form;
    };
    CHECK(chosen(seasonal, nullptr).season == Season::multiplicative);
    CHECK(chosen(seasonal, nullptr).error == Error::multiplicative);
    CHECK_FALSE(chosen(flat, nullptr).has_trend());
    CHECK_FALSE(chosen(flat, nullptr).has_season());
    CHECK(chosen(line, nullptr) == form_of("linear"));
    const Form damped_level{Error::additive, Trend::additive, true, Season::none};
    CHECK(chosen(line, &damped_level) == form_of("linear"));  // far better than what was in use
    const Form relative{Error::multiplicative, Trend::none, false, Season::none};
    CHECK(chosen(flat, &relative) == relative);  // about as good
}

TEST_CASE("hard windows are fitted to something finite") {
    struct Case {
        const char* name;
        std::vector<double> values;
    };
    std::vector<double> constant(40, 7), nearly(40, 7), huge, tiny, spike(40, 3), shift(40, 3), negative, gap,
        zeros(40, 0);
    nearly[20] += 1e-12;
    spike[20] = 1e6;
    for (int i = 0; i < 40; ++i) {
        const double wave = 2 + std::sin(i);
        huge.push_back(1e300 * wave);
        tiny.push_back(1e-300 * wave);
        negative.push_back(-wave);
        gap.push_back(i % 5 == 2 || (i > 20 && i < 30) ? unknown : wave);
        if (i >= 20) shift[static_cast<std::size_t>(i)] = 90;
    }
    const Case cases[] = {{"constant", constant}, {"nearly constant", nearly},
                          {"huge", huge},         {"tiny", tiny},
                          {"spike", spike},       {"shift", shift},
                          {"negative", negative}, {"gap", gap},
                          {"zeros", zeros},       {"ten", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
                          {"four", {1, 4, 2, 8}}};
    for (const Case& one : cases) {
        const std::string name = one.name;
        const std::vector<double>& values = one.values;
        CAPTURE(name);
        Fitter fitter(values.size(), 6);
        fitter.take(values);
        std::vector<double> season(6);
        smoothing::detail::for_each_form(
            {std::nullopt, std::nullopt, std::nullopt}, smoothing::Loss::squares, [&](const Form& form) {
                CAPTURE(name_of(form));
                if (!fitter.fits(form)) return;
                for (const auto effort : {smoothing::Effort::quick, smoothing::Effort::thorough}) {
                    FitOptions options;
                    options.given = none_given;
                    options.effort = effort;
                    const Fit fit = fitter.fit(form, options, season);
                    if (!fit.found) continue;
                    CHECK(std::isfinite(fit.weights.alpha + fit.weights.beta + fit.weights.gamma +
                                        fit.weights.phi));
                    CHECK(std::isfinite(fit.level));
                    CHECK(std::isfinite(fit.trend));
                    CHECK(!std::isnan(fit.sum));
                    CHECK(!std::isnan(fit.aicc));
                }
            });
    }
}

TEST_CASE("a constant is fitted without error, and a line with a trend") {
    const std::vector<double> constant(30, 42.5);
    Fitter fitter(30, 0);
    fitter.take(constant);
    FitOptions options;
    options.given = none_given;
    for (const char* name : {"ses", "linear", "damped", "exponential"}) {
        CAPTURE(name);
        CHECK(fitter.fit(form_of(name), options, {}).sum <= 1e-20);
    }
    std::vector<double> line;
    for (int i = 0; i < 30; ++i) line.push_back(5 + 0.5 * i);
    fitter.take(line);
    const Fit fit = fitter.fit(form_of("linear"), options, {});
    CHECK(fit.sum <= 1e-20);
    CHECK(fit.level == doctest::Approx(4.5));
    CHECK(fit.trend == doctest::Approx(0.5));
}

TEST_CASE("forms that multiply do not fit values that are not above 0") {
    Fitter fitter(30, 4);
    std::vector<double> values(30, 1.0);
    values[7] = 0;
    fitter.take(values);
    CHECK(fitter.fits(form_of("damped")));
    CHECK_FALSE(fitter.fits(form_of("exponential")));
    CHECK_FALSE(fitter.fits(form_of("add_mul")));
    CHECK_FALSE(fitter.fits({Error::multiplicative, Trend::none, false, Season::none}));
    fitter.take(std::vector<double>(7, 1.0));
    CHECK_FALSE(fitter.fits(form_of("none_add")));  // fewer than two seasons
}
