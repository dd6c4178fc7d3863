// The key "per_field" of a pipeline: settings of some fields that differ from those of the others.
//
// Each entry makes a copy of the pipeline for its fields, with its settings in the place of the pipeline's, and the pipeline
// leaves these fields to it. So nothing behind the config knows of it. Of several entries that match a field, the first
// counts.
//
// Threads: any.
#ifndef FORECASTD_CONFIG_PER_FIELD_HPP
#define FORECASTD_CONFIG_PER_FIELD_HPP

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/section.hpp"

namespace forecastd::config {

// Adds the key, whose settings are those of other keys that the section has already.
void add_per_field_key(Section<Pipeline>& section);

// Reads a pipeline, of which is known what stands in no text, and returns it with its copies; none, if it has a problem. A
// copy with one of its own is left out. What the pipeline's copies share with it is told once.
std::vector<Pipeline> read_with_copies(const Section<Pipeline>& section, const Value& found,
                                       Pipeline& pipeline, const Place& place);

}  // namespace forecastd::config

#endif
