// The likelihoods against their closed forms, and against the multivariate normal density.
#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "arima/conditional.hpp"
#include "arima/likelihood.hpp"
#include "arima/window_filter.hpp"
#include "noise.hpp"

namespace {

using doctest::Approx;
using test::noise;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Autocovariances of w = sum psi_j e_(t-j), from 4000 weights: no equation is solved.
std::vector<double> covariances(const std::vector<double>& ar, const std::vector<double>& ma,
                                std::size_t count) {
    std::vector<double> psi(4000);
    for (std::size_t j = 0; j < psi.size(); ++j) {
        psi[j] = j == 0 ? 1 : j <= ma.size() ? ma[j - 1] : 0;
        for (std::size_t i = 1; i <= std::min(j, ar.size()); ++i) psi[j] += ar[i - 1] * psi[j - i];
    }
    std::vector<double> result(count);
    for (std::size_t k = 0; k < count; ++k)
        for (std::size_t j = 0; j + k < psi.size(); ++j) result[k] += psi[j] * psi[j + k];
    return result;
}

// The log-density of x with this covariance.
double log_density(const Eigen::VectorXd& x, const Eigen::MatrixXd& covariance) {
    const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
    const Eigen::VectorXd standard = factor.matrixL().solve(x);
    const Eigen::MatrixXd lower = factor.matrixL();
    return -0.5 * (static_cast<double>(x.size()) * std::log(2 * std::numbers::pi) + standard.squaredNorm()) -
           lower.diagonal().array().log().sum();
}

// Of a stationary process at some of its steps.
double log_density(const std::vector<double>& w, const std::vector<double>& ar, const std::vector<double>& ma,
                   double variance) {
    const auto g = covariances(ar, ma, w.size());
    std::vector<std::size_t> there;
    for (std::size_t t = 0; t < w.size(); ++t)
        if (!std::isnan(w[t])) there.push_back(t);
    const auto n = static_cast<Eigen::Index>(there.size());
    Eigen::VectorXd x(n);
    Eigen::MatrixXd covariance(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::size_t at = there[static_cast<std::size_t>(i)];
        x(i) = w[at];
        for (Eigen::Index j = 0; j < n; ++j) {
            const std::size_t other = there[static_cast<std::size_t>(j)];
            covariance(i, j) = variance * g[at > other ? at - other : other - at];
        }
    }
    return log_density(x, covariance);
}

arima::ExactFilter exact() { return {400, 30, 30}; }

struct Case {
    arima::Order order;
    std::vector<double> coefficients;
};

std::vector<Case> cases() {
    return {{{.p = 1}, {0.7}},
            {{.q = 1}, {-0.6}},
            {{.q = 1}, {0.999}},
            {{.p = 2, .q = 2}, {1.2, -0.5, 0.4, 0.3}},
            {{.p = 5, .q = 3}, {0.3, 0.1, -0.2, 0.1, 0.2, 0.5, -0.3, 0.2}},
            {{.p = 1, .q = 1, .P = 1, .Q = 1, .season = 6}, {0.5, -0.3, 0.6, -0.7}},
            {{.Q = 1, .season = 12}, {-0.8}}};
}

}  // namespace

TEST_CASE("AR(1) has the likelihood of its closed form") {
    const std::vector<double> w{1.0, 0.4, -0.3, 0.8, 2.0};
    const double phi = 0.6, variance = 1.3;
    double squares = (1 - phi * phi) * w[0] * w[0];
    for (std::size_t t = 1; t < w.size(); ++t) squares += std::pow(w[t] - phi * w[t - 1], 2);
    const double expected = -2.5 * std::log(2 * std::numbers::pi * variance) + 0.5 * std::log(1 - phi * phi) -
                            squares / (2 * variance);
    auto filter = exact();
    CHECK(filter(w, std::vector{phi}, {}, false).log_likelihood(variance) == Approx(expected).epsilon(1e-13));
}

TEST_CASE("MA(1) of two values has the likelihood of its closed form") {
    const std::vector<double> w{1.0, -0.5};
    const double theta = 0.4, g0 = 1 + theta * theta, determinant = g0 * g0 - theta * theta;
    const double quadratic = (g0 * (1 + 0.25) - 2 * theta * 1.0 * -0.5) / determinant;
    auto filter = exact();
    const auto result = filter(w, {}, std::vector{theta}, false);
    CHECK(result.squares == Approx(quadratic));
    CHECK(result.log_determinant == Approx(std::log(determinant)));
}

TEST_CASE("the fast filter gives the multivariate normal density") {
    unsigned seed = 1;
    for (const Case& one : cases()) {
        CAPTURE(seed);
        arima::Expanded model;
        model.set(one.order, one.coefficients, 0);
        const auto w = noise(150, seed++);
        const std::vector<double> ar(model.ar().begin(), model.ar().end()),
            ma(model.ma().begin(), model.ma().end());
        auto filter = exact();
        CHECK(filter(w, ar, ma, false).log_likelihood(0.9) ==
              Approx(log_density(w, ar, ma, 0.9)).epsilon(1e-10));
    }
}

