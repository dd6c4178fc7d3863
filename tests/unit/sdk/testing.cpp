// forecastd/testing.hpp, which drives a plugin without the host. The plugin is here.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <forecastd/plugin.hpp>
#include <forecastd/testing.hpp>

#include <csignal>
#include <cstring>
#include <functional>

namespace {

using forecastd::testing::Model;
using forecastd::testing::Series;

const volatile std::size_t no_index = 0;  // that no compiler sees through

// The mean of the last values of its kind of window, and faults that can be asked for.
struct Window {
    static constexpr forecastd::About about{"test.window", "1.0.0", "The mean of the last values."};
    enum class Fault { none, behind, before, forecast };
    static constexpr auto params() {
        return std::tuple{
            forecastd::steps<&Window::length>("length", forecastd::minutes(1), 1, 1000, "Values."),
            forecastd::choice<&Window::fault>("fault", Fault::none, {"none", "behind", "before", "forecast"},
                                              "What is done wrong."),
            forecastd::integers<&Window::lags>("lags", forecastd::automatic, 1, 9, "Two lags."),
            forecastd::boolean<&Window::twice>("twice", false, "Doubles what is forecast."),
            forecastd::real<&Window::most>("most", 1e9, 0.0, 1e9, "The greatest value that is allowed.")};
    }
    std::size_t length;
    Fault fault;
    forecastd::Integers<2> lags;
    bool twice;
    double most;

    struct Series {
        std::uint64_t seen = 0;
        double seed = 0;
    };
    using Last = std::span<const double>;

    void prepare(const forecastd::Grid&) {
        if (length == 13) throw std::invalid_argument("a window of 13 brings no luck");
    }
    std::size_t tail_length() const { return length; }
    bool ready(const Series& s, Last) const { return s.seen > 0; }
    void start(Series& s, std::span<double>, const forecastd::SeriesInfo& info) const {
        s.seed = static_cast<double>(info.id_hash);
    }
    void observe(Series& s, std::span<double> last, const forecastd::Point& p) const {
        if (p.value > most) throw std::domain_error("too great");
        last[s.seen++ % length] = p.value;
        if (fault == Fault::behind) last.data()[length] = 1;
        if (fault == Fault::before) reinterpret_cast<double*>(&s)[-1] = 1;
    }
    void forecast(const Series& s, Last last, forecastd::Forecast& out) const {
        double sum = 0;
        const std::size_t known = std::min<std::size_t>(s.seen, length);
        for (std::size_t i = 0; i < known; ++i) sum += last[i];
        const double mean = sum / static_cast<double>(known) * (twice ? 2 : 1);
        for (auto& step : out) step = {mean, forecastd::nan};
        if (fault == Fault::forecast) out.end()[no_index] = {1, 1};
    }
};

std::string refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& exception) {
        return exception.what();
    }
    return "nothing was refused";
}

#ifndef FORECASTD_TESTS_SANITIZED
// How a child ends that does this: the number of its signal, or 0.
int signal_of(const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        for (const int signal : {SIGSEGV, SIGBUS}) std::signal(signal, SIG_DFL);
        work();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
#endif

}  // namespace
FORECASTD_PLUGIN(Window)

TEST_CASE("values are learned, judged and forecast") {
    const Model model("test.window", {{"length", 4}});
    CHECK(model.series_size() == sizeof(Window::Series) + 4 * sizeof(double));
    Series series(model);
    CHECK(series.forecast(2).empty());
    CHECK(series.learn({1, 2, 3}).size() == 3);
    CHECK(series.judge(100).expected == doctest::Approx(2));
    CHECK(series.judge(100).expected == doctest::Approx(2));  // nothing was learned
    CHECK(series.learn(6).expected == doctest::Approx(2));
    const auto forecast = series.forecast(3);
    REQUIRE(forecast.size() == 3);
    CHECK(forecast[2].mean == doctest::Approx(3));
    CHECK(series.survives());
}

