// The key "calendar" of a pipeline: its holidays, and the day of the week that they count as.
#include <algorithm>
#include <string_view>

#include "config/keys.hpp"
#include "config/model.hpp"
#include "config/params.hpp"
#include "config/simple_type.hpp"
#include "config/units.hpp"

namespace forecastd::config {
namespace {

constexpr std::int64_t week_ns = 7 * std::int64_t{86'400'000'000'000};

const std::vector<std::string>& weekdays() {
    static const std::vector<std::string> names{"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};
    return names;
}

// "2026-12-25", or {"date": "2026-12-25", "name": "Christmas"}.
Type<Holiday> holiday() {
    const Value date = Value::Object{{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
    const Value named = Value::Object{
        {"type", "object"},
        {"properties", Value::Object{{"date", date}, {"name", Value::Object{{"type", "string"}}}}},
        {"required", Value::List{"date"}},
        {"additionalProperties", false}};
    return simple<Holiday>(
        "a date such as \"2026-12-25\", or an object with a 'date' and a 'name'",
        {{"anyOf", Value::List{date, named}}},
        [](const Value& found) -> Expected<Holiday> {
            const Value* const text = found.object() ? found.find("date") : &found;
            if (!text || !text->string()) return fail("");
            Holiday result;
            if (found.object()) {
                for (const Member& member : *found.object()) {
                    if (member.name != "date" && member.name != "name")
                        return fail("it has no key '" + member.name + "'");
                    if (!member.value.string()) return fail("its '" + member.name + "' is no text");
                    if (member.name == "name") result.name = *member.value.string();
                }
            }
            const auto day = parse_date(*text->string());
            if (!day) return fail(day.error().text);
            result.day = *day;
            return result;
        },
        [](const Holiday& holiday) -> Value {
            if (holiday.name.empty()) return format_date(holiday.day);
            return Value::Object{{"date", format_date(holiday.day)}, {"name", holiday.name}};
        });
}

Type<int> weekday() {
    Value::List names;
    for (const std::string& name : weekdays()) names.emplace_back(name);
    return simple<int>(
        "a day of the week such as \"sunday\"", {{"enum", names}},
        [](const Value& found) -> Expected<int> {
            if (found == "own")
                return fail(
                    "holidays have no season of their own here, since each would be learned once a year");
            if (!found.string()) return fail("");
            const auto at = std::find(weekdays().begin(), weekdays().end(), *found.string());
            if (at == weekdays().end()) return fail("");
            return static_cast<int>(at - weekdays().begin());
        },
        [](const int& day) -> Value { return weekday_name(day); });
}

// Whether a model tells the days of the week apart, as far as its parameters say; one whose seasons are not
// known yet may.
bool may_know_weekdays(const ModelChoice& choice, std::int64_t interval_ns) {
    bool has_season = false;
    for (std::size_t i = 0; i < choice.params.size(); ++i) {
        const fcd_param& param = *choice.algorithm->params[i];
        if (!is_season(param)) continue;
        const ParamValue& given = choice.params[i];
        if (!given.duration_of_steps && given.value.integer < 2) continue;
        if (!given.duration_of_steps && interval_ns == 0) return true;
        const std::int64_t ns =
            given.duration_of_steps ? given.value.integer : given.value.integer * interval_ns;
        if (ns % week_ns == 0) return true;
        has_season = true;
    }
    return !has_season && !choice.algorithm->forecasts();
}

}  // namespace

Section<Calendar> calendar_section() {
    Section<Calendar> section;
    section.info.path = "pipelines[].calendar";
    section.info.doc =
        "Holidays, and the day of the week whose season they have. For models with a season of a week.";
    section.key(
        "holidays", &Calendar::holidays, list(holiday(), "dates", true),
        "Days by the pipeline's timezone, such as \"2026-12-25\" or {\"date\": \"2026-12-25\", \"name\": "
        "\"Christmas\"}.");
    section.key(
        "ics", &Calendar::ics,
        convert<std::string>(
            optional_value(text()), [](const std::optional<std::string>& file) { return file.value_or(""); },
            [](const std::string& file) { return file.empty() ? std::nullopt : std::optional(file); }),
        "A calendar file (iCalendar) with further holidays, relative to this config: events of whole "
        "days, once or every year.");
    section.key("as", &Calendar::as, weekday(), "The day of the week that a holiday counts as.");
    section.check = [](const Value& found, const Calendar&, const Place& place) {
        const Value* const days = found.find("holidays");
        const bool has_days = days && !(days->list() && days->list()->empty());
        if (!has_days && !found.find("ics")) place.problem("found no holidays, expected 'holidays' or 'ics'");
    };
    return section;
}

const std::string& weekday_name(int day) { return weekdays()[static_cast<std::size_t>(day)]; }

void check_calendar(const Pipeline& pipeline, const Place& place) {
    if (!pipeline.calendar) return;
    const auto knows = [&](const auto& part) { return may_know_weekdays(part.model, pipeline.interval_ns); };
    bool known = pipeline.forecast && knows(*pipeline.forecast);
    if (!pipeline.forecast && pipeline.voters.empty()) known = pipeline.detect && knows(*pipeline.detect);
    if (!pipeline.forecast)
        for (const Detect& voter : pipeline.voters) known = known || knows(voter);
    constexpr std::int64_t day_ns = week_ns / 7;
    if (pipeline.interval_ns > 0 && day_ns % pipeline.interval_ns != 0)
        place.key("calendar")
            .problem("found holidays, and an interval of \"" + format_duration(pipeline.interval_ns) +
                     "\"; expected an interval that divides a day, such as \"10m\"");
    if (known || (!pipeline.forecast && !pipeline.detect)) return;
    place.key("calendar")
        .problem(
            "a holiday counts as another day of the week, and no model of this pipeline has a season of a "
            "week; expected "
            "one of \"7d\" as season_length, or [\"1d\", \"7d\"] where the plugin takes two");
}

Expected<void> add_holidays(Calendar& calendar, std::string_view ics) {
    auto found = parse_ics(ics);
    if (!found) return fail(std::move(found.error().text));
    calendar.holidays.insert(calendar.holidays.end(), found->begin(), found->end());
    return {};
}

}  // namespace forecastd::config
