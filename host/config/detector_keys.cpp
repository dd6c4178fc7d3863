// The keys "detect" and "combine" of a pipeline: one detector, or several that vote.
//
// What a detector of a list says about the series, and not about its own judgement, holds for all of them:
// one may say it, and none may contradict another.
#include <algorithm>
#include <array>
#include <string_view>

#include "config/describe.hpp"
#include "config/detector_list.hpp"
#include "config/keys.hpp"
#include "config/model.hpp"

namespace forecastd::config {
namespace {

constexpr std::array<std::string_view, 5> series_keys{"data_range", "emit", "no_data_after", "drift",
                                                      "stuck"};

constexpr const char* expected_detectors = "an object, or a list of 1 to 8 of them";

// A detector of the list, and its place there.
struct Listed {
    Detect detect;
    std::size_t place;
};

// Gives every detector what one of them says about the series; a problem where two contradict each other.
void share_series_keys(const Section<Detect>& section, const Value::List& list, std::vector<Listed>& listed,
                       const Place& place) {
    for (std::size_t k = 0; k < section.info.keys.size(); ++k) {
        const std::string& name = section.info.keys[k].name;
        if (std::find(series_keys.begin(), series_keys.end(), name) == series_keys.end()) continue;
        const Access<Detect>& access = section.access[k];
        const Listed* first = nullptr;
        for (const Listed& one : listed) {
            const Value* const given = list[one.place].find(name);
            if (!given) continue;
            if (!first) {
                first = &one;
            } else if (!(access.write(one.detect) == access.write(first->detect))) {
                place.item(one.place).key(name).problem(
                    "found " + in_words(*given) + ", and detect[" + std::to_string(first->place) + "] says " +
                    in_words(*list[first->place].find(name)) +
                    ": this key is about the series and not about one detector, expected it in one "
                    "of them, or the same in all");
            }
        }
        if (!first) continue;
        for (Listed& one : listed) access.read(list[first->place].find(name), one.detect, place);
    }
}

// What several detectors have in common: the first one, with the rules that each applies by itself left out.
// The direction is theirs if they agree, and the rate of false alarms that of the one that may ring most
// often.
Detect common(const std::vector<Listed>& listed) {
    Detect result = listed.front().detect;
    result.min_dev_from_expected = result.min_rel_dev_from_expected = 0;
    for (const Listed& one : listed) {
        if (one.detect.direction != result.direction) result.direction = Direction::both;
        result.false_alarms_ns = std::min(result.false_alarms_ns, one.detect.false_alarms_ns);
    }
    return result;
}

void read_list(const Section<Detect>& section, const plugin::Catalogue& catalogue, const Value::List& list,
               Pipeline& into, const Place& place) {
    const std::size_t before = place.problem_count();
    std::vector<Listed> listed;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Value* const id = list[i].find("plugin");
        // A plugin that has crashed too often takes the others along no more than a series that it fails on.
        if (list.size() > 1 && id && id->string() && catalogue.is_set_aside(*id->string())) {
            into.lost_voters.push_back(*id->string());
            continue;
        }
        const std::size_t before_one = place.problem_count();
        Listed one{{}, i};
        read_section(section, list[i], one.detect, place.item(i));
        if (place.problem_count() == before_one)
            check_model(one.detect.model, into.interval_ns, place.item(i).key("params"));
        listed.push_back(std::move(one));
    }
    if (listed.empty()) return place.problem(catalogue.missing(into.lost_voters.front(), FCD_DETECTS));
    if (place.problem_count() == before) share_series_keys(section, list, listed, place);
    if (place.problem_count() != before) return;
    if (listed.size() == 1) {
        into.detect = std::move(listed.front().detect);
        return;
    }
    into.detect = common(listed);
    for (Listed& one : listed) into.voters.push_back(std::move(one.detect));
}

Type<Combine> combine_type() {
    Type<Combine> type;
    const auto most = static_cast<std::int64_t>(most_detectors);
    type.expected = R"("any", "all", "majority" or a least number such as {"min": 2})";
    const Value count = Value::Object{{"type", "integer"}, {"minimum", 1}, {"maximum", most}};
    type.schema =
        Value::Object{{"anyOf", Value::List{Value::Object{{"enum", Value::List{"any", "all", "majority"}}},
                                            Value::Object{{"type", "object"},
                                                          {"additionalProperties", false},
                                                          {"properties", Value::Object{{"min", count}}},
                                                          {"required", Value::List{"min"}}}}}};
    type.read = [expected = type.expected](const Value& found, Combine& into, const Place& place) {
        using enum Combine::Rule;
        if (found == "any" || found == "all" || found == "majority") {
            into.rule = found == "any" ? any : found == "all" ? all : majority;
            return true;
        }
        const Value* const min = found.find("min");
        if (min && min->integer() && *min->integer() >= 1 && found.object()->size() == 1) {
            into = {Combine::Rule::least, *min->integer()};
            return true;
        }
        place.unexpected(found, expected);
        return false;
    };
    type.write = [](const Combine& combine) {
        if (combine.rule == Combine::Rule::least) return Value(Value::Object{{"min", combine.least}});
        return Value(describe(combine));
    };
    return type;
}

}  // namespace

void add_detector_keys(Section<Pipeline>& section, const plugin::Catalogue& catalogue) {
    const auto detector = std::make_shared<const Section<Detect>>(detect_section(catalogue));
    const auto one = optional_object(detector);
    const Value list = Value::Object{{"type", "array"},
                                     {"items", one.schema},
                                     {"minItems", 1},
                                     {"maxItems", static_cast<std::int64_t>(most_detectors)}};
    section.add(
        {"detect",
         "The detector, or several that vote: a list, in which each has its own rules.",
         expected_detectors,
         Value::Object{{"if", Value::Object{{"type", "array"}}}, {"then", list}, {"else", one.schema}},
         {},
         false,
         {}},
        {[detector, one, &catalogue](const Value* found, Pipeline& into, const Place& place) {
             if (!found) return;
             const auto* const items = found->list();
             if (found->object())
                 one.read(*found, into.detect, place);
             else if (items && !items->empty() && items->size() <= most_detectors)
                 read_list(*detector, catalogue, *items, into, place);
             else
                 place.unexpected(*found, expected_detectors);
         },
         [](const Pipeline&) { return Value(); }});
    section.key("combine", &Pipeline::combine, combine_type(),
                "How many detectors of a list must find an anomaly for it to be one: one (any), all, more "
                "than half (majority), or a least number. Only those that can judge the point vote.");
}

void check_detectors(const Value& found, const Pipeline& pipeline, const Place& place) {
    const Value* const detect = found.find("detect");
    if (pipeline.detect && detect && detect->object())
        check_model(pipeline.detect->model, pipeline.interval_ns, place.key("detect").key("params"));
    const Value* const combine = found.find("combine");
    if (!combine) return;
    const std::size_t count = detect && detect->list() ? detect->list()->size() : 1;
    if (!detect)
        place.key("combine").problem(
            "there is no 'detect' whose detectors could vote, expected a list of two or more there");
    else if (count < 2)
        place.key("combine").problem(
            "'detect' is one detector, so nobody votes: expected a list of two or more there, or no "
            "'combine'");
    else if (pipeline.combine.rule == Combine::Rule::least &&
             pipeline.combine.least > static_cast<std::int64_t>(count))
        place.key("combine").problem("found " + in_words(*combine) + ", and 'detect' has " +
                                     std::to_string(count) + " detectors, expected at most that many");
}

}  // namespace forecastd::config
