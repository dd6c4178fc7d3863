// Numbers with derivatives, and the step of the recursion over them, compared with finite differences.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>

#include "numerics/finite.hpp"
#include "numerics/jet.hpp"
#include "smoothing/form_step.hpp"

namespace {

using numerics::Jet;

// The derivative of f at x by central differences; its error is some 1e-9 of f where x is near 1.
template <class Function>
double difference(Function f, double x) {
    const double h = 1e-6;
    return (f(x + h) - f(x - h)) / (2 * h);
}

// Checks f(a, b), written for double and Jet alike.
template <class Function>
void check(Function f, double a, double b) {
    const Jet<2> result = f(Jet<2>::variable(a, 0), Jet<2>::variable(b, 1));
    CHECK(result.value == doctest::Approx(f(a, b)).epsilon(1e-15));
    CHECK(result.slopes[0] ==
          doctest::Approx(difference([&](double x) { return f(x, b); }, a)).epsilon(1e-7));
    CHECK(result.slopes[1] ==
          doctest::Approx(difference([&](double x) { return f(a, x); }, b)).epsilon(1e-7));
}

// The inputs of a step: alpha, beta, gamma, phi, level, trend, season.
using Inputs = std::array<double, 7>;

template <class Number>
smoothing::FormStep<Number> step_of(const std::array<Number, 7>& in) {
    return {in[0], in[0] * in[1], in[2], in[3], in[4], in[5], in[6]};
}

std::array<double, 4> results(const smoothing::FormStep<double>& step) {
    return {step.forecast, step.level, step.trend, step.season};
}

}  // namespace

TEST_CASE("a constant has no derivative, a variable one of 1 in its own place") {
    const Jet<3> constant = 5.0, variable = Jet<3>::variable(2, 1);
    CHECK(constant.slopes.isZero(0));
    CHECK(variable.value == 2);
    CHECK(variable.slopes[0] == 0);
    CHECK(variable.slopes[1] == 1);
    CHECK(variable.slopes[2] == 0);
}

TEST_CASE("the operations of a Jet agree with finite differences") {
    check([](auto a, auto b) { return a + b; }, 1.3, 0.7);
    check([](auto a, auto b) { return a - b; }, 1.3, 0.7);
    check([](auto a, auto b) { return a * b; }, 1.3, -0.7);
    check([](auto a, auto b) { return a / b; }, 1.3, -0.7);
    check([](auto a, auto b) { return 3.0 - a * b; }, 1.3, 0.7);
    check([](auto a, auto b) { return 3.0 / (a + 2.0 * b); }, 1.3, 0.7);
    check(
        [](auto a, auto b) {
            a += b;
            return a * a;
        },
        1.3, 0.7);
    check(
        [](auto a, auto b) {
            using std::pow;
            return pow(a, b);
        },
        1.3, 0.7);
}

TEST_CASE("a step of every form agrees with finite differences, by weights and states") {
    using smoothing::Error, smoothing::Trend, smoothing::Season;
    for (const Trend trend : {Trend::none, Trend::additive, Trend::multiplicative}) {
        for (const Season season : {Season::none, Season::additive, Season::multiplicative}) {
            for (const double value : {11.0, numerics::unknown}) {
                CAPTURE(static_cast<int>(trend));
                CAPTURE(static_cast<int>(season));
                CAPTURE(value);
                const smoothing::Form form{Error::additive, trend, true, season};
                const double neutral = season == Season::none ? 0 : 1.2;
                const Inputs in{0.3, 0.2, 0.25, 0.9, 9, trend == Trend::none ? 0 : 1.1, neutral};
                std::array<Jet<8>, 7> variables;
                for (std::size_t i = 0; i < in.size(); ++i)
                    variables[i] = Jet<8>::variable(in[i], static_cast<int>(i));
                auto step = step_of(variables);
                REQUIRE(step.take(form, value));
                const std::array<Jet<8>, 4> with{step.forecast, step.level, step.trend, step.season};

                auto plain = step_of(in);
                REQUIRE(plain.take(form, value));
                for (std::size_t k = 0; k < with.size(); ++k) {
                    CHECK(with[k].value == doctest::Approx(results(plain)[k]).epsilon(1e-15));
                    for (std::size_t i = 0; i < in.size(); ++i) {
                        CAPTURE(k);
                        CAPTURE(i);
                        const double expected = difference(
                            [&](double x) {
                                Inputs moved = in;
                                moved[i] = x;
                                auto other = step_of(moved);
                                REQUIRE(other.take(form, value));
                                return results(other)[k];
                            },
                            in[i]);
                        const double slope = with[k].slopes[static_cast<Eigen::Index>(i)];
                        CHECK(slope == doctest::Approx(expected).epsilon(1e-6));
                    }
                }
            }
        }
    }
}

TEST_CASE("a step refuses what its form cannot take, and passes a lost step over") {
    using smoothing::Error, smoothing::Form, smoothing::Trend, smoothing::Season;
    smoothing::FormStep<double> step{0.5, 0.1, 0, 1, -3, 1, 0};
    CHECK(step.take(Form{Error::additive, Trend::additive, false, Season::none}, -2));
    step.level = -3;
    CHECK_FALSE(step.take(Form{Error::multiplicative, Trend::additive, false, Season::none}, 2));
    smoothing::FormStep<double> lost{0.5, 0.1, 0.3, 0.9, 4, 2, 1};
    REQUIRE(lost.take(Form{Error::additive, Trend::additive, true, Season::additive}, numerics::unknown));
    CHECK(lost.forecast == doctest::Approx(6.8));
    CHECK(lost.level == doctest::Approx(5.8));
    CHECK(lost.trend == doctest::Approx(1.8));
    CHECK(lost.season == 1);
}