TEST_CASE("a gap moves the next step on") {
    const Model model("test.window", {}, 10'000'000'000);
    Series series(model);
    const auto before = series.point(5);
    series.gap(7);
    const auto after = series.point(5);
    CHECK(after.step == before.step + 7);
    CHECK(after.time_ns == before.time_ns + 70'000'000'000);
    series.learn(5);
    CHECK(series.point(5).step == after.step + 1);
}

TEST_CASE("a batch may have points of several series") {
    const Model model("test.window", {{"length", 2}});
    Series one(model), other(model);
    std::vector<fcd_point> points;
    for (const double value : {1.0, 2.0, 3.0}) {
        points.push_back(one.point(value));
        points.push_back(other.point(value * 10));
        one.gap(1);
        other.gap(1);
    }
    const auto verdicts = model.advance(points);
    CHECK(verdicts[4].expected == doctest::Approx(1.5));
    CHECK(verdicts[5].expected == doctest::Approx(15));
}

TEST_CASE("a learn_limit is obeyed, and a seed is given") {
    const Model model("test.window");
    Series series(model, 42);
    series.learn(10);
    series.learn(1000, 2);  // as 12
    CHECK(series.judge(0).expected == doctest::Approx(11));
    double seed = 0;
    std::memcpy(&seed, series.state().data() + 8, sizeof seed);
    CHECK(seed == 42);
}

TEST_CASE("settings are checked as the host checks them") {
    CHECK(Model("test.window", {}, 30'000'000'000).series_size() ==
          sizeof(Window::Series) + 2 * sizeof(double));
    CHECK(refusal([] {
              Model("test.window", {{"length", 0}});
          }) == "parameter 'length': its value is outside of its range");
    CHECK(refusal([] {
              Model("test.window", {{"width", 1}});
          }) == "parameter 'width': there is no parameter of this name");
    CHECK(refusal([] {
              Model("test.window", {{"fault", "all"}});
          }) == "parameter 'fault': its choice is none of those that it has");
    CHECK(refusal([] {
              Model("test.window", {{"lags", {1, 10}}});
          }) == "parameter 'lags': an item is outside of its range");
    CHECK(refusal([] { Model("test.window", {{"length", 13}}); }) == "a window of 13 brings no luck");
    CHECK(refusal([] { Model("test.widow"); }) == "the plugin has no algorithm 'test.widow'");
    const Model model("test.window", {{"lags", {1, 3}}, {"twice", 1}});
    Series series(model);
    series.learn(5);
    CHECK(series.forecast(1).at(0).mean == 10);
}

TEST_CASE("what the plugin throws is told") {
    const Model model("test.window", {{"most", 10}});
    Series series(model);
    CHECK(refusal([&] { series.learn({1, 2, 30}); }) == "point 3 failed: too great");
}

TEST_CASE("what lies beside a state is guarded") {
    const auto learn = [](const char* fault, double length) {
        return [=] {
            const Model model("test.window", {{"fault", fault}, {"length", length}});
            Series series(model);
            series.learn(1);
        };
    };
    // In a state of a multiple of 16 bytes, one byte behind it is another page; else it is found after the call.
#ifndef FORECASTD_TESTS_SANITIZED
    CHECK(signal_of(learn("behind", 4)) == SIGSEGV);
    CHECK(signal_of([] {
              const Model model("test.window", {{"fault", "forecast"}});
              Series series(model);
              series.learn(1);
              (void)series.forecast(3);
          }) == SIGSEGV);
#endif
    CHECK(refusal(learn("behind", 3)) == "it wrote beside the state of its series");
    CHECK(refusal(learn("before", 3)) == "it wrote beside the state of its series");
    CHECK(refusal(learn("none", 3)) == "nothing was refused");
}

TEST_CASE("checks count") {
    REQUIRE(forecastd::testing::result() == 0);
    FCD_TEST(1 + 1 == 2);
    FCD_TEST_NEAR(1.0, 1.5, 0.5);
    FCD_TEST_NEAR(NAN, NAN, 0);
    CHECK(*fcd_test_failures() == 0);
    FCD_TEST(1 + 1 == 3);
    FCD_TEST_NEAR(1.0, NAN, 1);
    CHECK(*fcd_test_failures() == 2);
    CHECK(forecastd::testing::result() == 1);
    *fcd_test_failures() = 0;
}
