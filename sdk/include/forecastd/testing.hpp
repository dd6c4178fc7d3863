// forecastd/testing.hpp: drives an algorithm without the host, for the unit tests of a plugin in any language that C++ is
// linked with. It is header only and needs C++20; forecastd/testing.h is the same in C.
//
//   forecastd::testing::Model model("acme.spikes", {{"k", 2.5}, {"form", "add"}, {"lags", {1, 3}}});
//   forecastd::testing::Series series(model);
//   series.learn({10, 12, 11});                   // one batch
//   series.gap(5);                                // steps without a value
//   FCD_TEST_NEAR(series.judge(30).score, 9.5, 1e-12);
//   FCD_TEST(series.forecast(3).at(2).mean == 11);
//   return forecastd::testing::result();          // from main()
//
// A state, and what a call writes to, lies directly against a page that nobody may touch: one byte too far ends the test
// at that instruction, where a debugger stops.
//
// FCD_TEST and FCD_TEST_NEAR count failures. What is wrong with a call is thrown as a std::runtime_error, with the
// plugin's sentence. Threads: one at a time for each series.
#ifndef FORECASTD_TESTING_HPP
#define FORECASTD_TESTING_HPP

#include <forecastd/testing.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace forecastd::testing {

// A parameter of another value than its default: a number (a duration in nanoseconds, true as 1), the name of a choice, or
// a list of integers, which is "auto" if it is empty.
class Setting {
  public:
    template <class Number>
    requires std::is_arithmetic_v<Number> Setting(std::string name, Number number)
        : name_(std::move(name)), number_(static_cast<double>(number)) {}
    Setting(std::string name, const char* choice) : name_(std::move(name)), choice_(choice) {}
    Setting(std::string name, std::initializer_list<std::int64_t> items)
        : name_(std::move(name)), items_(items) {}

    // Valid as long as this.
    [[nodiscard]] fcd_test_setting raw() const {
        return {name_.c_str(), number_, choice_.empty() ? nullptr : choice_.c_str(),
                items_.empty() ? nullptr : items_.data()};
    }

  private:
    std::string name_, choice_;
    double number_ = 0;
    std::vector<std::int64_t> items_;
};

class Model {
  public:
    // Throws with the plugin's sentence if it refuses these parameters. interval_ns: of the grid.
    explicit Model(const std::string& id, const std::vector<Setting>& settings = {},
                   std::int64_t interval_ns = 1'000'000'000) {
        std::vector<fcd_test_setting> raw;
        raw.reserve(settings.size());
        for (const Setting& setting : settings) raw.push_back(setting.raw());
        fcd_error error{sizeof error, 0, ""};
        model_.reset(fcd_test_model_try(id.c_str(), raw.data(), raw.size(), interval_ns, &error));
        if (!model_) throw std::runtime_error(error.text);
    }

    // Of a state, in bytes.
    [[nodiscard]] std::size_t series_size() const { return model_->series_size; }
    [[nodiscard]] const fcd_algorithm& algorithm() const { return *model_->algorithm; }
    [[nodiscard]] const fcd_test_model* get() const { return model_.get(); }

    // Gives points, which may be of several series of this model, in one call. Throws at the first that fails.
    std::vector<fcd_verdict> advance(std::span<const fcd_point> points) const {
        std::vector<fcd_verdict> verdicts(points.size());
        fcd_error error{sizeof error, 0, ""};
        const std::size_t done =
            fcd_test_advance(get(), points.data(), points.size(), verdicts.data(), &error);
        if (done != points.size())
            throw std::runtime_error("point " + std::to_string(done + 1) + " failed: " + error.text);
        return verdicts;
    }

  private:
    struct Free {
        void operator()(fcd_test_model* model) const { fcd_test_model_free(model); }
    };
    std::unique_ptr<fcd_test_model, Free> model_;
};

class Series {
  public:
    // Begins a series of the model, which must outlive it. seed: of its random numbers.
    explicit Series(const Model& model, std::uint64_t seed = 1)
        : model_(model), series_(fcd_test_series_new(model.get(), seed)) {
        if (!series_) throw std::runtime_error("a series cannot begin");
    }

    // Judges and learns the value at the next step; of several, in one batch.
    fcd_verdict learn(double value) { return learn(std::span(&value, 1)).front(); }
    std::vector<fcd_verdict> learn(std::initializer_list<double> values) {
        return learn(std::span(values.begin(), values.size()));
    }
    std::vector<fcd_verdict> learn(std::span<const double> values) {
        std::vector<fcd_point> points;
        points.reserve(values.size());
        for (const double value : values) {
            points.push_back(point(value));
            gap(1);
        }
        return advance(points);
    }
    // The same of one value, which may pull the state by so much alone: see fcd_point.learn_limit.
    fcd_verdict learn(double value, double learn_limit) {
        fcd_point one = point(value);
        one.learn_limit = learn_limit;
        gap(1);
        return advance({&one, 1}).front();
    }
    // Judges the value at the next step, and learns nothing.
    fcd_verdict judge(double value) {
        fcd_point one = point(value);
        one.flags = FCD_JUDGE_ONLY;
        return advance({&one, 1}).front();
    }
    // Steps without a value.
    void gap(std::int64_t steps) { fcd_test_gap(series_.get(), steps); }

    // From the next step on; nothing if too little was learned. Failures are counted.
    [[nodiscard]] std::vector<fcd_prediction> forecast(std::uint32_t steps) const {
        std::vector<fcd_prediction> predictions(steps);
        if (fcd_test_forecast(series_.get(), steps, predictions.data()) != FCD_OK) predictions.clear();
        return predictions;
    }

    // A value at the next step, for Model::advance, with fields to be changed. It does not move the next step: gap(1).
    [[nodiscard]] fcd_point point(double value) const { return fcd_test_point(series_.get(), value); }
    // The bytes of the state.
    [[nodiscard]] std::string state() const {
        return {reinterpret_cast<const char*>(series_->state.bytes), series_->state.size};
    }
    // Whether the state can be saved, and loaded as the same.
    [[nodiscard]] bool survives() const { return fcd_test_survives(series_.get()) != 0; }

  private:
    std::vector<fcd_verdict> advance(std::span<const fcd_point> points) {
        auto verdicts = model_.advance(points);
        if (fcd_guarded_intact(&series_->state) == 0)
            throw std::runtime_error("it wrote beside the state of its series");
        return verdicts;
    }

    struct Free {
        void operator()(fcd_test_series* series) const { fcd_test_series_free(series); }
    };
    const Model& model_;
    std::unique_ptr<fcd_test_series, Free> series_;
};

// What main() returns: 0 if no FCD_TEST has failed.
inline int result() { return fcd_test_result(); }

}  // namespace forecastd::testing

#endif  // FORECASTD_TESTING_HPP
