// How long one fit takes: bench_refit HOLT.csv NEXT.csv ARIMA.csv prints NAME MICROSECONDS, a line each; one
// window a line of the files, whose windows follow one another. "first" fits a window from scratch, as
// statsmodels does; "refit" begins at the fit of the window before, as the plugins do between two searches
// from scratch; in NEXT.csv that is one point before.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "arima/fit.hpp"
#include "smoothing/fitter.hpp"

namespace {

using Window = std::vector<double>;

std::vector<Window> read(const char* path) {
    std::ifstream file(path);
    std::vector<Window> windows;
    for (std::string line; std::getline(file, line);) {
        Window window;
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) window.push_back(std::stod(cell));
        windows.push_back(std::move(window));
    }
    if (windows.empty()) {
        std::cerr << "bench_refit: found no window in " << path
                  << ", expected one a line; estimation.py writes them\n";
        std::exit(1);
    }
    return windows;
}

// Prints the time of one call of fit, over all windows, again and again for at least a fifth of a second.
void measure(const std::string& name, const std::vector<Window>& windows,
             const std::function<void(const Window&)>& fit) {
    using clock = std::chrono::steady_clock;
    for (const Window& window : windows) fit(window);
    const auto begin = clock::now();
    double fits = 0, seconds = 0;
    while (seconds < 0.2) {
        for (const Window& window : windows) fit(window);
        fits += static_cast<double>(windows.size());
        seconds = std::chrono::duration<double>(clock::now() - begin).count();
    }
    std::printf("%s %.3f\n", name.c_str(), 1e6 * seconds / fits);
}

void measure_holt(const std::string& name, const std::vector<Window>& windows) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const smoothing::Form damped{smoothing::Error::additive, smoothing::Trend::additive, true,
                                 smoothing::Season::none};
    smoothing::Fitter fitter(windows[0].size(), 0);
    smoothing::Weights last;
    const auto fit = [&](const Window& window, bool warm) {
        smoothing::FitOptions options;
        options.given = {nan, nan, nan, nan};
        if (warm) options.start = &last;
        fitter.take(window);
        last = fitter.fit(damped, options, {}).weights;
    };
    measure(name + "-first", windows, [&](const Window& window) { fit(window, false); });
    measure(name + "-refit", windows, [&](const Window& window) { fit(window, true); });
}

void measure_arima(const std::string& name, const std::vector<Window>& windows, const arima::Order& order) {
    arima::Room room;
    room.values = windows[0].size();
    room.ar_terms = 2;
    room.ma_terms = 2;
    room.lags = 1;
    arima::Workspace workspace(room);
    arima::Fit last;
    const auto fit = [&](const Window& window, bool warm) {
        const arima::Fit from = last;
        arima::Effort effort;
        if (warm) effort.last = &from;
        last = arima::fit(window, order, workspace, effort);
    };
    measure(name + "-first", windows, [&](const Window& window) { fit(window, false); });
    measure(name + "-refit", windows, [&](const Window& window) { fit(window, true); });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "Usage: bench_refit HOLT.csv NEXT.csv ARIMA.csv\n";
        return 2;
    }
    measure_holt("holt-damped", read(argv[1]));
    measure_holt("holt-damped-next", read(argv[2]));
    const auto windows = read(argv[3]);
    arima::Order order;
    order.p = order.d = order.q = 1;
    measure_arima("arima-111", windows, order);
    order.p = order.q = 2;
    measure_arima("arima-212", windows, order);
}
