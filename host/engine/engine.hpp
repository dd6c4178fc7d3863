// The engine: owns the series of one process (or of one shard of them), and does with each point what the pipelines
// ask for.
//
// Points go in as batches of views, results come out through a Sink: each original first, then what was derived from
// it. Neither batches nor the moments at which they are cut change a byte of the result. The engine has no global
// state, reads no clock, and never drops an original: what a limit, a plugin or a bad value stops is counted.
//
// Threads: one at a time for an engine; several engines may run side by side.
#ifndef FORECASTD_ENGINE_ENGINE_HPP
#define FORECASTD_ENGINE_ENGINE_HPP

#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/clock.hpp"
#include "engine/counters.hpp"
#include "engine/crossing.hpp"
#include "engine/key_directory.hpp"
#include "engine/limiter.hpp"
#include "engine/pipeline.hpp"
#include "engine/sink.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

class Engine {
  public:
    // The largest batch that process() takes: enough to hide the latency of memory, and small enough that what is
    // kept for its points stays in the first cache.
    static constexpr std::size_t batch_points = 32;

    Engine(const config::Config& config, Report report);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Works off a batch of at most batch_points. clock_ns is the time of points that came without one.
    void process(const lineprotocol::Points& batch, std::int64_t clock_ns, Sink& sink);
    // No more values than this wait for their models at once, so that a batch of large points is worked off in parts.
    static constexpr std::size_t max_samples = 4096;

    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] std::size_t allocated_bytes() const;
    [[nodiscard]] const std::vector<std::unique_ptr<Pipeline>>& pipelines() const { return pipelines_; }

  private:
    // A value of a watched field that waits for its models.
    struct Sample {
        Series* series;
        const FieldPlan* field;
        Pipeline* pipeline;
        Cohort* cohort;     // nullptr: there is nothing to ask, only to say that the series warms up
        std::size_t place;  // in the cohort's batch
        std::size_t point;  // in the batch of points
        std::int64_t time_ns;
        double value;
        bool forecast_due, diagnosis_due;
    };

    KeyRecord& record_of(std::size_t index);
    void take(const lineprotocol::Points& batch, std::size_t index, KeyRecord& record, std::int64_t time_ns);
    void take_field(KeyRecord& record, const FieldPlan& plan, const lineprotocol::FieldView& field,
                    std::size_t index, std::int64_t time_ns);
    void take_value(Series& series, const Sample& sample);
    Series* series_of(KeyRecord& record, const FieldPlan::Watcher& watcher);
    Series* create_series(Pipeline& pipeline, std::uint16_t cohort, KeyRecord& record, std::uint32_t watch);
    void remove_series(Series& series, Pipeline& pipeline);

    enum class Progress { moves_on, stays, begins_anew };
    Progress progress(Series& series, Pipeline& pipeline, const Cohort& cohort, std::int64_t time_ns);
    bool review(Series& series, Pipeline& pipeline, std::int64_t interval_ns, std::int64_t time_ns,
                bool seems_wrong);
    void note_misfit(Pipeline& pipeline, Misfits::Kind kind);
    bool widen(Series& series, Pipeline& pipeline);
    Series* begin_anew(Series& series, Pipeline& pipeline);
    void learn_interval(Series& series, const Sample& sample);
    void settle(Series& series, Pipeline& pipeline);
    void learn_or_judge(Series& series, const Sample& sample);
    void queue(Series& series, const Sample& taken);
    void judge_out_of_range(Series& series, const Sample& sample);

    void flush();
    void emit_originals(std::size_t up_to);
    void emit(const Sample& sample);
    void emit_forecast(const Sample& sample);
    void emit_crossings(const Sample& sample);
    void emit_diagnostics(const Sample& sample);
    void emit_judgement(const Sample& sample, Judgement& judgement);  // applies the rules to it
    static void measure_accuracy(const Sample& sample, Accuracy& accuracy, const fcd_verdict& forecast);
    static void learn_error(Series& series, double error);
    [[nodiscard]] static double deviation_of(const Series& series, double given);
    [[nodiscard]] static double deviation_at(const Series& series, std::int64_t lead, double given);
    void set_aside(Series& series, Pipeline& pipeline, const std::string& reason);
    void set_aside(Series& series, Pipeline& pipeline, const Model& model, const std::string& failure);
    bool reclaim(std::size_t bytes, std::size_t limit);
    void forget_records();
    void work_off(std::int64_t clock_ns);
    void give_up_batch() noexcept;
    void expire(std::int64_t now_ns);

    const Report report_;
    Counters counters_;
    Limiter limiter_;
    std::vector<std::unique_ptr<Pipeline>> pipelines_;
    KeyDirectory keys_;
    EventClock event_clock_;

    // The batch at hand.
    const lineprotocol::Points* batch_ = nullptr;
    Sink* sink_ = nullptr;
    std::vector<KeyRecord*> records_;
    std::vector<std::uint64_t> hashes_;
    std::vector<Sample> samples_;
    std::size_t next_original_ = 0;
    std::size_t current_ = 0;         // the point that is being worked off
    std::uint32_t batch_number_ = 0;  // Series::batch
    std::vector<FieldPlan*> fields_;  // of the point at hand: the first so many
    std::vector<Cohort*> active_;     // cohorts with points in their batch
    std::vector<Lead> leads_;
    CrossingSearch crossings_;
    std::vector<fcd_value> diagnostics_;
};

}  // namespace forecastd::engine

#endif
