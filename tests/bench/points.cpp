// What a point costs each forecaster, judged and learned in batches as the host does it: bench_points prints
// a Markdown table. 100 series of 2,000 points, a season of 24 and a slow wave; each row is an algorithm with
// its parameters.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "unit/plugins/algorithm.hpp"

namespace {

constexpr std::size_t series_count = 100, points_each = 2000;

struct Row {
    const char* file;
    const char* id;
    const char* words;  // what is not default
    std::vector<test::Setting> settings;
};

double value_at(std::size_t series, std::size_t t, std::mt19937& random) {
    const double noise = static_cast<double>(random() % 1000) / 500 - 1;
    return 50 + 5 * std::sin(static_cast<double>(t + series) * 0.2618) +
           10 * std::sin(static_cast<double>(t) * 0.003) + noise;
}

void measure(const Row& row) {
    const test::Model model(test::algorithm(row.file, row.id), row.settings);
    if (!model.get()) {
        std::printf("bench_points: %s: %s\n", row.id, model.error());
        return;
    }
    std::vector<test::Series> all;
    for (std::size_t i = 0; i < series_count; ++i) all.emplace_back(model);
    std::vector<std::vector<fcd_point>> batches(points_each);
    std::mt19937 random(1);
    for (std::size_t t = 0; t < points_each; ++t)
        for (std::size_t i = 0; i < series_count; ++i)
            batches[t].push_back(all[i].point(static_cast<std::int64_t>(t), value_at(i, t, random)));
    std::vector<fcd_verdict> verdicts(series_count);
    fcd_error error{};
    std::size_t done = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& batch : batches)
        done += model.algorithm().advance(model.get(), batch.data(), batch.size(), verdicts.data(), &error);
    const double ns =
        std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
    std::printf("| `%s` | %s | %.0f | %zu |\n", row.id, row.words, ns / static_cast<double>(done),
                model.series_size());
    std::fflush(stdout);
}

}  // namespace

int main() {
    const Row rows[] = {
        {"naive", "naive", "", {}},
        {"naive", "seasonal-naive", "season 24", {{"season_length", 24}}},
        {"auto", "auto", "", {}},
        {"auto", "auto", "season 24", {{"season_length", 24}}},
        {"auto", "auto", "seasons 24 and 168", {{"season_length", 24}, {"second_season_length", 168}}},
        {"ses", "ses", "online", {{"fit", 1}}},
        {"ses", "ses", "window 120, a fit each 30 points", {{"fit", 0}}},
        {"holt", "holt", "all weights given", {{"alpha", 0.7}, {"beta", 0.03}, {"phi", 0.9}}},
        {"holt", "holt", "online", {{"fit", 1}}},
        {"holt", "holt", "window 120, a fit each 30 points", {{"fit", 0}}},
        {"holt", "holt", "the same, form chosen", {{"fit", 0}, {"trend", 3}, {"damped_trend", 2}}},
        {"holt_winters", "holt-winters", "season 24, online", {{"season_length", 24}, {"fit", 1}}},
        {"holt_winters",
         "holt-winters",
         "season 24, window 120, a fit each 30 points",
         {{"season_length", 24}}},
        {"theta", "theta", "season 24", {{"season_length", 24}}},
        {"lag", "lag", "season 24, online", {{"season_length", 24}, {"fit", 1}}},
        {"lag",
         "lag",
         "seasons 24 and 168, online",
         {{"season_length", 24}, {"second_season_length", 168}, {"fit", 1}}},
        {"lag",
         "lag",
         "seasons 24 and 168, window 1000, a fit each 30 points",
         {{"season_length", 24}, {"second_season_length", 168}}},
        {"trend", "trend", "", {}},
        {"trend", "trend", "season 24", {{"season_length", 24}}},
        {"trend", "trend", "season 144, window 432", {{"season_length", 144}, {"window", 432}}},
        {"arima", "arima", "(1,1,1)", {{"order", {1, 1, 1}}}},
    };
    std::printf("| forecaster | | ns a point | bytes a series |\n| --- | --- | ---: | ---: |\n");
    for (const Row& row : rows) measure(row);
}
