// The stage that makes intervals hold what their levels say, at every lead and for every forecaster alike.
//
// The plugin's deviations give the shape of an interval: noisy hours, gaps, how uncertainty grows. This stage
// gives the size. It judges the expectation of each value, and for a few further leads (judged_leads.hpp) the
// forecasts that OriginsStage left with it, once their values come; from these it learns how far an interval
// must reach (interval_fit.hpp), each series on its own. Leads in between are interpolated.
//
// Until a series has errors at a lead, its scale there is that of the cohort's other series, or else of its
// own next shorter lead; and while it is young, the shape of its errors one step ahead is that of all series.
// What the series of a cohort share stands in the stage, not in a record.
//
// It never changes a forecast's mean, nor the deviation that detectors get. With "calibrate": false
// intervals reach as far as the plugin's deviation says, and nothing is kept.
#ifndef FORECASTD_ENGINE_STAGES_CALIBRATION_HPP
#define FORECASTD_ENGINE_STAGES_CALIBRATION_HPP

#include <bit>
#include <optional>
#include <span>
#include <vector>

#include "engine/accuracy.hpp"
#include "engine/interval_fit.hpp"
#include "engine/judged_leads.hpp"
#include "engine/stages/forecaster.hpp"

namespace forecastd::engine {

class CalibrationStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "calibration"; }
    Expected<void> begin(Series& series, const SeriesInfo&) override;
    // Fills in how far the interval of each expectation reaches, and judges.
    void run(Rows& rows) override;
    std::span<char> shared() override {
        return {reinterpret_cast<char*>(pool_.data()), pool_.size() * sizeof(float)};
    }
    // What the series share.
    void describe(ByteWriter& out) const override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    [[nodiscard]] std::size_t level_count() const { return widths_.size(); }
    // How far the interval of each level reaches at a lead; deviation: of the forecast. NaN: unknown.
    void add_reaches(const Series& series, const BetweenLeads& lead, double deviation,
                     std::vector<double>& reaches) const;
    [[nodiscard]] double greatest_reach(const Series& series, const BetweenLeads& lead,
                                        double deviation) const;
    [[nodiscard]] const JudgedLeads& leads() const { return leads_; }

    // Whether a forecast made at this step is to be kept.
    [[nodiscard]] bool is_due(std::int64_t step) const { return keeps_ && leads_.any_begins_at(step); }
    // Keeps a forecast of the row's series for that lead until its value comes.
    void keep(const Row& row, const JudgedLead& lead, double mean, double deviation);

    // The accuracy of the forecasts for each judged lead but the first; none while the host writes no
    // metrics.
    [[nodiscard]] std::span<Accuracy> measures() { return measures_; }

  private:
    // A forecast that waits for its value.
    struct Waiting {
        double mean;
        double origin_value;
        float deviation;       // 0: none waits
        std::uint32_t origin;  // the low bits of the step at which it was made
    };

    CalibrationStage(StageContext& context, const JudgedLeads& leads);
    [[nodiscard]] std::span<Waiting> waiting(Series& series) const;
    [[nodiscard]] std::span<float> numbers(Series& series, std::size_t lead) const;
    [[nodiscard]] std::span<const float> numbers(const Series& series, std::size_t lead) const;
    [[nodiscard]] std::span<float> pooled(std::size_t lead);
    void restart(Series& series) const;
    void load_pool(std::span<const char> about);
    [[nodiscard]] double reach(const Series& series, const BetweenLeads& lead, std::size_t level) const;
    void begin_as_others(Series& series);
    void judge(Series& series, const Row& row);
    void learn(Series& series, std::size_t lead, double error, double deviation);

    const std::vector<double>& widths_;  // without a fit: in deviations, by level
    const JudgedLeads leads_;
    const bool keeps_;                // forecasts of further leads
    std::optional<IntervalFit> fit_;  // nullopt: not calibrated
    BytesPart waiting_, numbers_;
    std::vector<float> pool_;  // the numbers of all series together, lead by lead
    std::vector<Accuracy> measures_;
    std::vector<double> reaches_;
};

}  // namespace forecastd::engine

#endif
