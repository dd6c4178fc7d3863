// A watched series as a Sink sees it: how its outputs are named, and what the config says about them. It
// shows nothing of how the engine keeps the series.
//
// A view is valid during the call that it is handed to.
#ifndef FORECASTD_ENGINE_SERIES_VIEW_HPP
#define FORECASTD_ENGINE_SERIES_VIEW_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "config/config.hpp"

namespace forecastd::engine {

struct SeriesView {
    std::string_view key;  // measurement and tags, in canonical order, escaped
    // The name of its outputs, escaped and fit to be written: the measurement, the tags before the one that
    // names the field, and those behind it.
    std::string_view measurement, tags_before, tags_after;
    std::string_view field;          // plain
    std::string_view escaped_field;  // fit for a tag's value
    bool has_field_tag;              // the original has a tag "field": ours takes another name
    std::size_t pipeline;            // its place in the config
    const config::Pipeline& config;
};

}  // namespace forecastd::engine

#endif
