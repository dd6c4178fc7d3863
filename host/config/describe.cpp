#include "config/describe.hpp"

#include "config/json.hpp"
#include "config/keys.hpp"
#include "config/model.hpp"
#include "config/section.hpp"
#include "config/units.hpp"

namespace forecastd::config {
namespace {

using Tags = std::vector<std::pair<std::string, GlobList>>;

std::string join(const std::vector<std::string>& items, const char* between) {
    std::string text;
    for (const auto& item : items) text += (text.empty() ? "" : between) + item;
    return text;
}

std::string names(const char* what, const std::optional<GlobList>& pass,
                  const std::optional<GlobList>& drop) {
    std::string text = std::string("all ") + what;
    if (pass && pass->patterns().empty()) text = std::string("no ") + what;
    if (pass && !pass->patterns().empty()) text = what + (" " + join(pass->patterns(), " or "));
    if (drop && !drop->patterns().empty()) text += ", not " + join(drop->patterns(), " or ");
    return text;
}

std::string tags(const Tags& list) {
    std::vector<std::string> each;
    for (const auto& [name, globs] : list) each.push_back(name + "=" + join(globs.patterns(), "|"));
    return join(each, " or ");
}

// "holt, horizon 40": the plugin, then the other keys that differ from their defaults.
template <class S>
std::string changed_in_words(const Section<S>& section, const S& from) {
    std::vector<std::string> parts{std::string(from.model.algorithm->id())};
    const Value changed = changed_keys(section, from);
    for (const auto& [name, value] : *changed.object())
        if (name != "plugin") parts.push_back(name + " " + to_text(value));
    return join(parts, ", ");
}

}  // namespace

std::string describe(const Selection& selection) {
    std::string text = names("measurements", selection.namepass, selection.namedrop) + "; " +
                       names("fields", selection.fieldpass, selection.fielddrop);
    if (!selection.tagpass.empty()) text += "; tags " + tags(selection.tagpass);
    if (!selection.tagdrop.empty()) text += "; not tags " + tags(selection.tagdrop);
    return text;
}

// The tables' catalogue is for reading; an empty one does for writing.
std::string describe(const Forecast& forecast) {
    const plugin::Catalogue none;
    return changed_in_words(forecast_section(none), forecast);
}

std::string describe(const Detect& detect) {
    const plugin::Catalogue none;
    return changed_in_words(detect_section(none), detect);
}

std::vector<std::string> describe_detectors(const Pipeline& pipeline) {
    std::vector<std::string> lines;
    for (const Detect& voter : pipeline.voters) lines.push_back(describe(voter));
    if (lines.empty() && pipeline.detect) lines.push_back(describe(*pipeline.detect));
    return lines;
}

std::string describe(const Combine& combine) {
    switch (combine.rule) {
        case Combine::Rule::any:
            return "any";
        case Combine::Rule::all:
            return "all";
        case Combine::Rule::majority:
            return "majority";
        case Combine::Rule::least:
            break;
    }
    return "at least " + std::to_string(combine.least);
}

std::string describe_seasons(const Pipeline& pipeline) {
    if (pipeline.interval_ns == 0) return "";
    std::vector<std::string> parts;
    for (const ModelChoice* const model : models_of(pipeline)) {
        std::vector<std::string> each;
        for (const SeasonInSteps& season : seasons_of(*model, pipeline.interval_ns))
            each.push_back(std::to_string(season.steps) + " steps" +
                           (season.ns > 0 ? " (" + format_duration(season.ns) + ")" : ""));
        if (!each.empty()) parts.push_back(std::string(model->algorithm->id()) + " " + join(each, " and "));
    }
    return join(parts, "; ");
}

std::string describe_calendar(const Pipeline& pipeline) {
    std::vector<std::string> parts;
    if (!pipeline.timezone.empty()) parts.push_back("clocks of " + pipeline.timezone);
    if (pipeline.calendar) {
        const std::size_t days = pipeline.calendar->holidays.size();
        parts.push_back(std::to_string(days) + (days == 1 ? " holiday, as a " : " holidays, each as a ") +
                        weekday_name(pipeline.calendar->as));
    }
    return join(parts, "; ");
}

std::string describe_output(const Pipeline& pipeline) {
    std::vector<std::string> parts;
    if (pipeline.output.passthrough) parts.emplace_back("originals");
    if (pipeline.forecast) parts.push_back(pipeline.output.forecast);
    if (pipeline.forecast && !pipeline.forecast->thresholds.empty())
        parts.push_back(pipeline.output.threshold);
    if (pipeline.forecast && pipeline.output.change) parts.push_back(*pipeline.output.change);
    if (pipeline.detect) parts.push_back(pipeline.output.anomaly);
    if (pipeline.detect && pipeline.output.event) parts.push_back(*pipeline.output.event);
    if (pipeline.detect && pipeline.output.state) parts.push_back(*pipeline.output.state);
    if (pipeline.forecast && pipeline.forecast->diagnostics_every_ns > 0 &&
        pipeline.forecast->model.algorithm->diagnostics.table)
        parts.push_back(pipeline.output.model);
    return join(parts, ", ");
}

}  // namespace forecastd::config
