// Parameters: what the table shows, and what a model's members get.
#include <doctest/doctest.h>

#include <string>

#include "unit/sdk/host.hpp"

namespace forecastd {
namespace {

enum class Form { none, add, mul };

struct Model {
    static constexpr About about{"test.params", "1.0.0", "Parameters of every type."};
    static constexpr auto params() {
        return std::tuple{
            real<&Model::alpha>("alpha", nan, 0.0, 1.0, "A weight.").alias("smoothing_level", "level"),
            integer<&Model::trees>("trees", 50, 1, 1000, "How many."),
            boolean<&Model::damped>("damped", true, "Whether it is damped."),
            choice<&Model::form>("form", Form::add, {"none", "add", "mul"}, "The form."),
            duration<&Model::half_life>("half_life", 90'000'000'000, 1, infinite_ns,
                                        "How long it remembers."),
            steps<&Model::season>("season", 0, 2, 1000, "The season.").required(),
            integers<&Model::order>("order", {1, 0, 2}, 0, 5, "Three numbers.").or_automatic(),
            integers<&Model::lags>("lags", automatic, 1, 9, "Two numbers."),
            steps<&Model::memory>("memory", days(2), 2, 1000, "The memory.")};
    }
    static constexpr std::int64_t infinite_ns = std::numeric_limits<std::int64_t>::max();

    double alpha;
    int trees;
    bool damped;
    Form form;
    std::int64_t half_life;
    std::uint16_t season;
    Integers<3> order;
    Integers<2> lags;
    int memory;

    struct Series {};
    void observe(Series&, const Point&) const {}
    bool ready(const Series&) const { return true; }
    // Hands out what the members got.
    void forecast(const Series&, Forecast& out) const {
        const double members[] = {alpha,
                                  static_cast<double>(trees),
                                  static_cast<double>(damped),
                                  static_cast<double>(form),
                                  static_cast<double>(half_life),
                                  static_cast<double>(season),
                                  static_cast<double>(order[0]),
                                  static_cast<double>(order[2]),
                                  static_cast<double>(order.automatic),
                                  static_cast<double>(lags[0] + lags[1]),
                                  static_cast<double>(lags.automatic),
                                  static_cast<double>(memory)};
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = {members[i], 0};
    }
};

const fcd_algorithm& algorithm() { return *detail::library<Model>()->algorithms[0]; }

std::vector<std::string> list(const char* const* names) {
    std::vector<std::string> result;
    for (; names && *names; ++names) result.emplace_back(*names);
    return result;
}

}  // namespace

TEST_CASE("the table has each parameter in its order") {
    REQUIRE(algorithm().param_count == 9);
    const fcd_param* const p = algorithm().params;

    CHECK(p[0].name == std::string("alpha"));
    CHECK(p[0].doc == std::string("A weight."));
    CHECK(p[0].type == FCD_REAL);
    CHECK(std::isnan(p[0].initial.real));
    CHECK(p[0].min.real == 0);
    CHECK(p[0].max.real == 1);
    CHECK(p[0].choices == nullptr);
    CHECK(list(p[0].aliases) == std::vector<std::string>{"smoothing_level", "level"});
    CHECK(p[0].flags == 0);

    CHECK(p[1].type == FCD_INTEGER);
    CHECK(p[1].initial.integer == 50);
    CHECK(p[1].max.integer == 1000);
    CHECK(p[1].aliases == nullptr);

    CHECK(p[2].type == FCD_BOOLEAN);
    CHECK(p[2].initial.integer == 1);

    CHECK(p[3].type == FCD_CHOICE);
    CHECK(p[3].initial.integer == 1);
    CHECK(list(p[3].choices) == std::vector<std::string>{"none", "add", "mul"});

    CHECK(p[4].type == FCD_DURATION);
    CHECK(p[4].initial.integer == 90'000'000'000);

    CHECK(p[5].type == FCD_STEPS);
    CHECK(p[5].flags == FCD_REQUIRED);
    CHECK(p[5].min.integer == 2);
    CHECK(p[5].count == 0);

    CHECK(p[6].type == FCD_INTEGERS);
    CHECK(p[6].flags == FCD_AUTO);
    CHECK(p[6].count == 3);
    REQUIRE(p[6].initial.integers->count == 3);
    CHECK(p[6].initial.integers->items[0] == 1);
    CHECK(p[6].initial.integers->items[2] == 2);
    CHECK(p[6].max.integer == 5);
    CHECK(p[7].flags == FCD_AUTO);
    CHECK(p[7].count == 2);
    CHECK(p[7].initial.integers->count == 0);

    CHECK(p[8].type == FCD_STEPS);
    CHECK(p[8].flags == FCD_INITIAL_DURATION);
    CHECK(p[8].initial.integer == 172'800'000'000'000);
}

TEST_CASE("each member gets its value") {
    std::vector<fcd_value> values(9);
    values[0].real = 0.25;
    values[1].integer = 10;
    values[2].integer = 1;
    values[3].integer = 2;
    values[4].integer = 1'000;
    values[5].integer = 24;
    const std::int64_t items[] = {3, 2, 1};
    const fcd_integers order{3, items}, lags{0, nullptr};
    values[6].integers = &order;
    values[7].integers = &lags;
    values[8].integer = 48;
    Run run(&algorithm(), values);
    REQUIRE(run.forecast(12) == FCD_OK);
    CHECK(run.predictions[0].mean == 0.25);
    CHECK(run.predictions[1].mean == 10);
    CHECK(run.predictions[2].mean == 1);
    CHECK(run.predictions[3].mean == 2);
    CHECK(run.predictions[4].mean == 1'000);
    CHECK(run.predictions[5].mean == 24);
    CHECK(run.predictions[6].mean == 3);
    CHECK(run.predictions[7].mean == 1);
    CHECK(run.predictions[8].mean == 0);
    CHECK(run.predictions[9].mean == 0);
    CHECK(run.predictions[10].mean == 1);
    CHECK(run.predictions[11].mean == 48);
}

}  // namespace forecastd
