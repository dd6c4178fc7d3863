// The door to plugins: one algorithm with its parameters on one grid, and every call that the host makes to
// it. No other file calls a function of fcd_algorithm, but for verify/direct.cpp.
//
// Each call names the plugin for as long as it lasts (at_work.hpp), catches what the plugin throws, and makes
// a sentence of its error. Nothing that a plugin returns is believed before it was checked here or by who
// asked.
//
// Threads: those of plugin.h; a Model is const once made.
#ifndef FORECASTD_PLUGIN_MODEL_HPP
#define FORECASTD_PLUGIN_MODEL_HPP

#include <forecastd/plugin.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/saved_state.hpp"

namespace forecastd::plugin {

// Why a call failed, and what the plugin asks the host to do (FCD_SET_ASIDE, FCD_BEGIN_AGAIN, FCD_ASK_LATER).
struct Failure {
    std::int32_t code = FCD_SET_ASIDE;
    std::string text;  // does not name the plugin
};

// A grid as a model sees it.
struct Grid {
    std::int64_t interval_ns;
    std::uint32_t flags = 0;  // FCD_GRID_...
};

class Model {
  public:
    // values stand in the order of the algorithm's parameters and are valid during the call. The error names
    // the plugin.
    static Expected<std::unique_ptr<Model>> make(const Algorithm& algorithm,
                                                 std::span<const fcd_value> values, Grid grid);
    ~Model();
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    [[nodiscard]] const Algorithm& algorithm() const { return algorithm_; }
    [[nodiscard]] std::size_t series_size() const { return series_size_; }  // bytes of a state

    // Begins a state in series_size() zeroed bytes. The error names the plugin.
    Expected<void> begin(void* state, std::uint64_t id_hash, std::int64_t first_time_ns) const;
    void end(void* state) const;

    // Judges and learns points; returns how many were done. Fewer than count: failure tells of the next one.
    std::size_t advance(const fcd_point* points, std::size_t count, fcd_verdict* verdicts,
                        Failure& failure) const;

    // FCD_OK, FCD_NOT_YET, or FCD_ERROR and a failure. The predictions are not checked.
    std::int32_t forecast(const void* state, const fcd_horizon& horizon, fcd_prediction* out,
                          Failure& failure) const;

    // What the model knows of a series, in the order of its diagnostics, of which there must be some. The
    // error does not name the plugin.
    Expected<void> diagnose(const void* state, std::vector<fcd_value>& values) const;

    // How it was made, for the states that it saves.
    void describe(ByteWriter& out) const;
    // Saves a state. The error names the plugin.
    Expected<void> save(const void* state, ByteWriter& out) const;
    // Loads one, which a model made like `saved_by` has saved, into a state that has just begun. After an
    // error, which names the plugin, the state is not usable: it must be ended.
    Expected<void> load(void* state, const SavedModel& saved_by, ByteReader& in) const;

  private:
    Model(const Algorithm& algorithm, fcd_model* model, std::size_t series_size, std::int64_t interval_ns,
          std::vector<SavedParam> params)
        : algorithm_(algorithm),
          model_(model),
          series_size_(series_size),
          interval_ns_(interval_ns),
          params_(std::move(params)) {}
    Expected<void> migrate(void* state, const SavedModel& saved_by, std::span<const char> bytes) const;
    Expected<void> copy_plain(void* state, const SavedModel& saved_by, std::span<const char> bytes) const;
    [[nodiscard]] const fcd_algorithm& table() const { return *algorithm_.table; }

    const Algorithm& algorithm_;
    fcd_model* const model_;
    const std::size_t series_size_;
    const std::int64_t interval_ns_;
    const std::vector<SavedParam> params_;  // that it was made with
};

}  // namespace forecastd::plugin

#endif
