// Where series that gave way to others are kept, so that they go on where they were if they return. For the engine
// it is bytes that it gives and gets back; state/spilled.hpp keeps them on disk.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_SPILL_HPP
#define FORECASTD_ENGINE_SPILL_HPP

#include <functional>

#include "engine/saved_series.hpp"

namespace forecastd::engine {

class Spill {
  public:
    virtual ~Spill() = default;

    // Keeps a series, in place of what it kept of that before. Not certain until end_group().
    virtual void put(const SavedSeries& saved) = 0;
    virtual void end_group() = 0;
    // Hands a series on that it keeps, and keeps it no longer. false: it has none of this name.
    virtual bool take(const SeriesNames& names, const std::function<void(const SavedSeries&)>& to) = 0;
    // Keeps it no longer, if it does.
    virtual void forget(const SeriesNames& names) = 0;
};

}  // namespace forecastd::engine

#endif
