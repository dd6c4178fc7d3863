// A built-in algorithm as the host sees it: opened from its library, its parameters set by name.
#ifndef FORECASTD_TESTS_UNIT_PLUGINS_ALGORITHM_HPP
#define FORECASTD_TESTS_UNIT_PLUGINS_ALGORITHM_HPP

#include <dlfcn.h>

#include <cstddef>
#include <deque>
#include <forecastd/plugin.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace test {

// A parameter by its name: {"alpha", 0.5}, {"season_length", 7}, or a list, {"order", {1, 0, 1}}, which if it
// is empty lets the algorithm choose.
struct Setting {
    Setting(const char* parameter, double value) : name(parameter), number(value) {}
    Setting(const char* parameter, std::vector<std::int64_t> values)
        : name(parameter), list(std::move(values)) {}
    const char* name;
    double number = 0;
    std::vector<std::int64_t> list;
};

// The table of an algorithm in <file>.so. Libraries stay open, as in the host.
inline const fcd_algorithm& algorithm(const std::string& file, const std::string& id) {
    const std::string path = FORECASTD_PLUGIN_DIRECTORY "/" + file + ".so";
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw std::runtime_error(dlerror());
    using Entry = const fcd_library* (*)(const fcd_host*);
    const auto entry = reinterpret_cast<Entry>(dlsym(library, "forecastd_library_v1"));
    static const fcd_host host{sizeof(fcd_host), FCD_ABI_MAJOR, FCD_ABI_MINOR, 0, "test", nullptr};
    const fcd_library& table = *entry(&host);
    for (std::uint32_t i = 0; i < table.algorithm_count; ++i)
        if (table.algorithms[i]->id == id) return *table.algorithms[i];
    throw std::runtime_error(path + " has no " + id);
}

enum class Ends { initial, least, greatest };

// A model: the parameters at one of their ends, and those given by name.
class Model {
  public:
    Model(const fcd_algorithm& algorithm, const std::vector<Setting>& settings, Ends ends = Ends::initial,
          std::uint32_t grid_flags = 0, std::int64_t interval_ns = 1'000'000'000)
        : algorithm_(algorithm) {
        std::vector<fcd_value> values;
        for (std::uint32_t i = 0; i < algorithm.param_count; ++i)
            values.push_back(value(algorithm.params[i], settings, ends));
        const fcd_grid grid{sizeof grid, grid_flags, interval_ns};
        model_ = algorithm.model_new(values.data(), &grid, &series_size_, &error_);
    }
    ~Model() {
        if (model_) algorithm_.model_free(model_);
    }
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    const fcd_algorithm& algorithm() const { return algorithm_; }
    const fcd_model* get() const { return model_; }
    const char* error() const { return error_.text; }
    std::size_t series_size() const { return series_size_; }

  private:
    fcd_value value(const fcd_param& param, const std::vector<Setting>& settings, Ends ends) {
        for (const Setting& setting : settings) {
            if (std::string(setting.name) != param.name) continue;
            if (param.type == FCD_INTEGERS) return list(setting.list);
            return param.type == FCD_REAL ? forecastd::detail::of(setting.number)
                                          : forecastd::detail::of(static_cast<std::int64_t>(setting.number));
        }
        // The integers of a list belong together: all at their ends may mean nothing.
        if (ends == Ends::initial || param.type == FCD_INTEGERS) return param.initial;
        return ends == Ends::least ? param.min : param.max;
    }
    fcd_value list(std::vector<std::int64_t> items) {
        const auto& kept = lists_.emplace_back(std::move(items));
        fcd_value result{};
        result.integers = &shown_.emplace_back(fcd_integers{kept.size(), kept.data()});
        return result;
    }

    const fcd_algorithm& algorithm_;
    std::deque<std::vector<std::int64_t>> lists_;
    std::deque<fcd_integers> shown_;
    fcd_model* model_ = nullptr;
    std::size_t series_size_ = 0;
    fcd_error error_{};
};

// One series of a model.
class Series {
  public:
    explicit Series(const Model& model) : model_(model), blocks_((model.series_size() + 15) / 16) {
        const fcd_series_info info{sizeof info, 0, 7, 0};
        model.algorithm().series_init(model.get(), data(), &info, nullptr);
    }

    void* data() { return blocks_.data(); }
    std::string bytes() const {
        return {reinterpret_cast<const char*>(blocks_.data()), model_.series_size()};
    }

    fcd_point point(std::int64_t step, double value, double expected = forecastd::nan,
                    double deviation = forecastd::nan) {
        return {data(),    step * 1'000'000'000, step, step, value,  expected,
                deviation, forecastd::nan,       0,    0,    nullptr};
    }
    // Judges and learns points; returns the verdicts of those that were done.
    std::vector<fcd_verdict> advance(const std::vector<fcd_point>& points) {
        std::vector<fcd_verdict> verdicts(points.size());
        verdicts.resize(
            model_.algorithm().advance(model_.get(), points.data(), points.size(), verdicts.data(), &error_));
        return verdicts;
    }
    // local_steps: of each step; empty: they equal the steps. Empty where there is no forecast.
    std::vector<fcd_prediction> forecast(std::int64_t first_step, std::uint32_t steps,
                                         const std::vector<std::int64_t>& local_steps = {}) const {
        std::vector<fcd_prediction> out(steps);
        fcd_horizon horizon{};
        horizon.struct_size = sizeof horizon;
        horizon.steps = steps;
        horizon.first_step = first_step;
        if (!local_steps.empty()) horizon.local_steps = local_steps.data();
        if (model_.algorithm().forecast(model_.get(), blocks_.data(), &horizon, out.data(), nullptr) !=
            FCD_OK)
            out.clear();
        return out;
    }
    const char* error() const { return error_.text; }

  private:
    struct alignas(16) Block {
        std::byte bytes[16] = {};
    };
    const Model& model_;
    std::vector<Block> blocks_;
    fcd_error error_{};
};

}  // namespace test

#endif  // FORECASTD_TESTS_UNIT_PLUGINS_ALGORITHM_HPP
