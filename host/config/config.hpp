// The config as plain, checked structs. Nothing later sees JSON.
//
// The tables of keys.hpp say what each key means; help, schema and the reference page are made from them.
// Times are nanoseconds.
#ifndef FORECASTD_CONFIG_CONFIG_HPP
#define FORECASTD_CONFIG_CONFIG_HPP

#include <forecastd/plugin.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.hpp"
#include "config/dates.hpp"
#include "config/glob.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::config {

// Which keys (measurement and tags) and fields a pipeline watches, in Telegraf's words. An omitted list
// (nullopt) selects everything, an empty pass list nothing. With several tags in tagpass one match is enough,
// as in Telegraf.
struct Selection {
    std::optional<GlobList> namepass, namedrop, fieldpass, fielddrop;
    std::vector<std::pair<std::string, GlobList>> tagpass, tagdrop;
};

// A number of steps of the grid, given as such or as a duration that the interval of the series divides.
struct Steps {
    std::int64_t count = 0;  // used if ns is 0
    std::int64_t ns = 0;
};

// The integers of a parameter, and what a plugin is shown of them; empty: the algorithm chooses.
struct IntegerList {
    explicit IntegerList(std::vector<std::int64_t> list)
        : items(std::move(list)), shown{items.size(), items.data()} {}
    IntegerList(const IntegerList&) = delete;
    IntegerList& operator=(const IntegerList&) = delete;
    const std::vector<std::int64_t> items;
    const fcd_integers shown;
};

// A parameter's value, before the grid is known.
struct ParamValue {
    fcd_value value{};
    std::shared_ptr<const IntegerList> list;  // FCD_INTEGERS: what value points to; nullptr: to the default
    bool duration_of_steps = false;           // FCD_STEPS given as a duration: value.integer is in ns
};

// A season that is no whole number of intervals: it is rounded to `steps` steps of a grid of its own. steps
// 0: there is none.
struct OddSeason {
    std::int64_t ns = 0, steps = 0;
};

// An algorithm and its parameters, in the order of its table.
struct ModelChoice {
    const plugin::Algorithm* algorithm = nullptr;
    std::vector<ParamValue> params;

    // The values for model_new on a grid; they point to the lists in here. The error says which duration is
    // no multiple of the interval, or out of range in steps. A season may be rounded.
    [[nodiscard]] Expected<std::vector<fcd_value>> resolve(std::int64_t interval_ns) const;
    // The first of its seasons, if that is rounded.
    [[nodiscard]] OddSeason odd_season(std::int64_t interval_ns) const;
};

enum class Stamp { target, origin };
// The side of the expected value on which anomalies lie, or the way that the value itself has gone.
enum class Direction { both, above_expected, below_expected, rising, falling };
enum class Emit { all, anomalies };
enum class Side { above, below };
// What a forecaster learns of a value that lies far from what it expected: as much as the guard allows,
// nothing, or all.
enum class LearnFrom { clip, skip, always };

// The values that can be, ends included.
struct DataRange {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool operator==(const DataRange&) const = default;
};

// A limit that a series may reach. The time until the forecast reaches it is written.
struct Threshold {
    std::string name;
    double value = 0;
    Side direction = Side::above;  // reached: a value at or above it, or at or below it
};

struct Forecast {
    ModelChoice model;
    Steps horizon{1, 0};
    std::vector<Steps> forecast_at;  // empty: every step up to the horizon
    std::int64_t emit_every_ns = 0;  // 0: at every point
    std::vector<double> level{95};   // percent, ascending, no duplicates; the greatest needs no suffix
    Stamp stamp = Stamp::target;
    bool lead_tag = false;  // whether lines with Stamp::target say in a tag how far ahead they look
    DataRange data_range;
    std::int64_t diagnostics_every_ns = 0;  // 0: never
    std::vector<Threshold> thresholds;
    std::optional<Steps>
        max_horizon;               // how far thresholds are looked for; left out: as far as forecasts reach
    std::int64_t min_samples = 1;  // points of a series before its first forecast is written
    LearnFrom learn_from_anomalies = LearnFrom::clip;
    bool calibrate = true;  // whether intervals are made to hold what their level says
};

struct Detect {
    // The greatest share of points that may ring, whatever false_alarms_ns says.
    static constexpr double most_false_alarms = 0.02;

    ModelChoice model;
    Direction direction = Direction::both;
    double min_dev_from_expected = 0;
    double min_rel_dev_from_expected = 0;  // percent
    DataRange data_range;
    Emit emit = Emit::all;
    std::int64_t false_alarms_ns = 0;  // how often a healthy series may ring; 0: by the detector's own limit
    Steps no_data_after{5, 0};         // how long a series may pause; neither: no pause is an anomaly
    bool drift = true;                 // whether a slow lasting change of the mean is an anomaly
    bool stuck = true;  // whether a value that does not move for far longer than ever before is an anomaly
};

// How several detectors decide about a point. Only those vote that can judge it.
struct Combine {
    enum class Rule { any, all, majority, least };
    Rule rule = Rule::any;
    std::int64_t least = 1;  // Rule::least: how many must agree; all that vote, where fewer do
    bool operator==(const Combine&) const = default;
};

// Which rows of an event are written: where it becomes clearly worse too, or only the first and the last.
enum class EmitEvents { all, edges };

