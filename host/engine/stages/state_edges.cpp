#include "engine/stages/state_edges.hpp"

#include "engine/stages/detector.hpp"
#include "engine/stages/forecaster.hpp"
#include "plugin/guard.hpp"

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> StateEdgesStage::make(StageContext& context) {
    if (context.layout.states() != RecordLayout::States::between_pages) return nullptr;
    std::vector<ModelFeed*> feeds;
    if (context.forecaster) feeds.push_back(&context.forecaster->feed());
    for (DetectorStage* const detector : context.detectors) feeds.push_back(&detector->feed());
    return std::unique_ptr<Stage>(new StateEdgesStage(std::move(feeds)));
}

void StateEdgesStage::run(Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].left_out) continue;
        for (ModelFeed* const feed : feeds_) {
            if (feed->edge_is_intact(*rows[i].series)) continue;
            feed->set_aside(rows[i], plugin::wrote_too_far);
            feed->mend_edge(*rows[i].series);  // so that it is told once
        }
        if (rows[i].series->set_aside) rows.leave_out(i);
    }
}

}  // namespace forecastd::engine
