// The part of a series that knows how long it may pause, and whether it is silent: nothing came for so long
// that it is an event.
//
// Unlike other stages it is not concerned with values. SeriesStore tells it of each point that came, also of
// those that no stage sees, and SilenceWatch asks it about each series from time to time. Both do so by the
// ArrivalClock.
//
// A pause is too long when it exceeds the limit of the config and, if that is a number of intervals, twice
// the longest pause of the last thousand points or so. Hours in which the series was empty on the same day of
// last week (on the day before, in its first week) do not count, so a service that sleeps at night is not
// missed at night. Hours are those of the pipeline's time zone. A series is not missed before min_points of
// its points came.
#ifndef FORECASTD_ENGINE_STAGES_NO_DATA_HPP
#define FORECASTD_ENGINE_STAGES_NO_DATA_HPP

#include <array>

#include "engine/event.hpp"
#include "engine/local_steps.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

// What is known of the pauses of one series; plain data, zeroed for a new series. Times on the ArrivalClock
// are counted in units, of which an interval has `units`.
struct Pauses {
    static constexpr std::int64_t units = 16;
    static constexpr unsigned min_points = 30;

    std::uint32_t heard;      // when the last point came
    float longest;            // the longest pause, in units; fades with each point
    std::uint16_t first_day;  // since 1970
    std::uint8_t points : 6;  // that came, up to min_points
    bool resumed : 1;         // it was taken over, and nothing came since: this pause is not its own alone
    bool silent : 1;
    std::array<std::uint8_t, 21> empty_hours;  // of the week: a bit for each that had no point the last time
};
static_assert(sizeof(Pauses) == 32);

class NoDataStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "no data"; }
    void run(Rows&) override {}
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    // A point of the series came, before its last_time_ns moves on. Whether it was silent until now; then
    // closing() tells of the end of the event, and end_silence() must follow.
    bool heard(Series& series, std::int64_t time_ns, std::int64_t now_ns);
    // Whether the series pauses for too long, and is not silent yet; then fall_silent() must follow, and opening()
    // tells of the event.
    [[nodiscard]] bool is_too_long(const Series& series, std::int64_t now_ns) const;
    void fall_silent(Series& series) const { pauses_.of(series).silent = true; }
    // Whether nothing has come for so long that a series with few points has probably ended.
    [[nodiscard]] bool has_stopped(const Series& series, std::int64_t now_ns) const;
    // The series was saved, and nothing was heard of it for so long since then. It gets some time to come.
    void resume(Series& series, std::int64_t away_ns) const;
    [[nodiscard]] bool is_silent(const Series& series) const { return pauses_.of(series).silent; }
    void end_silence(Series& series, std::int64_t now_ns) const;

    // The rows about a series that has fallen silent, and about the end of that, at a time. field: its plain
    // name.
    [[nodiscard]] Event opening(const Series& series, std::string_view field, std::int64_t now_ns) const;
    [[nodiscard]] Event closing(const Series& series, std::string_view field, std::int64_t time_ns,
                                std::string_view reason) const;
    // A time at which the series is silent: that of its last point, and what has passed since then.
    [[nodiscard]] std::int64_t time_now(const Series& series, std::int64_t now_ns) const;

    [[nodiscard]] std::int64_t interval_ns() const { return interval_ns_; }

  private:
    explicit NoDataStage(StageContext& context);
    [[nodiscard]] std::uint32_t units_of(std::int64_t now_ns) const;
    [[nodiscard]] double limit(const Pauses& pauses) const;
    [[nodiscard]] std::int64_t local(std::int64_t hour) const;
    [[nodiscard]] bool is_expected_empty(const Pauses& pauses, std::int64_t hour) const;
    [[nodiscard]] double missed(const Pauses& pauses, std::int64_t last_ns, double pause) const;
    void mark_hours(Pauses& pauses, std::int64_t last_ns, std::int64_t time_ns) const;
    [[nodiscard]] Event event_of(const Series& series, std::string_view field) const;

    const std::string pipeline_;
    const std::int64_t interval_ns_, unit_ns_;
    const double limit_;        // units
    const bool is_learned_;     // twice the longest pause counts too
    const bool has_hours_;      // the interval is no longer than an hour
    mutable LocalSteps hours_;  // of which the clocks alone are used
    const Part<Pauses> pauses_;
    mutable std::int64_t last_now_ns_ =
        0;  // what units_of() was asked last, which is mostly what it is asked next
    mutable std::uint32_t last_units_ = 0;
};

}  // namespace forecastd::engine

#endif
