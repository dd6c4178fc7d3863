// The bytes between the end of a state and the page behind it, where states stand between pages that nobody may touch
// (record_layout.hpp): they are filled, and looked at with each batch. Elsewhere there is no such stage.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_STAGES_STATE_EDGES_HPP
#define FORECASTD_ENGINE_STAGES_STATE_EDGES_HPP

#include <memory>
#include <string_view>
#include <vector>

#include "engine/stages/model_feed.hpp"

namespace forecastd::engine {

class StateEdgesStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "state edges"; }
    void run(Rows& rows) override;

  private:
    explicit StateEdgesStage(std::vector<ModelFeed*> feeds) : feeds_(std::move(feeds)) {}

    const std::vector<ModelFeed*> feeds_;  // of the pipeline's plugins
};

}  // namespace forecastd::engine

#endif
