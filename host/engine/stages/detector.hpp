// The stage that feeds the detector with each value and what the forecaster expected, and takes its score.
//
// Of several detectors in a pipeline, each is such a stage of its own within VotersStage.
#ifndef FORECASTD_ENGINE_STAGES_DETECTOR_HPP
#define FORECASTD_ENGINE_STAGES_DETECTOR_HPP

#include "engine/stages/model_feed.hpp"

namespace forecastd::engine {

class DetectorStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);
    // One of several. name: of its state in the record, lives for ever. It does not count what the series has
    // learned, which the others have learned too.
    static Expected<std::unique_ptr<DetectorStage>> make_voter(StageContext& context,
                                                               const config::Detect& detect,
                                                               std::string_view name);

    [[nodiscard]] std::string_view name() const override { return "detector"; }
    Expected<void> begin(Series& series, const SeriesInfo& info) override {
        ++series_count_;
        return feed_.begin(series, info);
    }
    void end(Series& series) override {
        --series_count_;
        feed_.end(series);
    }
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override {
        return feed_.save(series, out);
    }
    void describe(ByteWriter& out) const override { feed_.describe(out); }
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override {
        return feed_.load(series, in, about);
    }

    [[nodiscard]] ModelFeed& feed() { return feed_; }
    [[nodiscard]] const ModelFeed& feed() const { return feed_; }

  private:
    static Expected<std::unique_ptr<DetectorStage>> make_named(StageContext& context,
                                                               const config::Detect& detect,
                                                               std::string_view name, bool votes);
    DetectorStage(StageContext& context, std::unique_ptr<Model> model, const config::ModelChoice& choice,
                  std::string_view name, bool votes);
    void judged(Row& row, const fcd_verdict& verdict);
    void watch_scores(Rows& rows);
    void restart(Series& series) const;

    const bool alone_;  // there is no forecaster
    const bool votes_;  // it is one of several
    ModelFeed feed_;
    std::vector<std::string_view> reasons_;
    std::size_t series_count_ = 0;
    std::uint64_t unscored_points_ = 0;  // before the first score of any series
    bool scored_ = false;
};

}  // namespace forecastd::engine

#endif
