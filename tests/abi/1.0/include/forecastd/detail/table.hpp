// Makes an fcd_algorithm of a model, and an fcd_library of several.
//
// What it adds to the author's methods: the loop over points, learn_limit and flags, the default of ready(),
// errors from exceptions, and the tables of what the model declares.
#ifndef FORECASTD_DETAIL_TABLE_HPP
#define FORECASTD_DETAIL_TABLE_HPP

#include <forecastd/detail/adapter.hpp>
#include <forecastd/detail/declared.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

// Hidden, also in a plugin that is built with the default visibility: else the linker would share the tables
// of two plugins whose models have the same name.
#pragma GCC visibility push(hidden)

namespace forecastd::detail {

// As much of text as fits, without a torn character at its end.
inline void write(fcd_error* error, std::int32_t code, std::string_view text) {
    if (!error) return;
    error->code = code;
    constexpr std::size_t room = sizeof error->text - 1;
    std::size_t size = std::min(text.size(), room);
    if (size < text.size())
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0u) == 0x80u)
            --size;  // within a character
    *std::copy_n(text.begin(), size, error->text) = '\0';
}

// Runs body; what it throws becomes the error's code and text, and the value `failed`.
template <class Result, class Body>
Result guarded(fcd_error* error, Result failed, Body&& body) noexcept {
    try {
        return body();
    } catch (const Failure& failure) {
        write(error, failure.code(), failure.what());
    } catch (const std::exception& exception) {
        write(error, FCD_SET_ASIDE, exception.what());
    } catch (...) {
        write(error, FCD_SET_ASIDE, "threw something that is not a std::exception");
    }
    return failed;
}

template <class Model>
struct Table {
    static_assert(HasAbout<Model>,
                  "a model needs `static constexpr forecastd::About about{\"acme.spikes\", \"1.0.0\", \"One "
                  "sentence.\"};`");
    static_assert(HasSeries<Model>, "a model needs `struct Series { ... };`, the state of one series");
    static_assert(std::is_default_constructible_v<Model>, "a model is made without arguments; see prepare()");

    // A method of a known name but in another form would be left uncalled without a word.
    static_assert(
        HasTailLength<Model> || !requires { &Model::tail_length; },
        "tail_length must be `std::size_t tail_length() const`");
    static_assert(
        HasTails<Model> || !requires { &Model::tails; },
        "tails must be `auto tails() const`, which returns a std::tuple of forecastd::Tail<T>{length}");

