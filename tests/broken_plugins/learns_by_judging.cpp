// Counts the points that it judges in the state.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.learns_by_judging", "1.0.0",
                                            "Counts the points that it judges in the state."};
    struct Series {
        std::int64_t judged = 0;
    };
    bool ready(const Series&) const { return true; }
    void observe(Series&, const forecastd::Point&) const {}
    forecastd::Verdict judge(const Series& s, const forecastd::Point&) const {
        ++const_cast<Series&>(s).judged;
        return {0, 0, 1, -1, 1};
    }
};
FORECASTD_PLUGIN(Broken)
