#include "engine/stages/data_range.hpp"

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> DataRangeStage::make(StageContext& context) {
    if (!context.pipeline.detect || context.pipeline.detect->data_range == config::DataRange{})
        return nullptr;
    return std::unique_ptr<Stage>(new DataRangeStage(context.pipeline.detect->data_range, context.counters));
}

void DataRangeStage::run(Rows& rows) {
    for (Row& row : rows.all()) {
        if (row.left_out || in_data_range(range_, row.judgement.y)) continue;
        ++counters_.out_of_range;
        // One that came before the interval was known has been told already, and is a missing step.
        (row.held_back ? row.left_out : row.outside) = true;
    }
}

}  // namespace forecastd::engine
