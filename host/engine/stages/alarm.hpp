// The stage that makes events of anomalies: see alarm_state.hpp. It leaves the points' verdicts as they are.
//
// A series in which nothing happens costs it two comparisons a point, and its state is not touched.
#ifndef FORECASTD_ENGINE_STAGES_ALARM_HPP
#define FORECASTD_ENGINE_STAGES_ALARM_HPP

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "engine/alarm_state.hpp"
#include "engine/peaks.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

class AlarmStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "alarm"; }
    void end(Series& series) override;
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    // Closes the event of a series early, if it has one: the row about that.
    std::optional<Event> close(Series& series, std::string_view field, std::int64_t time_ns,
                               std::string_view reason);

  private:
    explicit AlarmStage(StageContext& context);
    void take(Rows& rows, Row& row);
    void add(Rows& rows, Row& row, EventState state, std::int64_t time_ns, std::string_view reason);
    [[nodiscard]] Event event_of(const Series& series, std::string_view field, EventState state,
                                 std::int64_t time_ns, std::string_view reason) const;
    [[nodiscard]] AlarmPoint point_of(Row& row);
    [[nodiscard]] EventDirection direction_of(Side side) const;
    std::uint16_t number_of(std::string_view reason);
    [[nodiscard]] std::string_view reason_of(std::uint16_t number) const;

    const std::string pipeline_;
    const AlarmRules rules_;
    const config::Direction watched_;
    const bool tells_updates_;
    const Part<AlarmState> state_;
    const std::optional<Part<Peaks>> peaks_;  // nullopt: peaks that repeat are alarms
    // By their number, from 1 on: few, as plugins have tables of them. Events point to them, so none ever
    // moves.
    std::deque<std::string> reasons_;
    Counters& counters_;
};

}  // namespace forecastd::engine

#endif
