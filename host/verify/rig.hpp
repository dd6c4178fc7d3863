// An algorithm as the checks drive it: models of it, and series of these. What goes wrong in a call is thrown as
// Broken, which ends the check.
//
// Threads: one.
#ifndef FORECASTD_VERIFY_RIG_HPP
#define FORECASTD_VERIFY_RIG_HPP

#include <forecastd/plugin.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "config/config.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/model.hpp"
#include "verify/guarded_memory.hpp"

namespace forecastd::verify {

class Rig {
  public:
    static constexpr std::int64_t usual_interval_ns = 10'000'000'000;

    Rig(const plugin::Algorithm& algorithm, std::uint64_t seed) : algorithm_(algorithm), seed_(seed) {}

    [[nodiscard]] const plugin::Algorithm& algorithm() const { return algorithm_; }
    [[nodiscard]] const fcd_algorithm& table() const { return *algorithm_.table; }

    // The default parameters; those that a user must give are within their ranges.
    [[nodiscard]] config::ModelChoice defaults() const;
    // A model with these, or the default ones.
    [[nodiscard]] std::unique_ptr<plugin::Model> model(std::int64_t interval_ns = usual_interval_ns) const;
    [[nodiscard]] std::unique_ptr<plugin::Model> model(const config::ModelChoice& choice,
                                                       std::int64_t interval_ns,
                                                       std::uint32_t grid_flags = 0) const;

    // Values above 0 with a day of 24 steps and noise, the same for the same seed and number.
    [[nodiscard]] std::vector<double> usual_values(std::size_t count, std::uint64_t number = 0) const;
    // Random numbers that differ by the number.
    [[nodiscard]] std::uint64_t seed(std::uint64_t number) const { return seed_ * 1'000'003 + number; }

  private:
    const plugin::Algorithm& algorithm_;
    const std::uint64_t seed_;
};

// What a forecast is asked for.
struct Asked {
    std::int64_t first_step;
    std::uint32_t steps;
    std::vector<double> levels;             // of quantiles; none: they are not asked for
    std::vector<std::int64_t> local_steps;  // [steps]; none: each equals its step
};
struct Answer {
    std::vector<fcd_prediction> predictions;
    std::vector<double> quantiles;  // step by step
};

// A series of a model, in memory of its own.
class Series {
  public:
    explicit Series(const plugin::Model& model, Against against = FCD_AGAINST_NOTHING);
    ~Series();
    Series(const Series&) = delete;
    Series& operator=(const Series&) = delete;

    // A point at a step.
    [[nodiscard]] fcd_point point(std::int64_t step, double value) const;
    [[nodiscard]] std::vector<fcd_point> points(std::span<const double> values,
                                                std::int64_t first_step = 1000) const;

    // Judges and learns points, which may be of other series of the model too, in one call.
    std::vector<fcd_verdict> advance(std::span<const fcd_point> points);
    fcd_verdict advance(const fcd_point& point) { return advance(std::span(&point, 1)).front(); }
    // The same, but a failure is no fault: false.
    bool try_to_advance(const fcd_point& point, fcd_verdict& verdict);
    // nullopt: too little was learned.
    [[nodiscard]] std::optional<std::vector<fcd_prediction>> forecast(std::int64_t first_step,
                                                                      std::uint32_t steps) const;
    [[nodiscard]] std::optional<Answer> answer(const Asked& asked) const;

    [[nodiscard]] std::string state() const { return {memory_.data(), model_.series_size()}; }
    [[nodiscard]] bool is_intact() const { return memory_.is_intact(); }
    // As the host saves it, and into a series that has just begun.
    [[nodiscard]] Bytes saved() const;
    Expected<void> load(const plugin::SavedModel& saved_by, std::span<const char> bytes);

  private:
    const plugin::Model& model_;
    const Against against_;
    GuardedMemory memory_;
};

// How a model describes itself in what is saved.
plugin::SavedModel described(const plugin::Model& model);

// Whether two numbers are equal, or both NaN.
[[nodiscard]] bool is_same(double a, double b);

// Whether two verdicts are equal in this sense.
[[nodiscard]] bool agree(const fcd_verdict& a, const fcd_verdict& b);

// Whether a forecast was left out since too little was learned, in either of the two ways.
[[nodiscard]] bool is_not_yet(std::int32_t result, const plugin::Failure& failure);

// Broken unless a condition holds.
void require(bool condition, const std::string& why);

}  // namespace forecastd::verify

#endif
