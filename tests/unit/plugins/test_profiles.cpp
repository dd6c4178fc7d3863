// The gradients of the profiles agree with differences of their sums, in every form, with lost steps and
// without.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "numerics/finite.hpp"
#include "smoothing/curved_profile.hpp"
#include "smoothing/line_profile.hpp"
#include "smoothing/season_profile.hpp"

namespace {

using smoothing::Error, smoothing::Form, smoothing::Season, smoothing::Trend, smoothing::Weights;

std::vector<double> values_of(std::size_t count, std::size_t season_length, bool gaps) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        const auto t = static_cast<double>(i);
        const double wave =
            std::sin(6.2831853 * t / static_cast<double>(std::max<std::size_t>(season_length, 2)));
        const double noise = static_cast<double>(i * 7919 % 13) / 100;
        values.push_back((0.8 + 0.002 * t) * (1 + 0.2 * wave) + noise);
        if (gaps && i > 0 && i % 11 == 5) values.back() = numerics::unknown;
    }
    return values;
}

// evaluate(weights, gradient): the sum. Searched: whether a weight is one of the form's.
template <class Evaluate>
void check(Evaluate evaluate, const Form& form) {
    const Weights at{0.35, form.has_trend() ? 0.1 : 0, form.has_season() ? 0.2 : 0, form.damped ? 0.9 : 1};
    Weights gradient;
    evaluate(at, &gradient);
    const auto difference = [&](double Weights::*weight) {
        const double h = 1e-4;
        Weights above = at, below = at;
        above.*weight += h;
        below.*weight -= h;
        return (evaluate(above, nullptr) - evaluate(below, nullptr)) / (2 * h);
    };
    const double size = evaluate(at, nullptr);
    const auto agrees = [&](double slope, double expected) {
        return std::abs(slope - expected) <= 1e-4 * std::max({std::abs(slope), std::abs(expected), size});
    };
    CHECK(agrees(gradient.alpha, difference(&Weights::alpha)));
    if (form.has_trend()) CHECK(agrees(gradient.beta, difference(&Weights::beta)));
    if (form.has_season()) CHECK(agrees(gradient.gamma, difference(&Weights::gamma)));
    if (form.damped) CHECK(agrees(gradient.phi, difference(&Weights::phi)));
}

template <class Visit>
void for_each_form(Season season, Visit visit) {
    for (const Error error : {Error::additive, Error::multiplicative}) {
        for (const Trend trend : {Trend::none, Trend::additive, Trend::multiplicative}) {
            for (const bool damped : {false, true}) {
                if (damped && trend == Trend::none) continue;
                CAPTURE(static_cast<int>(error));
                CAPTURE(static_cast<int>(trend));
                CAPTURE(static_cast<int>(season));
                CAPTURE(damped);
                visit(Form{error, trend, damped, season});
            }
        }
    }
}

}  // namespace

TEST_CASE("the gradient of a line's sum") {
    for (const bool gaps : {false, true}) {
        CAPTURE(gaps);
        const auto values = values_of(80, 0, gaps);
        for (const Trend trend : {Trend::none, Trend::additive}) {
            const Form form{Error::additive, trend, trend == Trend::additive, Season::none};
            smoothing::LineProfile profile(values, form.has_trend());
            check([&](const Weights& w, Weights* g) { return profile.evaluate(w, g); }, form);
        }
    }
}

TEST_CASE("the gradient of the sum with an additive season, free or held") {
    for (const std::size_t season_length : {7u, 70u}) {
        CAPTURE(season_length);
        const auto values = values_of(4 * season_length, season_length, false);
        smoothing::SeasonProfile profile(values.size(), season_length);
        for (const Trend trend : {Trend::none, Trend::additive}) {
            const Form form{Error::additive, trend, trend == Trend::additive, Season::additive};
            profile.take(values, form.has_trend());
            check([&](const Weights& w, Weights* g) { return profile.evaluate(w, g); }, form);
        }
    }
}

TEST_CASE("the gradient of the sum of forms that multiply, with a season that is free or held, or none") {
    for (const std::size_t season_length : {0u, 7u, 70u}) {
        for (const bool gaps : {false, true}) {
            CAPTURE(season_length);
            CAPTURE(gaps);
            const std::size_t count = std::max<std::size_t>(80, 4 * season_length);
            const auto values = values_of(count, season_length, gaps);
            smoothing::CurvedProfile profile(count, season_length);
            const auto visit = [&](const Form& form) {
                profile.take(values, form);
                check(
                    [&](const Weights& w, Weights* g) {
                        profile.begin();
                        return profile.evaluate(w, g);
                    },
                    form);
            };
            if (season_length == 0) {
                for_each_form(Season::none, visit);
            } else {
                for_each_form(Season::additive, visit);
                for_each_form(Season::multiplicative, visit);
            }
        }
    }
}
