// The section "alarm" of a pipeline: what is made of its anomalies.
#include <charconv>

#include "config/keys.hpp"
#include "config/units.hpp"

namespace forecastd::config {
namespace {

constexpr std::int64_t longest_silence = 1'000'000;  // points

// "3/5": the two numbers; nothing if it is no such text.
std::optional<Raise> read_share(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    Raise raise;
    const auto read = [](std::string_view digits, std::int64_t& into) {
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
        return error == std::errc() && end == digits.data() + digits.size();
    };
    if (!read(text.substr(0, slash), raise.count) || !read(text.substr(slash + 1), raise.window))
        return std::nullopt;
    return raise;
}

std::optional<Raise> read_raise(const Value& found) {
    std::optional<Raise> raise;
    if (const auto* count = found.integer()) {
        raise = Raise{*count, *count, 0};
    } else if (found == "auto") {
        raise = Raise{1, 1, 0, true};
    } else if (found.string()) {
        raise = read_share(*found.string());
        if (!raise)
            if (const auto ns = parse_duration(*found.string()); ns && *ns > 0) raise = Raise{1, 1, *ns};
    }
    if (!raise || raise->count < 1 || raise->count > raise->window || raise->window > Alarm::max_window)
        return std::nullopt;
    return raise;
}

Type<Raise> raise_type() {
    Type<Raise> type;
    const std::string most = std::to_string(Alarm::max_window);
    type.expected = "\"auto\", a number of points in a row from 1 to " + most +
                    ", a part of the last points such as \"3/5\", or a duration such as \"2m\"";
    type.schema = Value::Object{
        {"anyOf",
         Value::List{Value::Object{{"type", "integer"}, {"minimum", 1}, {"maximum", Alarm::max_window}},
                     Value::Object{{"enum", Value::List{"auto"}}},
                     Value::Object{{"type", "string"}, {"pattern", "^[0-9]+/[0-9]+$"}},
                     Value::Object{{"type", "string"}, {"pattern", duration_pattern}}}}};
    type.read = [expected = type.expected](const Value& found, Raise& into, const Place& place) {
        const auto raise = read_raise(found);
        if (raise)
            into = *raise;
        else
            place.unexpected(found, expected);
        return raise.has_value();
    };
    type.write = [](const Raise& raise) {
        if (raise.by_rarity) return Value("auto");
        if (raise.lasting_ns > 0) return Value(format_duration(raise.lasting_ns));
        if (raise.count == raise.window) return Value(raise.count);
        return Value(std::to_string(raise.count) + "/" + std::to_string(raise.window));
    };
    return type;
}

}  // namespace

Section<Alarm> alarm_section() {
    Section<Alarm> section;
    section.info.path = "pipelines[].alarm";
    section.info.doc =
        "What is made of the anomalies of a series: events, one for an incident. "
        "[events.md](events.md) explains it.";
    constexpr double infinity = std::numeric_limits<double>::infinity();
    section.key(
        "raise", &Alarm::raise, raise_type(),
        "What opens an event: anomalies that are rare for their series, or with 'false_alarms' and with "
        "'novelty' any (auto); a number of anomalies in a row (1), a part of the last points (\"3/5\"), or "
        "anomalies in a row over at least a duration (\"2m\").");
    section.key("clear", &Alarm::clear_ns, duration(0),
                "An event closes once no score was above 'clear_score' for so long, by the timestamps of the "
                "data.");
    section.key("clear_score", &Alarm::clear_score, real(0, 1),
                "The score up to which a point counts as normal while an event is open.");
    section.key(
        "silence", &Alarm::silence, integer(0, longest_silence),
        "The number of points behind an event in which no other one opens, unless a score is clearly worse.");
    section.key(
        "again", &Alarm::again, real(0, infinity),
        "What is clearly worse than an event's peak: with 'false_alarms', a probability lower by this "
        "number of powers of ten; without, a score of (1 + again) times the peak's.");
    section.key("budget", &Alarm::budget, real(0, infinity),
                "How much each event raises the limit of its series: with 'false_alarms', by this number of "
                "powers of ten of the probability; without, by this much of the score. Half of it is gone "
                "after 2000 points.");
    section.key("repeat", &Alarm::repeat, boolean(),
                "Whether a peak that came back three times or more in the last 5000 points is no news.");
    section.key(
        "emit", &Alarm::emit, choice_of<EmitEvents>({"all", "edges"}),
        "Whether a row is also written where an open event becomes clearly worse (all), or only where "
        "it opens and closes (edges).");
    return section;
}

void check_alarm(const Value& found, const Pipeline& pipeline, const Place& place) {
    if (!found.object()) return;
    if (pipeline.output.state && !found.find("detect"))
        place.key("output").key("state").problem(
            "there is no 'detect' whose series could be watched, expected one, or no 'state'");
    if (!found.find("alarm")) return;
    if (!found.find("detect"))
        place.key("alarm").problem(
            "there is no 'detect' whose anomalies events could be made of, expected one");
    else if (!pipeline.output.event)
        place.key("alarm").problem(
            "'output.event' is null, so no events are written: expected a name there, or no 'alarm'");
}

}  // namespace forecastd::config
