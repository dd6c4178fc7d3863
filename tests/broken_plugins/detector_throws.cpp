// A detector that throws at the tenth point of a series.
#include <forecastd/plugin.hpp>

struct Throws {
    static constexpr forecastd::About about{"broken.detector_throws", "1.0.0",
                                            "Throws at the tenth point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10) throw std::runtime_error("the model broke down at point 10");
    }
    forecastd::Verdict judge(const Series&, const forecastd::Point&) const { return {0, 0, 1, -1, 1}; }
};
FORECASTD_PLUGIN(Throws)