TEST_CASE("the mean that it finds is the best one") {
    for (const Case& one : cases()) {
        arima::Expanded model;
        model.set(one.order, one.coefficients, 0);
        auto w = noise(120, 5);
        for (double& value : w) value += 3;
        auto filter = exact();
        const auto best = filter(w, model.ar(), model.ma(), true);
        double around[3];
        for (int i = 0; i < 3; ++i) {
            auto moved = w;
            for (double& value : moved) value -= best.mean + (i - 1) * 1e-3;
            around[i] = filter(moved, model.ar(), model.ma(), false).squares;
        }
        CHECK(around[1] == Approx(best.squares).epsilon(1e-10));
        CHECK(around[0] >= around[1]);
        CHECK(around[2] >= around[1]);
    }
}

TEST_CASE("the square-root filter gives the density of what is there") {
    unsigned seed = 20;
    for (const Case& one : cases()) {
        CAPTURE(seed);
        auto w = noise(100, seed++);
        for (const std::size_t hole :
             {3u, 4u, 5u, 20u, 40u, 41u, 60u, 61u, 62u, 63u, 64u, 65u, 66u, 67u, 68u, 69u, 98u})
            w[hole] = missing;
        arima::Expanded model;
        model.set(one.order, one.coefficients, 0);
        const std::vector<double> ar(model.ar().begin(), model.ar().end()),
            ma(model.ma().begin(), model.ma().end());
        arima::WindowFilter filter(30, 30, 64);
        CHECK(filter(w, model, false).log_likelihood(1.2) ==
              Approx(log_density(w, ar, ma, 1.2)).epsilon(1e-9));
    }
}

TEST_CASE("with differences and holes it is the density of the changes between what is there") {
    // A change over k steps is the sum of k values of w.
    const arima::Order order{.p = 1, .d = 1, .q = 1};
    const std::vector<double> coefficients{0.6, -0.3};
    std::vector<double> y = noise(80, 9);
    for (std::size_t t = 1; t < y.size(); ++t) y[t] += y[t - 1];
    for (const std::size_t hole : {1u, 2u, 10u, 30u, 31u, 32u, 33u, 50u, 78u}) y[hole] = missing;

    const auto g = covariances({0.6}, {-0.3}, y.size());
    std::vector<std::size_t> there;
    for (std::size_t t = 0; t < y.size(); ++t)
        if (!std::isnan(y[t])) there.push_back(t);
    const auto n = static_cast<Eigen::Index>(there.size()) - 1;
    Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(n, 79), toeplitz(79, 79);
    Eigen::VectorXd changes(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::size_t from = there[static_cast<std::size_t>(i)],
                          to = there[static_cast<std::size_t>(i) + 1];
        changes(i) = y[to] - y[from];
        for (std::size_t t = from; t < to; ++t) sums(i, static_cast<Eigen::Index>(t)) = 1;
    }
    for (Eigen::Index i = 0; i < 79; ++i)
        for (Eigen::Index j = 0; j < 79; ++j) toeplitz(i, j) = g[static_cast<std::size_t>(std::abs(i - j))];

    arima::Expanded model;
    model.set(order, coefficients, 0);
    arima::WindowFilter filter(8, 8, 16);
    const auto result = filter(y, model, false);
    CHECK(result.count == static_cast<std::size_t>(n));
    CHECK(result.log_likelihood(1) ==
          Approx(log_density(changes, sums * toeplitz * sums.transpose())).epsilon(1e-8));
}

TEST_CASE(
    "nothing missing: the square-root filter is the fast one on the differenced values, however it begins") {
    const arima::Order order{.p = 1, .d = 1, .q = 1, .D = 1, .Q = 1, .season = 4, .constant = 0};
    const std::vector<double> coefficients{0.4, -0.5, -0.6};
    std::vector<double> y = noise(90, 3);
    for (std::size_t t = 1; t < y.size(); ++t) y[t] += y[t - 1];
    for (std::size_t t = 4; t < y.size(); ++t) y[t] += y[t - 4];
    arima::Expanded model;
    model.set(order, coefficients, 0);
    arima::WindowFilter window(8, 8, 32);
    const double complete = window(y, model, false).log_likelihood();

    auto w = y;
    w.resize(arima::difference(w, 4));
    w.resize(arima::difference(w, 1));
    auto filter = exact();
    CHECK(complete == Approx(filter(w, model.ar(), model.ma(), false).log_likelihood()).epsilon(1e-10));
    // A hole among the first five: diffuse. With its value known after all, the likelihoods differ by that
    // value's density, so only the sound part is checked: it stays finite and counts one less.
    auto holed = y;
    holed[2] = missing;
    const auto diffuse = window(holed, model, false);
    CHECK(std::isfinite(diffuse.log_likelihood()));
    CHECK(diffuse.count == w.size() - 1);
}

TEST_CASE("conditional squares are those of the recursion by hand") {
    arima::ConditionalFilter filter(10, 4);
    const std::vector<double> w{1, 2, 0, -1};
    // e_1 = 0 (among the first p), e_2 = 2 - 0.5 * 1 = 1.5, e_3 = 0 - 0.5 * 2 - 0.4 * 1.5 = -1.6,
    // e_4 = -1 - 0 - 0.4 * -1.6 = -0.36
    const auto result = filter(w, std::vector{0.5}, std::vector{0.4}, false);
    CHECK(result.squares == Approx(1.5 * 1.5 + 1.6 * 1.6 + 0.36 * 0.36));
    CHECK(result.count == 3);
}
