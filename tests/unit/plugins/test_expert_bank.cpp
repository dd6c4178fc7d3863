#include <doctest/doctest.h>

#include <random>
#include <smoothing/expert_bank.hpp>

using Bank = smoothing::ExpertBank<2>;

TEST_CASE("experts are weighted by their mean square error to the power -n/2") {
    Bank bank;
    CHECK(bank.weights() == Bank::Numbers{0.5, 0.5});
    for (int i = 0; i < 2; ++i) bank.learn({1, -2});
    CHECK(bank.weights()[0] == doctest::Approx(4.0 / 5));  // 4^(2/2) to 1
    for (int i = 0; i < 2; ++i) bank.learn({-1, 2});
    CHECK(bank.weights()[0] == doctest::Approx(16.0 / 17));  // 4^(4/2) to 1
    CHECK(bank.weights()[1] == doctest::Approx(1.0 / 17));
    CHECK(Bank::average(bank.weights(), {17, 34}) == doctest::Approx(18));
    bank.learn({3, 2});
    CHECK(bank.square(0) == doctest::Approx((4 * 1.0 + 9) / 5));
    CHECK(bank.square(1) == doctest::Approx(4));
}

TEST_CASE("an expert that becomes the better one is believed within the memory, however bad it was") {
    Bank bank;
    for (int i = 0; i < 100'000; ++i) bank.learn({1, 10});
    CHECK(bank.weights()[1] < 1e-50);
    int needed = 0;
    for (; bank.weights()[1] < 0.5; ++needed) bank.learn({10, 1});
    // S_0 = 100 - 99 q and S_1 = 1 + 99 q meet where q = (127/128)^k = 1/2
    CHECK(needed == 89);
}

TEST_CASE("no scale and no size matters to the weights") {
    std::mt19937 random(5);
    Bank small, usual, huge;
    for (int i = 0; i < 50; ++i) {
        const double a = static_cast<double>(random() % 1000), b = static_cast<double>(random() % 1200);
        small.learn({a * 1e-100, b * 1e-100});
        usual.learn({a, b});
        huge.learn({a * 1e100, b * 1e100});
    }
    CHECK(small.weights()[0] == doctest::Approx(usual.weights()[0]).epsilon(1e-9));
    CHECK(huge.weights()[0] == doctest::Approx(usual.weights()[0]).epsilon(1e-9));
}

TEST_CASE("experts that are never wrong share the weight, and beat every other") {
    smoothing::ExpertBank<3> bank;
    for (int i = 0; i < 300; ++i) bank.learn({0, 1e-3, 0});
    CHECK(bank.weights() == smoothing::ExpertBank<3>::Numbers{0.5, 0, 0.5});
    for (int i = 0; i < 10; ++i) bank.learn({1e300, -1e300, 1e308});
    for (const double weight : bank.weights()) CHECK(weight == doctest::Approx(1.0 / 3));
}
