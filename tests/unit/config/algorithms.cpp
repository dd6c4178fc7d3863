#include "unit/config/algorithms.hpp"

#include <filesystem>
#include <map>
#include <optional>

#include <forecastd/plugin.hpp>
#include <stdexcept>

namespace {

struct Wave {
    static constexpr forecastd::About about{"wave", "1.0.0", "A made-up forecaster."};
    static constexpr auto params() {
        using namespace forecastd;
        constexpr std::int64_t second = 1'000'000'000;
        return std::tuple{
            steps<&Wave::season_length>("season_length", 2, 2, 1000, "Steps of a season.")
                .alias("period")
                .required(),
            real<&Wave::alpha>("alpha", forecastd::nan, 0, 1, "Weight of the newest value.")
                .alias("smoothing_level"),
            integer<&Wave::order>("order", 2, 1, 5, "How many waves."),
            boolean<&Wave::damped>("damped", false, "Whether waves fade."),
            choice<&Wave::seasonal>("seasonal", 0, {"add", "mul"}, "How waves add up."),
            duration<&Wave::hold>("hold", 60 * second, second, 3600 * second, "How long a wave holds."),
            integers<&Wave::lags>("lags", {1, 2}, 0, 12, "Steps back to two waves.").or_automatic(),
        };
    }
    std::int64_t season_length = 0, order = 0, seasonal = 0, hold = 0;
    double alpha = 0;
    bool damped = false;
    forecastd::Integers<2> lags;

    struct Series {
        double last = 0;
    };
    void prepare(const forecastd::Grid& grid) {
        if (lags[0] > lags[1]) throw std::invalid_argument("the first lag is the greater one");
        if (order == 5 && damped) throw std::invalid_argument("order 5 cannot be damped");
        if (order == 4 && damped && grid.interval_ns < 10'000'000'000)
            throw std::invalid_argument("order 4 damped needs 10 s or more");
    }
    std::size_t tail_length() const { return static_cast<std::size_t>(season_length); }
    void observe(Series& series, std::span<double>, const forecastd::Point& point) const {
        series.last = point.value;
    }
    void forecast(const Series& series, std::span<const double>, forecastd::Forecast& out) const {
        for (auto& step : out) step = {series.last, forecastd::nan};
    }
};

struct Limit {
    static constexpr forecastd::About about{"limit", "1.0.0", "A made-up detector."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::real<&Limit::threshold>("threshold", 3, 0.1, 100, "The greatest good value."),
            forecastd::steps<&Limit::memory>("memory", forecastd::hours(1), 2, 1000,
                                             "How many points it remembers.")};
    }
    double threshold = 0;
    std::int64_t memory = 0;

    struct Series {
        double last = 0;
    };
    void observe(Series& series, const forecastd::Point& point) const { series.last = point.value; }
    forecastd::Verdict judge(const Series&, const forecastd::Point& point) const {
        forecastd::Verdict verdict;
        verdict.score = point.value / threshold;
        return verdict;
    }
};

}  // namespace

FORECASTD_PLUGIN(Wave, Limit)

namespace tests {

const forecastd::plugin::Catalogue& catalogue() {
    static const auto made = [] {
        forecastd::plugin::Catalogue result;
        result.add(forecastd_library_v1(nullptr), "in the test");
        return result;
    }();
    return made;
}

namespace {

using forecastd::Expected;
using forecastd::config::Paths;

const std::map<std::string, std::string>& files() {
    const auto pipeline = [](const std::string& name) {
        return R"({"pipelines": [{"name": ")" + name + R"(", "namepass": [")" + name +
               R"("], "detect": {"plugin": "limit"}}]})";
    };
    static const std::map<std::string, std::string> all{
        {"a.json", pipeline("a")},
        {"b.jsonc", pipeline("b") + " // with a comment"},
        {"folder/c.json", pipeline("c")},
        {"folder/d.jsonc", "{\"include\": [\"../a.json\"], \"limits\": {\"max_series\": 7,},}"},
        {"limits.json", "{\n  \"limits\": {\"max_series\": 5}}"},
        {"cycle.json", R"({"include": ["limits.json", "cycle.json"]})"},
        {"broken.json", "{\n  \"pipelines\": [}"}};
    return all;
}

Paths match(const std::filesystem::path& pattern) {
    if (pattern.string().find('*') == std::string::npos) return {pattern};
    Paths found;
    for (const auto& [name, text] : files())
        if (forecastd::config::glob_match(pattern.string(), name)) found.emplace_back(name);
    return found;
}

}  // namespace

const forecastd::config::Surroundings& surroundings() {
    static const forecastd::config::Surroundings all{
        [](const std::filesystem::path& path, const std::string& what) -> Expected<std::string> {
            const auto found = files().find(path.lexically_normal().string());
            if (found != files().end()) return found->second;
            return forecastd::fail("cannot read the " + what + " '" + path.string() + "'");
        },
        match,
        [](const std::filesystem::path& path) -> std::optional<Paths> {
            if (path == "none") return Paths{};
            if (path != "folder") return std::nullopt;
            return Paths{"folder/c.json", "folder/d.jsonc"};
        },
        [](const std::string& name) -> std::optional<std::string> {
            static const std::map<std::string, std::string> variables{
                {"HOST", "db1"}, {"N", "24"}, {"ON", "true"}, {"EMPTY", ""}};
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        }};
    return all;
}

Reading read(std::string_view json) {
    std::vector<forecastd::config::Problem> problems;
    const auto document = forecastd::config::Document::parse(std::string(json), problems, "", surroundings());
    Reading reading{document.read(catalogue(), problems), {}, {}, {}};
    for (const auto& problem : problems) {
        reading.problems.push_back(problem.path.empty() ? problem.message
                                                        : problem.path + ": " + problem.message);
        reading.texts.push_back(problem.text());
    }
    for (const auto& hint : document.hints(reading.config)) reading.hints.push_back(hint.sentence());
    return reading;
}

Reading read_pipeline(const std::string& json) { return read("{\"pipelines\": [" + json + "]}"); }

}  // namespace tests