// What opens an event: an incident that is rare for its series; or enough of the last points are anomalies,
// or all are over at least some time.
struct Raise {
    std::int64_t count = 1, window = 1;
    std::int64_t lasting_ns = 0;  // 0: count and window
    bool by_rarity = false;       // in place of all this, where the detector has a limit of its own
};

// What is made of the anomalies of a series: events.
struct Alarm {
    Raise raise{1, 1, 0, true};
    std::int64_t clear_ns = 600'000'000'000;
    double clear_score = 0.9;
    std::int64_t silence = 100;  // points
    double again = 1, budget = 0.1;
    bool repeat = false;
    EmitEvents emit = EmitEvents::all;

    static constexpr std::int64_t max_window = 32;
};

// The names of a forecast's fields; {field} in them is replaced by the name of the watched field. nullopt:
// not written.
struct ForecastFields {
    std::optional<std::string> yhat, yhat_lower, yhat_upper, lead_s;
};

// The names of measurements; {measurement} in them is replaced by that of the original.
struct Output {
    bool passthrough = true;
    std::string forecast = "{measurement}_forecast";
    std::string anomaly = "{measurement}_anomaly";
    std::string model = "{measurement}_model";
    std::string threshold = "{measurement}_threshold";
    std::optional<std::string> event = "{measurement}_event";  // nullopt: there are no events
    std::optional<std::string> change;                         // nullopt: not written
    std::optional<std::string> state;                          // of each series; nullopt: not written
    std::optional<ForecastFields> forecast_fields;             // nullopt: every field, under its own name
    bool field_tag = true;  // whether lines say in a tag which field they are about
};

// Holidays, and the day of the week that they count as.
struct Calendar {
    std::vector<Holiday> holidays;  // those of the file included
    std::string ics;                // a calendar file, relative to the config's folder; "": none
    int as = 6;                     // 0 (Monday) to 6
};

struct Pipeline {
    std::string name;
    std::size_t place = 0;  // in the config's list, in which some may be left out
    std::string was;        // the name that it had before, by which its saved series are found; "": none
    Selection selection;
    std::int64_t interval_ns = 0;  // 0: learned from the data
    std::string timezone;          // of the time zone database; "": UTC
    std::optional<Calendar> calendar;
    std::optional<std::vector<std::string>> group_by;  // the tags that tell series apart; nullopt: all
    bool takes_labels = false;                         // whether Config::control is set
    bool rate = false;  // fields are counters, and what is watched is their growth a second
    std::optional<Forecast> forecast;
    // What is asked of the series; of a list of detectors, what they have in common
    // (detector_keys.cpp).
    std::optional<Detect> detect;
    std::vector<Detect> voters;  // the detectors of a list with two or more, in its order; else none
    std::vector<std::string> lost_voters;  // plugins of a list that are set aside, since they have crashed
    Combine combine;
    Alarm alarm;
    Output output;

    // Whether each value that is later than the last one gets a step, even if it comes within the interval of
    // that. It does where only a detector learns, and nobody asked for one value in each interval: there is
    // no forecast that would have to stand on the grid.
    [[nodiscard]] bool judges_each_value() const { return interval_ns == 0 && !forecast; }
};

struct Limits {
    enum class Evict { lru, none };
    std::int64_t max_series = 1'000'000;
    std::int64_t max_memory_bytes = std::int64_t{2} << 30;
    std::int64_t ttl_ns = 0;  // event time; 0: series are kept for ever
    std::int64_t max_line_bytes = std::int64_t{1} << 20;
    std::int64_t max_fields = 2'000;                     // watched, of one point
    std::int64_t max_key_bytes = std::int64_t{8} << 10;  // of a key that is watched
    Evict evict = Evict::lru;  // which series give way when there is no room for a new one
};

// A saved series with this value of a tag goes on with another one.
struct Rename {
    std::string tag, from, to;
};

// Which points are of one series.
struct Identity {
    std::vector<std::string> ignore_tags;  // that do not tell series apart
    std::vector<Rename> rename;
};

// Where what the series have learned is kept.
struct State {
    enum class OnError { run, stop };
    std::string dir;
    std::int64_t checkpoint_interval_ns = 60'000'000'000;
    std::int64_t max_age_ns = 0;       // of a snapshot; 0: none is too old
    OnError on_error = OnError::run;   // without saving, if the directory cannot be used
    std::vector<std::string> history;  // files with recorded points, from which new series are warmed
    bool history_beside = false;       // while points come, and not before the first
};

// How calls to plugins are watched.
struct Plugins {
    std::int64_t deadline_ns = 10'000'000'000;  // of a call; 0: none
    bool core = false;                          // a plugin that crashes leaves a core file
    // States stand between pages that nobody may touch. It is no key: FORECASTD_DEBUG says so.
    bool guards_states = false;
};

enum class LogLevel { error, warn, info, debug };

struct Config {
    std::vector<std::string> plugin_dirs;
    std::vector<Pipeline> pipelines;
    Limits limits;
    Identity identity;
    std::optional<State> state;
    Plugins plugins;
    std::int64_t watch_ns = 0;           // how often the config's file is looked at; 0: never
    std::optional<std::string> control;  // the measurement of labels; nullopt: there are none
    std::int64_t metrics_every_ns = 0;   // 0: the host writes no metrics of its own
    std::vector<std::pair<std::string, std::string>> metrics_tags;  // of each of their lines
    LogLevel log_level = LogLevel::warn;
};

}  // namespace forecastd::config

#endif