    using Adapt = Adapter<Model>;
    using Data = Declared<Model>;
    static constexpr bool forecasts = Adapt::template has_forecast<const void*, Forecast&>;
    static constexpr bool detects = Adapt::template has_judge<const void*, const Point&>;
    static constexpr bool starts_with_info = Adapt::template has_start<void*, const SeriesInfo&>;
    static constexpr bool starts = starts_with_info || Adapt::template has_start<void*>;
    static constexpr bool ends = Adapt::template has_end<void*>;
    static constexpr bool expects = Adapt::template has_expect<const void*, const Point&>;
    static constexpr bool knows_ready = Adapt::template has_ready<const void*>;
    static constexpr bool diagnoses = Adapt::template has_diagnose<const void*>;
    static constexpr bool migrates = Adapt::template has_migrate<void*>;

#define FORECASTD_DETAIL_TAIL                                                                       \
    "; with tail_length() or tails(), a std::span for each tail follows Series (of const elements " \
    "where Series is const)"
    static_assert(Adapt::template has_observe<void*, const Point&>,
                  "a model needs `void observe(Series&, const Point&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(forecasts || detects || Adapt::names_forecast || Adapt::names_judge,
                  "a model needs `void forecast(const Series&, Forecast&) const`, or "
                  "`Verdict judge(const Series&, const Point&) const`, or both" FORECASTD_DETAIL_TAIL);
    static_assert(forecasts || !Adapt::names_forecast,
                  "forecast must be `void forecast(const Series&, Forecast&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(detects || !Adapt::names_judge,
                  "judge must be `Verdict judge(const Series&, const Point&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(starts || !Adapt::names_start,
                  "start must be `void start(Series&) const` or `void start(Series&, const SeriesInfo&) "
                  "const`" FORECASTD_DETAIL_TAIL);
    static_assert(ends || !Adapt::names_end, "end must be `void end(Series&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(
        expects || !Adapt::names_expect,
        "expect must be `Prediction expect(const Series&, const Point&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(knows_ready || !Adapt::names_ready,
                  "ready must be `bool ready(const Series&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(migrates || !Adapt::names_migrate,
                  "migrate must be `bool migrate(const Saved&, Series&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(
        !migrates || !ends,
        "a model with end() owns more than its bytes, so no state of it is saved, and migrate() would "
        "never be called");
    static_assert(
        diagnoses || !HasDiagnostics<Model>,
        "diagnostics() needs `Known diagnose(const Series&) const` beside it, Known being the struct "
        "whose members it names" FORECASTD_DETAIL_TAIL);
#undef FORECASTD_DETAIL_TAIL
    static_assert(HasDiagnostics<Model> || !Adapt::names_diagnose,
                  "diagnose() needs `static constexpr auto diagnostics()` beside it, which returns a "
                  "std::tuple of forecastd::diagnostic<>");
    static_assert(
        HasDiagnostics<Model> || !requires { &Model::diagnostics; },
        "diagnostics must be `static constexpr auto diagnostics()`, which returns a std::tuple of "
        "forecastd::diagnostic<>");
    static_assert(forecasts || !expects,
                  "expect() is the forecast of one step: it needs forecast() beside it");
    static_assert(
        HasPrepare<Model> || !requires { &Model::prepare; }, "prepare must be `void prepare(const Grid&)`");
    static_assert(
        HasParams<Model> || !requires { &Model::params; },
        "params must be `static constexpr auto params()`, which returns a std::tuple");
    static_assert(
        HasInputs<Model> || !requires { &Model::inputs; },
        "inputs must be `static constexpr auto inputs()`, which returns a std::array of forecastd::past() "
        "and "
        "forecastd::ahead()");
    static_assert(
        HasReasons<Model> || !requires { &Model::reasons; },
        "reasons must be `static constexpr auto reasons()`, which returns a std::array of sentences, each a "
        "const char*");
    static_assert(detects || !HasReasons<Model>,
                  "reasons() are those of judge(): it needs judge() beside it");
    static_assert(
        HasExtension<Model> || !requires { &Model::extension; },
        "extension must be `static const void* extension(const char* id)`");

    static_assert(std::apply([](const auto&... param) { return (param.default_fits() && ...); },
                             Data::params()),
                  "the default of a parameter must lie from its least to its greatest value");

    static const Model& model(const fcd_model* opaque) { return *reinterpret_cast<const Model*>(opaque); }

    // Without a ready() of its own, a model is ready once a point was learned.
    static bool ready(const Model& m, const void* bytes) {
        (void)m;
        if constexpr (knows_ready)
            return Adapt::ready(m, bytes);
        else
            return Adapt::learned(bytes);
    }
    static void observe(const Model& m, const Point& point) {
        Adapt::observe(m, point.series, point);
        if constexpr (!knows_ready) Adapt::set_learned(point.series);
    }

    // Of a series that is ready. A model that cannot tell yet is asked later; the point is learned all the
    // same.
    static Prediction expect(const Model& m, const Point& point) {
        try {
            return one_step(m, point);
        } catch (const AskLater&) {
            return {nan, nan};
        }
    }
    static Prediction one_step(const Model& m, const Point& point) {
        const void* bytes = point.series;
        if constexpr (expects) {
            return Adapt::expect(m, bytes, point);
        } else {
            Prediction one{nan, nan};
            fcd_horizon horizon{};
            horizon.struct_size = sizeof horizon;
            horizon.steps = 1;
            horizon.first_step = point.step;
            horizon.local_steps = &point.local_step;
            horizon.input_count = Data::input_count;
            horizon.inputs = point.inputs;
            Forecast out(horizon, &one);
            Adapt::forecast(m, bytes, out);
            return one;
        }
    }

