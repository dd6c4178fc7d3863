// A warm fit allocates nothing: neither by new nor, inside Eigen, by malloc, which throws here while it is
// not allowed. NLopt's optimiser is not watched: it takes and frees its own memory within each of its runs.
#include <cstddef>
#include <cstdlib>
#include <new>
#include <stdexcept>

// Eigen's assertions, which this makes exceptions, are what EIGEN_RUNTIME_NO_MALLOC reports by.
#define EIGEN_RUNTIME_NO_MALLOC
#undef eigen_assert
#define eigen_assert(condition) \
    ((condition) ? static_cast<void>(0) : throw std::logic_error("Eigen: " #condition))
#include <doctest/doctest.h>

#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "auto/automatic_model.hpp"
#include "numerics/finite.hpp"
#include "smoothing/fitter.cpp"  // NOLINT(bugprone-suspicious-include): compiled with these definitions
#include "smoothing/selection.hpp"
#include "unit/counting_new.hpp"

namespace smoothing {
namespace {

class NoEigenMalloc {
  public:
    NoEigenMalloc() { Eigen::internal::set_is_malloc_allowed(false); }
    ~NoEigenMalloc() { Eigen::internal::set_is_malloc_allowed(true); }
    NoEigenMalloc(const NoEigenMalloc&) = delete;
    NoEigenMalloc& operator=(const NoEigenMalloc&) = delete;
};

// Some growth, a season and something like noise; all above 0. A twentieth of the steps is lost.
std::vector<double> values_of(std::size_t count, std::size_t season_length, bool gaps) {
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        const auto t = static_cast<double>(i);
        const double season = std::sin(6.283185 * t / static_cast<double>(season_length));
        values.push_back((50 + 0.3 * t) * (1 + 0.2 * season) + static_cast<double>(i * 7919 % 13));
        if (gaps && i % 20 == 7) values.back() = numerics::unknown;
    }
    return values;
}

FitOptions options_of(std::uint32_t max_evaluations) {
    FitOptions options;
    options.given = {numerics::unknown, numerics::unknown, numerics::unknown, numerics::unknown};
    options.max_evaluations = max_evaluations;
    return options;
}

// From scratch, and from there on.
void fit_twice(Fitter& fitter, const std::vector<double>& values, const Form& form,
               std::vector<double>& season) {
    fitter.take(values);
    REQUIRE(fitter.fits(form));
    FitOptions options = options_of(300);
    const Fit cold = fitter.fit(form, options, season);
    options.start = &cold.weights;
    fitter.fit(form, options, season);
}

// Calls body(), which must allocate nothing.
template <class Body>
void watch(Body body) {
    const std::size_t before = allocations;
    bool eigen = false;
    try {
        const NoEigenMalloc forbidden;
        body();
    } catch (const std::logic_error&) {
        eigen = true;
    }
    const std::size_t after = allocations;
    CHECK_FALSE(eigen);
    CHECK(after == before);
}

void check(std::size_t count, std::size_t season_length, bool gaps) {
    CAPTURE(count);
    CAPTURE(season_length);
    CAPTURE(gaps);
    Fitter fitter(count, season_length);
    const auto first = values_of(count, season_length, gaps),
               later = values_of(count - 5, season_length, gaps);
    std::vector<double> season(season_length), scratch(season_length);
    for (const Error error : {Error::additive, Error::multiplicative}) {
        for (const Trend trend : {Trend::none, Trend::additive, Trend::multiplicative}) {
            for (const Season its_season : {Season::none, Season::additive, Season::multiplicative}) {
                const Form form{error, trend, trend != Trend::none, its_season};
                CAPTURE(static_cast<int>(error));
                CAPTURE(static_cast<int>(trend));
                CAPTURE(static_cast<int>(its_season));
                fit_twice(fitter, first, form, season);
                watch([&] { fit_twice(fitter, later, form, season); });
            }
        }
    }
    const RequestedForm anything{std::nullopt, std::nullopt, std::nullopt};
    const Form present{Error::additive, Trend::none, false, Season::none};
    const auto choose_one = [&] { choose(fitter, anything, options_of(1000), &present, season, scratch); };
    choose_one();  // forms that are not damped: optimisers of other sizes
    watch(choose_one);
}

}  // namespace

TEST_CASE("an allocation by Eigen is seen") {
    const NoEigenMalloc watch;
    CHECK_THROWS_AS(Eigen::VectorXd(100), std::logic_error);
}

TEST_CASE("warm fits allocate nothing, in any form") {
    check(120, 12, false);
    check(120, 12, true);
    check(400, 48, false);
    check(400, 100, false);  // a season that is held (season_profile.hpp)
}

}  // namespace smoothing

TEST_CASE("a point of auto allocates nothing, once it has looked ahead as far as it ever does") {
    const automatic::Model model(automatic::Plan(24, 168, 48));
    automatic::State state;
    std::vector<float> floats(model.floats());
    std::int64_t step = 0;
    const auto learn = [&](int count) {
        for (int i = 0; i < count; ++i, ++step)
            model.learn(state, floats, step, step, std::sin(static_cast<double>(step)));
    };
    learn(100);
    const std::size_t before = allocations;
    learn(1000);
    step += 30;  // lost
    learn(100);
    CHECK(allocations == before);
}
