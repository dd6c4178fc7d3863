// Never returns when a model that was used is freed.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.hangs_at_end", "1.0.0",
                                            "Never returns when a model that was used is freed."};
    struct Series {};
    ~Broken() {
        for (volatile bool on = points > 0; on;) continue;
    }
    static inline std::int64_t points = 0;  // a model that is only tried gets none
    void observe(Series&, const forecastd::Point&) const { ++points; }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
