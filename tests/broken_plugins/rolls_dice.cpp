// Adds a number to each score that differs from model to model.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.rolls_dice", "1.0.0",
                                            "Adds a number to each score that differs from model to model."};
    struct Series {
        std::int64_t points = 0;
    };
    static inline double next = 0;
    double number = next += 0.001;
    bool ready(const Series&) const { return true; }
    void observe(Series& s, const forecastd::Point&) const { ++s.points; }
    forecastd::Verdict judge(const Series&, const forecastd::Point&) const { return {number, 0, 1, -1, 1}; }
};
FORECASTD_PLUGIN(Broken)
