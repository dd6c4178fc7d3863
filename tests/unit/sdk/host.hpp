// Calls an algorithm as the host does: it owns the memory of a series.
#ifndef FORECASTD_TESTS_SDK_HOST_HPP
#define FORECASTD_TESTS_SDK_HOST_HPP

#include <forecastd/plugin.hpp>
#include <memory>
#include <vector>

// A model and one series of it.
class Run {
  public:
    explicit Run(const fcd_algorithm* algorithm, std::vector<fcd_value> values = {},
                 std::int64_t interval_ns = 1'000'000'000)
        : algorithm_(algorithm) {
        const fcd_grid grid{sizeof(fcd_grid), 0, interval_ns};
        model_.reset(algorithm->model_new(values.data(), &grid, &series_size, &error));
        if (!model_) return;
        memory_.resize(series_size / sizeof(Block) + 1);
        const fcd_series_info info{sizeof info, 0, 7, 1'000'000'000};
        started = algorithm->series_init(model_.get(), series(), &info, &error);
    }

    // Learns values at steps 1, 2, ...; returns how many were done.
    std::size_t advance(const std::vector<double>& values) {
        std::vector<fcd_point> points;
        for (const double value : values) {
            ++step;
            points.push_back({series(), step * 1'000'000'000, step, step, value, forecastd::nan,
                              forecastd::nan, limit, flags, 0, nullptr});
        }
        verdicts.assign(values.size(), {});
        return algorithm_->advance(model_.get(), points.data(), points.size(), verdicts.data(), &error);
    }

    std::int32_t forecast(std::uint32_t steps) {
        const fcd_horizon horizon{
            sizeof(fcd_horizon), steps, step + 1, nullptr, 0, 0, nullptr, nullptr, nullptr};
        predictions.assign(steps, {-1, -1});
        return algorithm_->forecast(model_.get(), series(), &horizon, predictions.data(), &error);
    }

    [[nodiscard]] bool made() const { return model_ != nullptr; }
    [[nodiscard]] void* series() { return memory_.data(); }
    [[nodiscard]] const fcd_model* model() const { return model_.get(); }

    double limit = forecastd::nan;  // of the points to come
    std::uint32_t flags = 0;
    std::size_t series_size = 0;
    std::int32_t started = FCD_ERROR;
    std::int64_t step = 0;
    fcd_error error{};
    std::vector<fcd_verdict> verdicts;
    std::vector<fcd_prediction> predictions;

  private:
    struct alignas(16) Block {
        unsigned char bytes[16];
    };
    struct Free {
        const fcd_algorithm* const& algorithm;
        void operator()(fcd_model* model) const { algorithm->model_free(model); }
    };
    const fcd_algorithm* algorithm_;
    std::unique_ptr<fcd_model, Free> model_{nullptr, Free{algorithm_}};
    std::vector<Block> memory_;
};

#endif
