// What a fit of a model works on.
#ifndef FORECASTD_PLUGINS_ARIMA_BENCH_HPP
#define FORECASTD_PLUGINS_ARIMA_BENCH_HPP

#include <vector>

#include "fit.hpp"
#include "model.hpp"
#include "order_search.hpp"

namespace arima {

// Thread: one at a time.
struct Model::Bench {
    Bench(const Settings& settings, const Room& room)
        : values(room.values), workspace(room), search(settings.search, room.values) {}
    std::vector<double> values;
    Workspace workspace;
    OrderSearch search;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_BENCH_HPP
