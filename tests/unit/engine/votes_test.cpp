// How several scores become one.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "engine/votes.hpp"

namespace forecastd::engine {
namespace {

using enum config::Combine::Rule;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double common(const config::Combine& combine, const std::vector<double>& scores) {
    const std::size_t decider = deciding_vote(combine, scores);
    return decider < scores.size() ? scores[decider] : unknown;
}

}  // namespace

TEST_CASE("any takes the greatest score, all the least, the others the one of the last vote needed") {
    const std::vector<double> scores{0.5, 3, 1.5, 2};
    CHECK(common({any, 1}, scores) == 3);
    CHECK(common({all, 1}, scores) == 0.5);
    CHECK(common({majority, 1}, scores) == 1.5);  // three of four
    CHECK(common({least, 1}, scores) == 3);
    CHECK(common({least, 2}, scores) == 2);
    CHECK(common({least, 4}, scores) == 0.5);
}

TEST_CASE("a majority is more than half") {
    CHECK(votes_needed({majority, 1}, 1) == 1);
    CHECK(votes_needed({majority, 1}, 2) == 2);
    CHECK(votes_needed({majority, 1}, 3) == 2);
    CHECK(votes_needed({majority, 1}, 8) == 5);
}

TEST_CASE("the common score is above 1 exactly if enough scores are") {
    for (const config::Combine& combine : {config::Combine{any, 1}, config::Combine{all, 1},
                                           config::Combine{majority, 1}, config::Combine{least, 2}})
        for (unsigned bits = 0; bits < 32; ++bits) {
            std::vector<double> scores;
            std::size_t above = 0;
            for (unsigned i = 0; i < 5; ++i) {
                const bool is_above = (bits >> i & 1) != 0;
                scores.push_back(is_above ? 1.5 + i : 0.1 * i);
                above += is_above;
            }
            CAPTURE(bits);
            CHECK((common(combine, scores) > 1) == (above >= votes_needed(combine, 5)));
        }
}

TEST_CASE("only those vote that can judge; of fewer than the least number, all must agree") {
    CHECK(common({all, 1}, {unknown, 3, 2}) == 2);
    CHECK(common({majority, 1}, {unknown, 3, 2}) == 2);
    CHECK(common({least, 3}, {unknown, 3, 2}) == 2);
    CHECK(common({any, 1}, {unknown, 3, 2}) == 3);
    CHECK(std::isnan(common({all, 1}, {unknown, unknown})));
    CHECK(votes_needed({least, 3}, 0) == 0);
    CHECK(votes_needed({majority, 1}, 0) == 0);
}

TEST_CASE("of equal scores the first decides") {
    CHECK(deciding_vote({any, 1}, std::vector<double>{1, 2, 2}) == 1);
    CHECK(deciding_vote({all, 1}, std::vector<double>{2, 2, 2}) == 2);
    CHECK(deciding_vote({least, 2}, std::vector<double>{2, 2, 2}) == 1);
}

}  // namespace forecastd::engine
