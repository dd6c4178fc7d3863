#include "config/dates.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>

namespace forecastd::config {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr int last_year = 2115;
constexpr std::int64_t longest_event = 366;  // days

std::optional<int> number(std::string_view digits) {
    int value = 0;
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::optional<year_month_day> date_of(std::string_view y, std::string_view m, std::string_view d) {
    const auto a = number(y), b = number(m), c = number(d);
    if (!a || !b || !c) return std::nullopt;
    return year_month_day{year(*a), month(static_cast<unsigned>(*b)), day(static_cast<unsigned>(*c))};
}

std::int64_t day_of(const year_month_day& date) { return sys_days(date).time_since_epoch().count(); }

// A line of the file with what is folded put together.
struct Line {
    std::size_t number;
    std::string name, params, value;
};

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

std::vector<Line> lines_of(std::string_view text) {
    std::vector<std::pair<std::size_t, std::string>> unfolded;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!unfolded.empty() && (line.starts_with(' ') || line.starts_with('\t')))
            unfolded.back().second += line.substr(1);
        else if (!line.empty())
            unfolded.emplace_back(number, line);
    }
    std::vector<Line> lines;
    for (const auto& [number, line] : unfolded) {
        bool quoted = false;
        std::size_t colon = 0;
        while (colon < line.size() && (quoted || line[colon] != ':')) quoted ^= line[colon++] == '"';
        const std::string head = upper(std::string_view(line).substr(0, colon));
        const std::size_t semicolon = std::min(head.find(';'), head.size());
        lines.push_back({number, head.substr(0, semicolon), head.substr(semicolon),
                         colon < line.size() ? line.substr(colon + 1) : ""});
    }
    return lines;
}

// "\," is a comma in the text of a file.
std::string unescaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
            result += text[i] == 'n' || text[i] == 'N' ? ' ' : text[i];
        } else {
            result += text[i];
        }
    }
    return result;
}

tl::unexpected<Error> at(const Line& line, const std::string& expected) {
    return fail("line " + std::to_string(line.number) + ": found " + line.name + " \"" + line.value +
                "\", expected " + expected);
}

Expected<year_month_day> whole_day(const Line& line) {
    const std::string_view value = line.value;
    if (value.size() == 8)
        if (const auto date = date_of(value.substr(0, 4), value.substr(4, 2), value.substr(6));
            date && date->ok())
            return *date;
    return at(line, "a whole day such as 20261225; only events of whole days are holidays");
}

// How an event recurs.
struct Rule {
    int interval = 0;  // years; 0: it does not
    std::optional<int> count;
    std::optional<std::int64_t> until;  // the last day
};

Expected<Rule> rule_of(const Line& line, const year_month_day& start) {
    const auto refused = [&line] {
        return at(line,
                  "FREQ=YEARLY, perhaps with INTERVAL, COUNT, UNTIL, or the event's own BYMONTH and "
                  "BYMONTHDAY; write the days of other rules as events or dates of their own");
    };
    Rule rule{1, std::nullopt, std::nullopt};
    bool yearly = false;
    for (std::string_view rest = line.value; !rest.empty();) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        const std::string part = upper(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::size_t equals = std::min(part.find('='), part.size());
        const std::string name = part.substr(0, equals);
        const std::string value = equals < part.size() ? part.substr(equals + 1) : "";
        const auto whole = number(value);
        if (name == "FREQ" && value == "YEARLY") {
            yearly = true;
        } else if (name == "INTERVAL" && whole && *whole > 0 && *whole < 1000) {
            rule.interval = *whole;
        } else if (name == "COUNT" && whole && *whole > 0) {
            rule.count = whole;
        } else if (name == "UNTIL" && value.size() >= 8) {
            const auto date = date_of(value.substr(0, 4), value.substr(4, 2), value.substr(6, 2));
            if (!date || !date->ok()) return refused();
            rule.until = day_of(*date);
        } else if (!(name == "BYMONTH" && whole && *whole == static_cast<int>(unsigned(start.month()))) &&
                   !(name == "BYMONTHDAY" && whole && *whole == static_cast<int>(unsigned(start.day()))) &&
                   name != "WKST") {
            return refused();
        }
    }
    if (!yearly) return refused();
    return rule;
}

