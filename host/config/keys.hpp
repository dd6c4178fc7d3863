// Every key of the config, as tables.
#ifndef FORECASTD_CONFIG_KEYS_HPP
#define FORECASTD_CONFIG_KEYS_HPP

#include <vector>

#include "config/config.hpp"
#include "config/section.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::config {

// The sections, with the algorithms of a catalogue, which must outlive them.
Section<Config> config_section(const plugin::Catalogue& catalogue);
Section<Pipeline> pipeline_section(const plugin::Catalogue& catalogue);
Section<Forecast> forecast_section(const plugin::Catalogue& catalogue);
Section<Threshold> threshold_section();
Section<Detect> detect_section(const plugin::Catalogue& catalogue);
Section<Alarm> alarm_section();
Section<Calendar> calendar_section();
Section<Output> output_section();
Section<ForecastFields> forecast_fields_section();
Section<Plugins> plugins_section();

// The keys "detect", one detector or a list of them, and "combine".
void add_detector_keys(Section<Pipeline>& section, const plugin::Catalogue& catalogue);
// Adds a problem for each detector that does not fit the interval, and where 'combine' does not fit 'detect'.
void check_detectors(const Value& found, const Pipeline& pipeline, const Place& place);

// Adds a problem where a pipeline has an alarm or states of series, and nothing that they could be made of.
void check_alarm(const Value& found, const Pipeline& pipeline, const Place& place);

// Adds a problem where a calendar can have no effect.
void check_calendar(const Pipeline& pipeline, const Place& place);
// "monday" for 0.
const std::string& weekday_name(int day);
// Adds the holidays in the text of a calendar file.
Expected<void> add_holidays(Calendar& calendar, std::string_view ics);

// Adds a problem for each name of an output that does not fit what its pipeline selects.
void check_names(const Pipeline& pipeline, const Place& output);

// All of them, the algorithms' parameters aside, in the order of the reference page.
std::vector<SectionInfo> all_sections(const plugin::Catalogue& catalogue);

}  // namespace forecastd::config

#endif
