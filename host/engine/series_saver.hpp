// Makes saved series of records, those of a cohort one after another.
//
// Thread: one at a time.
#ifndef FORECASTD_ENGINE_SERIES_SAVER_HPP
#define FORECASTD_ENGINE_SERIES_SAVER_HPP

#include <cstdint>
#include <functional>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "engine/pipeline.hpp"
#include "engine/saved_series.hpp"
#include "engine/selection.hpp"

namespace forecastd::engine {

class SeriesSaver {
  public:
    explicit SeriesSaver(const Selector& selector) : selector_(selector) {}

    // The series that follow are of this cohort of a pipeline.
    void begin(const Pipeline& pipeline, std::uint16_t cohort);

    // Hands a series on, unless it has learned nothing, is set aside, or has a model whose states are not saved.
    // leaves_out: of those for which it is true
    // nothing is read but their names; nullptr: none. An error: it cannot be saved; a sentence.
    Expected<void> save(const Series& series, const std::function<void(const SavedSeries&)>& to,
                        const std::function<bool(const SeriesNames&)>& leaves_out = nullptr);

  private:
    [[nodiscard]] Expected<void> write(const Series& series);

    const Selector& selector_;
    const Pipeline* pipeline_ = nullptr;
    const Cohort* cohort_ = nullptr;  // nullptr: a nursery
    bool is_saved_ = true;            // whether series of the cohort are saved at all
    Bytes about_, state_;
};

}  // namespace forecastd::engine

#endif