// What an event says; a property that it has not is nullptr.
struct Event {
    const Line *begin = nullptr, *start = nullptr, *end = nullptr, *summary = nullptr, *rule = nullptr,
               *unknown = nullptr;
    bool cancelled = false;
};

Expected<void> add_days(const Event& event, std::vector<Holiday>& holidays) {
    if (event.unknown)
        return at(*event.unknown, "an event without it; write each day as an event of its own");
    if (!event.start)
        return fail("line " + std::to_string(event.begin->number) +
                    ": found an event without DTSTART, expected its day");
    const auto start = whole_day(*event.start);
    if (!start) return fail(start.error().text);
    std::int64_t length = 1;
    if (event.end) {
        const auto end = whole_day(*event.end);
        if (!end) return fail(end.error().text);
        length = day_of(*end) - day_of(*start);
        if (length == 0) length = 1;  // some programs write the same day
        if (length < 0 || length > longest_event)
            return at(*event.end, "a day from the event's first on, at most a year later");
    }
    Rule rule;
    if (event.rule) {
        auto found = rule_of(*event.rule, *start);
        if (!found) return fail(std::move(found.error().text));
        rule = *found;
    }
    const std::string name = event.summary ? unescaped(event.summary->value) : "";
    int times = 0;
    for (year_month_day date = *start; int(date.year()) <= last_year;
         date += std::chrono::years(rule.interval)) {
        if (date.ok()) {  // February 29
            const std::int64_t first = day_of(date);
            if (rule.until && first > *rule.until) break;
            for (std::int64_t i = 0; i < length; ++i) holidays.push_back({first + i, name});
            ++times;
        }
        if (rule.interval == 0 || (rule.count && times >= *rule.count)) break;
    }
    return {};
}

}  // namespace

Expected<std::int64_t> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return fail("");
    const auto date = date_of(text.substr(0, 4), text.substr(5, 2), text.substr(8));
    if (!date) return fail("");
    if (!date->ok()) return fail("there is no such day");
    return day_of(*date);
}

std::string format_date(std::int64_t day) {
    const year_month_day date{sys_days(std::chrono::days(day))};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()));
    return text;
}

Expected<std::vector<Holiday>> parse_ics(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    const std::vector<Line> lines = lines_of(text);
    if (lines.empty() || lines[0].name != "BEGIN" || upper(lines[0].value) != "VCALENDAR")
        return fail("it does not begin with BEGIN:VCALENDAR, as a calendar file does");
    std::vector<Holiday> holidays;
    std::vector<std::string> within;
    Event event;
    for (const Line& line : lines) {
        const bool in_event = !within.empty() && within.back() == "VEVENT";
        if (line.name == "BEGIN") {
            within.push_back(upper(line.value));
            if (within.back() == "VEVENT") event = {&line};
        } else if (line.name == "END") {
            if (within.empty() || within.back() != upper(line.value))
                return at(line, within.empty() ? "nothing behind the end" : "END:" + within.back());
            within.pop_back();
            if (!in_event || event.cancelled) continue;
            if (auto added = add_days(event, holidays); !added) return fail(std::move(added.error().text));
        } else if (in_event) {
            if (line.name == "DTSTART") event.start = &line;
            if (line.name == "DTEND") event.end = &line;
            if (line.name == "SUMMARY") event.summary = &line;
            if (line.name == "RRULE") event.rule = &line;
            if (line.name == "STATUS") event.cancelled = upper(line.value) == "CANCELLED";
            if (line.name == "RDATE" || line.name == "EXDATE" || line.name == "RECURRENCE-ID" ||
                line.name == "DURATION")
                event.unknown = &line;
        }
    }
    if (!within.empty()) return fail("it ends within " + within.back() + ", expected END:" + within.back());
    return holidays;
}

}  // namespace forecastd::config
