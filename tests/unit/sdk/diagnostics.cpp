// Diagnostics: what the table shows, and what a model reports of a series.
#include <doctest/doctest.h>

#include <string>

#include "unit/sdk/host.hpp"

namespace forecastd {
namespace {

enum class Family { additive, multiplicative, none_yet = -1 };

struct Known {
    Family family = Family::none_yet;
    double mean = nan;
    std::uint32_t points = 0;
    std::int64_t negative = unknown;
};

struct Teller {
    static constexpr About about{"test.teller", "1.0.0", "Reports what it saw."};
    static constexpr auto diagnostics() {
        return std::tuple{diagnostic<&Known::family>("family", {"add", "mul"}, "What it is."),
                          diagnostic<&Known::mean>("mean", "The mean."),
                          diagnostic<&Known::points>("points", "How many there were."),
                          diagnostic<&Known::negative>("negative", "How many were below 0.")};
    }
    struct Series {
        double sum = 0;
        std::uint32_t points = 0;
    };
    void observe(Series& s, const Point& p) const {
        s.sum += p.value;
        ++s.points;
    }
    void forecast(const Series&, Forecast&) const {}
    Known diagnose(const Series& s) const {
        if (s.sum < 0) throw std::runtime_error("reports nothing of negative sums");
        if (s.points == 0) return {};
        return {Family::multiplicative, s.sum / s.points, s.points, 0};
    }
};

struct Behind {
    static constexpr About about{"test.tail", "1.0.0", "Reports what is in its tail."};
    static constexpr auto diagnostics() { return std::tuple{diagnostic<&Known::mean>("mean", "The mean.")}; }
    struct Series {};
    std::size_t tail_length() const { return 2; }
    void observe(Series&, std::span<double> tail, const Point& p) const { tail[1] = p.value; }
    void forecast(const Series&, std::span<const double>, Forecast&) const {}
    Known diagnose(const Series&, std::span<const double> tail) const { return {.mean = tail[1]}; }
};

struct Silent {
    static constexpr About about{"test.silent", "1.0.0", "Reports nothing."};
    struct Series {};
    void observe(Series&, const Point&) const {}
    void forecast(const Series&, Forecast&) const {}
};

template <class Model>
const fcd_algorithm& algorithm() {
    return *detail::library<Model>()->algorithms[0];
}

template <class Model>
const fcd_diagnostics* diagnostics() {
    const auto extension = algorithm<Model>().extension;
    return extension ? static_cast<const fcd_diagnostics*>(extension(FCD_DIAGNOSTICS)) : nullptr;
}

}  // namespace

TEST_CASE("the table has each diagnostic in its order") {
    const fcd_diagnostics* const table = diagnostics<Teller>();
    REQUIRE(table);
    CHECK(table->struct_size == sizeof(fcd_diagnostics));
    CHECK(table->row_size == sizeof(fcd_diagnostic));
    REQUIRE(table->count == 4);
    CHECK(table->rows[0].name == std::string("family"));
    CHECK(table->rows[0].doc == std::string("What it is."));
    CHECK(table->rows[0].type == FCD_CHOICE);
    CHECK(table->rows[0].choices[0] == std::string("add"));
    CHECK(table->rows[0].choices[1] == std::string("mul"));
    CHECK(table->rows[0].choices[2] == nullptr);
    CHECK(table->rows[1].type == FCD_REAL);
    CHECK(table->rows[1].choices == nullptr);
    CHECK(table->rows[2].type == FCD_INTEGER);
    CHECK(table->rows[3].type == FCD_INTEGER);
}

TEST_CASE("there is no table for a model without diagnostics, nor by another name") {
    CHECK(diagnostics<Silent>() == nullptr);
    CHECK(algorithm<Teller>().extension("forecastd.diagnostics/2") == nullptr);
}

TEST_CASE("a series is reported") {
    const fcd_diagnostics* const table = diagnostics<Teller>();
    Run run(&algorithm<Teller>());
    std::array<fcd_value, 4> out{};
    REQUIRE(table->diagnose(run.model(), run.series(), out.data(), &run.error) == FCD_OK);
    CHECK(out[0].integer < 0);
    CHECK(std::isnan(out[1].real));
    CHECK(out[2].integer == 0);
    CHECK(out[3].integer == FCD_UNKNOWN);

    run.advance({1, 2});
    REQUIRE(table->diagnose(run.model(), run.series(), out.data(), &run.error) == FCD_OK);
    CHECK(out[0].integer == 1);
    CHECK(out[1].real == 1.5);
    CHECK(out[2].integer == 2);
    CHECK(out[3].integer == 0);
}

TEST_CASE("with a tail, it is handed over") {
    Run run(&algorithm<Behind>());
    run.advance({7});
    fcd_value out{};
    REQUIRE(diagnostics<Behind>()->diagnose(run.model(), run.series(), &out, &run.error) == FCD_OK);
    CHECK(out.real == 7);
}

TEST_CASE("what it throws is an error") {
    Run run(&algorithm<Teller>());
    run.advance({-1});
    std::array<fcd_value, 4> out{};
    CHECK(diagnostics<Teller>()->diagnose(run.model(), run.series(), out.data(), &run.error) == FCD_ERROR);
    CHECK(run.error.text == std::string("reports nothing of negative sums"));
}

}  // namespace forecastd