    static Verdict verdict(const Model& m, const Point& point) {
        Verdict result;
        if (!ready(m, point.series)) return result;
        if constexpr (detects) result = Adapt::judge(m, static_cast<const void*>(point.series), point);
        if constexpr (forecasts) {
            if (!std::isnan(result.expected)) return result;  // judge() expects something itself
            const Prediction one = expect(m, point);
            result.expected = one.mean;
            result.deviation = one.deviation;
        }
        return result;
    }

    static fcd_verdict plain(const Verdict& v) {
        return {v.score, v.expected, v.deviation, v.lower, v.upper, v.reason, 0};
    }

    static std::size_t advance(const fcd_model* opaque, const fcd_point* points, std::size_t count,
                               fcd_verdict* verdicts, fcd_error* error) {
        const Model& m = model(opaque);
        std::size_t done = 0;
        guarded(error, 0, [&] {
            for (; done < count; ++done) {
                const Point& point = points[done];
                if (std::isnan(point.learn_limit) && (point.flags & (FCD_JUDGE_ONLY | FCD_LEARN_ONLY)) == 0) {
                    verdicts[done] = plain(verdict(m, point));
                    observe(m, point);
                } else {
                    verdicts[done] = plain(advance_limited(m, point));
                }
            }
            return 0;
        });
        return done;
    }

    // Judges and learns a point as far as its flags and its learn_limit allow.
    static Verdict advance_limited(const Model& m, const Point& point) {
        const bool limited = !std::isnan(point.learn_limit);
        const bool judges = (point.flags & FCD_LEARN_ONLY) == 0;
        const bool learns = (point.flags & FCD_JUDGE_ONLY) == 0 && !(point.learn_limit <= 0);
        const Verdict v = judges || (learns && limited) ? verdict(m, point) : Verdict{};
        if (!learns) return v;
        if (!limited || !std::isfinite(v.expected)) {
            observe(m, point);
        } else {
            Point moved = point;
            moved.value =
                std::clamp(point.value, v.expected - point.learn_limit, v.expected + point.learn_limit);
            observe(m, moved);
        }
        return v;
    }

    static std::int32_t forecast(const fcd_model* opaque, const void* bytes, const fcd_horizon* horizon,
                                 fcd_prediction* out, fcd_error* error) {
        return guarded(error, FCD_ERROR, [&] {
            if (!ready(model(opaque), bytes)) return FCD_NOT_YET;
            Forecast steps(*horizon, out);
            for (auto& step : steps) step = {nan, nan};
            Adapt::forecast(model(opaque), bytes, steps);
            return FCD_OK;
        });
    }

