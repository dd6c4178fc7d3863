#include "verify/measuring.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace forecastd::verify {
namespace {

using Clock = std::chrono::steady_clock;

// The numbers of a line, as a child writes them.
Numbers read(const std::string& line) {
    Numbers numbers;
    const char* at = line.c_str();
    for (char* end = nullptr;; at = end) {
        const double number = std::strtod(at, &end);
        if (end == at) return numbers;
        numbers.push_back(number);
    }
}

}  // namespace

Expected<Numbers> measured(const std::function<Numbers()>& measure, const Setting& setting) {
    const std::function<Result()> check = [&measure] {
        std::string line;
        for (const double number : measure()) {
            char text[40];
            std::snprintf(text, sizeof text, "%.17g ", number);
            line += text;
        }
        return Result{Outcome::pass, line};
    };
    const Result result = setting.in_process ? in_process(check) : in_child(check, setting.limits);
    if (result.outcome != Outcome::pass) return fail(result.why);
    return read(result.why);
}

std::unique_ptr<plugin::Model> model_of(const Setting& setting) {
    return setting.rig.model(setting.choice, Rig::usual_interval_ns);
}

std::int64_t greatest_steps(const config::ModelChoice& choice) {
    std::int64_t greatest = 0;
    const auto values = choice.resolve(Rig::usual_interval_ns);
    for (std::size_t i = 0; values && i < values->size(); ++i)
        if (choice.algorithm->params[i]->type == FCD_STEPS)
            greatest = std::max(greatest, (*values)[i].integer);
    return greatest;
}

std::size_t learn(const Setting& setting, TimedSeries& series, std::chrono::nanoseconds time) {
    constexpr std::int64_t least = 500, most = 200'000;
    constexpr std::size_t batch = TimedSeries::points_a_call;
    const Clock::time_point until = Clock::now() + time;
    const auto values = setting.rig.usual_values(2400);
    const std::int64_t steps = std::min(greatest_steps(setting.choice), most / 2);
    const auto points = static_cast<std::size_t>(std::max(least, 2 * steps));
    std::size_t done = 0;
    for (; done < points && Clock::now() < until; done += batch) {
        series.lay_out(batch, values);
        series.advance(0, batch);
    }
    return done;
}

Numbers timed(const Setting& setting, std::size_t rounds, std::size_t items_a_round,
              const std::function<void()>& prepare, const std::function<void(std::size_t)>& round) {
    Numbers found;
    for (std::size_t run = 0; run < setting.runs; ++run) {
        prepare();
        const Clock::time_point begin = Clock::now();
        Clock::duration taken{};
        std::size_t done = 0;
        do {
            round(done);
            taken = Clock::now() - begin;
        } while (++done < rounds && taken < setting.of_a_run());
        found.push_back(std::chrono::duration<double, std::nano>(taken).count() /
                        static_cast<double>(done * items_a_round));
    }
    return found;
}

}  // namespace forecastd::verify
