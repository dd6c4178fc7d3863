// Prints to standard output, then reads and closes both standard streams, at the tenth point of a series.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.prints", "1.0.0",
                                            "Prints to standard output, then reads and closes both standard "
                                            "streams, at the tenth point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10) meddle();
    }
    static void meddle() {
        std::printf("printed,by=plugin v=1 1\n");
        std::fflush(stdout);
        if (::write(STDOUT_FILENO, "written,by=plugin v=1 1\n", 24) != 24) return;
        char byte = 0;
        if (::read(STDIN_FILENO, &byte, 1) != 0) std::abort();
        ::close(STDIN_FILENO);
        ::close(STDOUT_FILENO);
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