    static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, std::size_t* series_size,
                                fcd_error* error) {
        return guarded(error, static_cast<fcd_model*>(nullptr), [&] {
            auto made = std::make_unique<Model>();
            [&]<std::size_t... I>(std::index_sequence<I...>) {
                (std::tuple_element_t<I, decltype(Data::params())>::assign(*made, values[I]), ...);
            }
            (std::make_index_sequence<Data::param_count>());
            if constexpr (HasPrepare<Model>) made->prepare(*grid);
            (void)values, (void)grid;
            *series_size = Adapt::size(*made);
            return reinterpret_cast<fcd_model*>(made.release());
        });
    }
    static void model_free(fcd_model* opaque) { delete reinterpret_cast<Model*>(opaque); }

    static std::int32_t series_init(const fcd_model* opaque, void* bytes, const fcd_series_info* info,
                                    fcd_error* error) {
        return guarded(error, FCD_ERROR, [&] {
            ::new (bytes) typename Model::Series{};
            if constexpr (starts_with_info)
                Adapt::start(model(opaque), bytes, *info);
            else if constexpr (starts)
                Adapt::start(model(opaque), bytes);
            (void)opaque, (void)info;
            return FCD_OK;
        });
    }
    static void series_free(const fcd_model* opaque, void* bytes) {
        guarded(nullptr, 0, [&] {
            Adapt::end(model(opaque), bytes);
            return 0;
        });
    }

    // The host copies plain bytes of the same version, parameters, grid and size itself; this is for all
    // others.
    static std::int32_t load(const fcd_model* opaque, void* bytes, const fcd_saved* saved, fcd_error* error) {
        return guarded(error, FCD_ERROR, [&] {
            if (!Adapt::migrate(model(opaque), Saved(*saved), bytes)) {
                write(error, FCD_SET_ASIDE, "migrate() does not take over this state");
                return FCD_ERROR;
            }
            if constexpr (!knows_ready) Adapt::set_learned(bytes);
            return FCD_OK;
        });
    }

    static std::int32_t diagnose(const fcd_model* opaque, const void* bytes, fcd_value* out,
                                 fcd_error* error) {
        return guarded(error, FCD_ERROR, [&] {
            const auto known = Adapt::diagnose(model(opaque), bytes);
            [&]<std::size_t... I>(std::index_sequence<I...>) {
                ((out[I] = std::tuple_element_t<I, decltype(Model::diagnostics())>::value(known)), ...);
            }
            (std::make_index_sequence<std::tuple_size_v<decltype(Model::diagnostics())>>());
            return FCD_OK;
        });
    }
    static const fcd_diagnostics* diagnostics_table() {
        static constexpr auto list = Model::diagnostics();
        constexpr std::size_t count = std::tuple_size_v<decltype(Model::diagnostics())>;
        static const std::array<fcd_diagnostic, count> rows = std::apply(
            [](const auto&... row) {
                const auto entry = [](const auto& one) {
                    fcd_diagnostic result = one.entry;
                    if (one.choices[0]) result.choices = one.choices.data();
                    return result;
                };
                return std::array<fcd_diagnostic, count>{entry(row)...};
            },
            list);
        static const fcd_diagnostics table{
            sizeof(fcd_diagnostics), sizeof(fcd_diagnostic), count, 0, rows.data(), diagnose};
        return &table;
    }
    static const void* extension(const char* id) {
        if constexpr (HasDiagnostics<Model>)
            if (std::string_view(id) == FCD_DIAGNOSTICS) return diagnostics_table();
        if constexpr (HasExtension<Model>) return Model::extension(id);
        (void)id;
        return nullptr;
    }

    static const fcd_algorithm* algorithm() {
        static const fcd_algorithm table = [] {
            fcd_algorithm t{};
            t.struct_size = sizeof t;
            t.abilities = (forecasts ? FCD_FORECASTS : 0u) | (detects ? FCD_DETECTS : 0u);
            t.state_version = Model::about.state_version;
            t.param_count = static_cast<std::uint32_t>(Data::param_count);
            t.id = Model::about.id;
            t.version = Model::about.version;
            t.summary = Model::about.summary;
            t.params = Data::param_table();
            t.model_new = model_new;
            t.model_free = model_free;
            t.series_init = series_init;
            t.advance = advance;
            if constexpr (ends) t.series_free = series_free;
            if constexpr (forecasts) t.forecast = forecast;
            if constexpr (migrates) t.load = load;
            if constexpr (HasDiagnostics<Model> || HasExtension<Model>) t.extension = extension;
            t.inputs = Data::input_table();
            t.input_count = Data::input_count;
            Data::set_reasons(t);
            return t;
        }();
        return &table;
    }
};

template <class... Models>
const fcd_library* library() {
    static const std::array<const fcd_algorithm*, sizeof...(Models)> algorithms{
        Table<Models>::algorithm()...};
    static const fcd_library table{sizeof(fcd_library),
                                   FCD_ABI_MAJOR,
                                   FCD_ABI_MINOR,
                                   0,
                                   sizeof(fcd_param),
                                   sizeof(fcd_point),
                                   sizeof(fcd_verdict),
                                   sizeof(fcd_prediction),
                                   sizeof(fcd_input),
                                   sizeof(fcd_saved_param),
                                   0,
                                   sizeof...(Models),
                                   algorithms.data()};
    return &table;
}

}  // namespace forecastd::detail

#pragma GCC visibility pop

#endif  // FORECASTD_DETAIL_TABLE_HPP
