// Models with one mistake each, picked by a macro; CMakeLists.txt has what the compiler must say of it.
#include <forecastd/plugin.hpp>
#include <string>

using namespace forecastd;

struct Sound {
    static constexpr About about{"wrong.model", "1.0.0", "Has a mistake."};
    struct Series {
        double last = 0;
    };
    void observe(Series&, const Point&) const {}
};
struct Forecaster : Sound {
    void forecast(const Series&, Forecast&) const {}
};

#if defined(WRONG_about)
struct Model {
    struct Series {};
};
#elif defined(WRONG_no_series)
struct Model {
    static constexpr About about{"wrong.model", "1.0.0", "Has a mistake."};
};
#elif defined(WRONG_series)
struct Model : Forecaster {
    struct Series {
        std::string text;
    };
};
#elif defined(WRONG_no_observe)
struct Model {
    static constexpr About about{"wrong.model", "1.0.0", "Has a mistake."};
    struct Series {};
    void forecast(const Series&, Forecast&) const {}
};
#elif defined(WRONG_observe)
struct Model : Forecaster {
    void observe(Series&, const Point&) {}
};
#elif defined(WRONG_neither)
struct Model : Sound {};
#elif defined(WRONG_forecast)
struct Model : Sound {
    void forecast(Series&, Forecast&) const {}
    Verdict judge(const Series&, const Point&) const { return {}; }
};
#elif defined(WRONG_judge)
struct Model : Forecaster {
    double judge(const Series&, const Point&) const { return 0; }
};
#elif defined(WRONG_ready)
struct Model : Forecaster {
    bool ready(Series&) const { return true; }
};
#elif defined(WRONG_start)
struct Model : Forecaster {
    void start(Series&) {}
};
#elif defined(WRONG_expect)
struct Model : Forecaster {
    double expect(const Series&, const Point&) const { return 0; }
};
#elif defined(WRONG_lone_expect)
struct Model : Sound {
    Verdict judge(const Series&, const Point&) const { return {}; }
    Prediction expect(const Series&, const Point&) const { return {0, 0}; }
};
#elif defined(WRONG_prepare)
struct Model : Forecaster {
    void prepare() {}
};
#elif defined(WRONG_tail_length)
struct Model : Forecaster {
    std::size_t tail_length() { return 1; }
};
#elif defined(WRONG_no_tail)
struct Model : Forecaster {
    std::size_t tail_length() const { return 1; }
};
#elif defined(WRONG_tails)
struct Model : Forecaster {
    std::size_t tails() const { return 1; }
};
#elif defined(WRONG_two_tails)
struct Model : Forecaster {
    std::size_t tail_length() const { return 1; }
    auto tails() const { return std::tuple{Tail<double>{1}}; }
};
#elif defined(WRONG_tail_element)
struct Model : Forecaster {
    auto tails() const { return std::tuple{Tail<const char*>{1}}; }
};
#elif defined(WRONG_pointer)
struct Model : Sound {
    struct Series {
        double last = 0;
        double* history = nullptr;
    };
    void observe(Series&, const Point&) const {}
    void forecast(const Series&, Forecast&) const {}
};
#elif defined(WRONG_end)
struct Model : Forecaster {
    void end(const Series&, int) const {}
};
#elif defined(WRONG_migrate)
struct Model : Forecaster {
    bool migrate(Series&, const Saved&) const { return true; }
};
#elif defined(WRONG_migrate_end)
struct Model : Forecaster {
    bool migrate(const Saved&, Series&) const { return true; }
    void end(Series&) const {}
};
#elif defined(WRONG_inputs)
struct Model : Forecaster {
    static constexpr auto inputs() { return std::tuple{ahead("calendar.hour", "The hour.")}; }
};
#elif defined(WRONG_reasons)
struct Model : Forecaster {
    static constexpr auto reasons() { return "It is high."; }
    Verdict judge(const Series&, const Point&) const { return {}; }
};
#elif defined(WRONG_lone_reasons)
struct Model : Forecaster {
    static constexpr auto reasons() { return std::array{"It is high."}; }
};
#elif defined(WRONG_extension)
struct Model : Forecaster {
    const void* extension(const char*) const { return nullptr; }
};
#elif defined(WRONG_no_time)
struct Model : Forecaster {
    static constexpr auto params() {
        return std::tuple{steps<&Model::window>("window", seconds(0), 1, 10, "Points.")};
    }
    std::int64_t window;
};
#elif defined(WRONG_params)
struct Model : Forecaster {
    auto params() const { return std::tuple{}; }
};
#elif defined(WRONG_default)
struct Model : Forecaster {
    static constexpr auto params() { return std::tuple{real<&Model::alpha>("alpha", 2, 0, 1, "A weight.")}; }
    double alpha;
};
#elif defined(WRONG_narrow)
struct Model : Forecaster {
    static constexpr auto params() {
        return std::tuple{integer<&Model::window>("window", 1, 1, 1'000'000, "Points.")};
    }
    std::int16_t window;
};
#elif defined(WRONG_names)
struct Model : Forecaster {
    static constexpr auto params() {
        return std::tuple{choice<&Model::form>(
            "form", 0, {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q"},
            "The form.")};
    }
    int form;
};
#elif defined(WRONG_list_length)
struct Model : Forecaster {
    static constexpr auto params() {
        return std::tuple{integers<&Model::order>("order", {1, 0}, 0, 5, "Three numbers.")};
    }
    Integers<3> order;
};
#elif defined(WRONG_list_member)
struct Model : Forecaster {
    static constexpr auto params() {
        return std::tuple{integers<&Model::order>("order", automatic, 0, 5, "Three numbers.")};
    }
    std::array<std::int64_t, 3> order;
};
#elif defined(WRONG_list_default)
struct Model : Forecaster {
    static constexpr auto params() {
        return std::tuple{integers<&Model::order>("order", {1, 0, 6}, 0, 5, "Three numbers.")};
    }
    Integers<3> order;
};
#elif defined(WRONG_no_diagnose)
struct Model : Forecaster {
    struct Known {
        double alpha = forecastd::nan;
    };
    static constexpr auto diagnostics() {
        return std::tuple{diagnostic<&Known::alpha>("alpha", "The weight in use.")};
    }
};
#elif defined(WRONG_diagnose)
struct Model : Forecaster {
    struct Known {
        double alpha = forecastd::nan;
    };
    static constexpr auto diagnostics() {
        return std::tuple{diagnostic<&Known::alpha>("alpha", "The weight in use.")};
    }
    Known diagnose(Series&) const { return {}; }
};
#elif defined(WRONG_lone_diagnose)
struct Model : Forecaster {
    double diagnose(const Series&) const { return 0; }
};
#elif defined(WRONG_diagnostics)
struct Model : Forecaster {
    auto diagnostics() const { return std::tuple{}; }
};
#elif defined(WRONG_diagnostic_member)
struct Model : Forecaster {
    struct Known {
        std::string family;
    };
    static constexpr auto diagnostics() {
        return std::tuple{diagnostic<&Known::family>("family", "The family in use.")};
    }
    Known diagnose(const Series&) const { return {}; }
};
#endif
FORECASTD_PLUGIN(Model)
