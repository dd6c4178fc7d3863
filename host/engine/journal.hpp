// The records of a batch's series as they were before it, so that a crash in the middle of a batch undoes it: its
// points come again to the next life of the process, and the series that are handed over must not have learned
// them already.
//
// It is kept only if a plugin is loaded that does not come with forecastd, since it costs a copy of the record
// for each point. Beyond most_bytes in one batch no more is kept, and those series learn nothing from the points
// that come again.
//
// What is undone is never used in the process itself, but in a copy of it that saves the series (see
// process/crash.hpp).
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_JOURNAL_HPP
#define FORECASTD_ENGINE_JOURNAL_HPP

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "engine/pipeline.hpp"

namespace forecastd::engine {

class Journal {
  public:
    static constexpr std::size_t most_bytes = std::size_t{64} << 20;

    explicit Journal(bool is_kept) : is_kept_(is_kept) {}

    // A series is about to change. Before anything else is done with it.
    void changes(const Series& series, Pipeline& pipeline) {
        if (is_kept_) keep(series, pipeline);
    }
    // It was not there before the batch.
    void began(const Series& series) {
        if (is_kept_) entries_.insert(&series);
    }
    // The batch is through: all of it is forgotten.
    void end() noexcept {
        if (!is_kept_) return;
        entries_.clear();
        kept_.clear();
        shared_.clear();
        used_ = 0;
    }

    // From now on series are as they were before the batch, for those who ask with the two calls below; what the
    // series of a cohort share is put back at once. There is no way back.
    void undo();
    // Whether a record is not as it was, so that it must not be saved.
    [[nodiscard]] bool is_undone(const Series& series) const {
        return is_undone_ && entries_.contains(&series);
    }
    // Calls visit(const Series&) for each record as it was, of a cohort.
    template <class Visit>
    void for_each(const Pipeline& pipeline, std::uint16_t cohort, Visit&& visit) const {
        if (!is_undone_) return;
        for (const Kept& one : kept_)
            if (one.pipeline == &pipeline && one.cohort == cohort)
                visit(*reinterpret_cast<const Series*>(bytes_.data() + one.at));
    }

  private:
    struct alignas(16) Unit {
        char bytes[16];
    };
    struct Kept {
        const Pipeline* pipeline;
        std::uint16_t cohort;
        std::size_t at;  // in bytes_, in units
    };
    struct Shared {
        Cohort* cohort;
        Bytes bytes;
    };

    void keep(const Series& series, Pipeline& pipeline);

    const bool is_kept_;
    bool is_undone_ = false;
    std::unordered_set<const Series*> entries_;  // that are not as they were
    std::vector<Kept> kept_;
    std::vector<Unit> bytes_;
    std::size_t used_ = 0;  // units
    std::vector<Shared> shared_;
};

}  // namespace forecastd::engine

#endif
