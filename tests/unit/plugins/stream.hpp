// A series of a built-in forecaster, fed step by step, and its diagnostics by name.
#ifndef FORECASTD_TESTS_UNIT_PLUGINS_STREAM_HPP
#define FORECASTD_TESTS_UNIT_PLUGINS_STREAM_HPP

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "algorithm.hpp"

namespace test {

// A plugin with parameters: one of the ways to smooth.
struct Way {
    const char* name;
    const char* file;
    const char* id;
    std::vector<Setting> settings;

    [[nodiscard]] Way with(const std::vector<Setting>& more) const {
        Way way = *this;
        way.settings.insert(way.settings.end(), more.begin(), more.end());
        return way;
    }
};

class Stream {
  public:
    using Value = std::function<double(std::int64_t)>;

    // Fits are made at once, and nothing falls back, unless the way says otherwise.
    explicit Stream(const Way& way)
        : model_(algorithm(way.file, way.id), at_once(way).settings), series_(model_) {}

    // Whether the plugin took the value.
    bool learn(std::int64_t step, double value) {
        return series_.advance({series_.point(step, value)}).size() == 1;
    }
    // Learns the steps [from, to); NaN: a step that was lost.
    void learn(std::int64_t from, std::int64_t to, const Value& value) {
        for (std::int64_t step = from; step < to; ++step) {
            const double y = value(step);
            if (!std::isnan(y)) REQUIRE_MESSAGE(learn(step, y), series_.error());
        }
    }
    [[nodiscard]] fcd_prediction at(std::int64_t step) const { return forecast(step, 1).front(); }
    [[nodiscard]] std::vector<fcd_prediction> forecast(std::int64_t step, std::uint32_t steps) const {
        auto out = series_.forecast(step, steps);
        if (out.size() != steps) throw std::runtime_error("no forecast");
        return out;
    }

    [[nodiscard]] double real(const char* name) const { return known(name).first.real; }
    [[nodiscard]] std::int64_t integer(const char* name) const { return known(name).first.integer; }
    // The word of a choice; "" while it is unknown.
    [[nodiscard]] std::string word(const char* name) const {
        const auto [value, row] = known(name);
        return value.integer < 0 ? "" : row->choices[value.integer];
    }

    [[nodiscard]] std::string error() const { return series_.error(); }
    [[nodiscard]] std::size_t size() const { return model_.series_size(); }

  private:
    static Way at_once(const Way& way) {
        // The first setting of a name counts.
        return way.with({{"fit_budget", 0}, {"fallback", 0}});
    }
    [[nodiscard]] std::pair<fcd_value, const fcd_diagnostic*> known(const std::string& name) const {
        const auto* const table =
            static_cast<const fcd_diagnostics*>(model_.algorithm().extension(FCD_DIAGNOSTICS));
        std::vector<fcd_value> values(table->count);
        Series copy = series_;
        if (table->diagnose(model_.get(), copy.data(), values.data(), nullptr) != FCD_OK)
            throw std::runtime_error("no diagnosis");
        for (std::uint32_t i = 0; i < table->count; ++i)
            if (name == table->rows[i].name) return {values[i], &table->rows[i]};
        throw std::runtime_error("no diagnostic " + name);
    }

    Model model_;
    Series series_;
};

// Numbers that are the same in every run, whatever order they are asked in.
class Noise {
  public:
    Noise(std::size_t count, unsigned seed) {
        std::mt19937 random(seed);
        std::normal_distribution<double> normal;
        for (std::size_t i = 0; i < count; ++i) numbers_.push_back(normal(random));
    }
    double operator()(std::int64_t i) const { return numbers_.at(static_cast<std::size_t>(i)); }

  private:
    std::vector<double> numbers_;
};

// Runs a series through a plugin's model, NaN being lost steps; returns what it forecasts behind it.
inline std::vector<fcd_prediction> forecast_after(const Model& model, std::size_t count,
                                                  const std::function<double(std::size_t)>& value,
                                                  std::uint32_t steps = 1) {
    REQUIRE_MESSAGE(model.get(), model.error());
    Series series(model);
    for (std::size_t i = 0; i < count; ++i) {
        const double y = value(i);
        if (!std::isnan(y))
            REQUIRE(series.advance({series.point(static_cast<std::int64_t>(i), y)}).size() == 1);
    }
    return series.forecast(static_cast<std::int64_t>(count), steps);
}

// Uniform in [-1, 1), the same whenever it is asked for.
inline double uniform_noise(std::size_t i, unsigned seed = 1) {
    std::mt19937 random(seed + static_cast<unsigned>(i) * 7919);
    random.discard(5);
    return static_cast<double>(random() % 20'000) / 10'000 - 1;
}

}  // namespace test

#endif  // FORECASTD_TESTS_UNIT_PLUGINS_STREAM_HPP
