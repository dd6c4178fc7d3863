// forecastd/plugin.hpp: write an algorithm as a plain struct; this layer makes it a plugin.
//
// It is header only, needs C++20, and stands on forecastd/plugin.h, whose conventions (threads, time,
// steps, numbers) hold here too. A model is a struct:
//
//   static constexpr forecastd::About about{"acme.spikes", "1.0.0", "One sentence."};
//   struct Series { ... };                                 // the state of one series: plain bytes
//
//   void observe(Series&, const Point&) const;             // learn one point
//   void forecast(const Series&, Forecast&) const;         // forecasters: fill each step
//   Verdict judge(const Series&, const Point&) const;      // detectors: judge one point, learn nothing
//
// and, where wanted:
//
//   static constexpr auto params();                        // a std::tuple of real<>, integer<>, boolean<>,
//                                                          // choice<>, duration<>, steps<>, integers<>:
//                                                          // each is bound to a member
//   void prepare(const Grid&);                             // once, after the parameters are set; throw if
//                                                          // they do not fit
//   bool ready(const Series&) const;                       // false: too little was seen to answer
//   void start(Series&) const;                             // begin a series other than by Series{}
//   Prediction expect(const Series&, const Point&) const;  // the forecast of one step, if it can be had
//                                                          // faster
//   std::size_t tail_length() const;                       // a state that a parameter sizes: so many
//                                                          // doubles behind Series, zero at first
//   static constexpr auto diagnostics();                   // what can be told of a series: a std::tuple of
//                                                          // diagnostic<>, each bound to a member of...
//   Known diagnose(const Series&) const;                   // ... the struct that this returns
//
// The tail is handed to every call that takes a Series, as a second argument: a std::span<double> where Series is
// not const, else a std::span<const double>.
// A series that has learned nothing yet is asked too, unless ready() says no: answer NaN there.
// Close the file with FORECASTD_PLUGIN(Model); several models may share a library.
// Throwing is allowed everywhere: the text of a std::exception reaches the user as a sentence, and the
// series is set aside. A model is const once made, and is called from many threads: keep no mutable members.
#ifndef FORECASTD_PLUGIN_HPP
#define FORECASTD_PLUGIN_HPP

#include <forecastd/plugin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace forecastd {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

using Point = fcd_point;
using Grid = fcd_grid;
using Prediction = fcd_prediction;

// What the catalogue shows. Raise state_version when states saved by an older build no longer load.
struct About {
    const char* id;
    const char* version;
    const char* summary;
    std::uint32_t state_version = 1;
};

// fcd_verdict with everything unknown at first.
struct Verdict {
    double score = nan, expected = nan, deviation = nan, lower = nan, upper = nan;
    std::uint32_t reason = 0;  // 0: none; else the sentence of that number in reasons()
};

// The steps that a forecast is asked for; fill each: for (auto& step : out) step = {mean, deviation};
class Forecast {
  public:
    Forecast(const fcd_horizon& horizon, fcd_prediction* out) : horizon_(horizon), out_(out) {}

    [[nodiscard]] std::size_t size() const { return horizon_.steps; }
    [[nodiscard]] std::int64_t first_step() const { return horizon_.first_step; }
    // The i-th step in the pipeline's time zone, for daily and weekly seasons.
    [[nodiscard]] std::int64_t local_step(std::size_t i) const {
        return horizon_.local_steps ? horizon_.local_steps[i]
                                    : horizon_.first_step + static_cast<std::int64_t>(i);
    }
    Prediction& operator[](std::size_t i) { return out_[i]; }
    Prediction* begin() { return out_; }
    Prediction* end() { return out_ + horizon_.steps; }

  private:
    const fcd_horizon& horizon_;
    fcd_prediction* out_;
};

// ---- Parameters ---------------------------------------------------------------------------------------

// A span of time, as a default or a bound of duration<>, or as the default of steps<>.
struct Duration {
    std::int64_t ns;
    constexpr operator std::int64_t() const { return ns; }  // NOLINT: duration<> takes either
};
constexpr Duration seconds(std::int64_t count) { return {count * 1'000'000'000}; }
constexpr Duration minutes(std::int64_t count) { return seconds(60 * count); }
constexpr Duration hours(std::int64_t count) { return minutes(60 * count); }
constexpr Duration days(std::int64_t count) { return hours(24 * count); }

// "auto": the algorithm chooses. The default of integers<>.
struct Automatic {};
inline constexpr Automatic automatic{};

// A list of so many integers, what integers<> binds to. If the algorithm is to choose, they are 0.
template <std::size_t Count>
struct Integers {
    std::array<std::int64_t, Count> items{};
    bool automatic = false;

    constexpr std::int64_t operator[](std::size_t i) const { return items[i]; }
    static constexpr std::size_t size() { return Count; }
};

namespace detail {

template <class>
struct MemberOf;
template <class Class, class Type>
struct MemberOf<Type Class::*> {
    using class_type = Class;
    using type = Type;
};

inline constexpr std::size_t max_names = 16;
using Names = std::array<const char*, max_names + 1>;  // NULL-terminated

// What throws here, and in the functions below, does so while params() is compiled: the compiler shows the
// line.
constexpr Names names(std::initializer_list<const char*> list) {
    if (list.size() > max_names) throw "a parameter has at most 16 choices, and as many aliases";
    Names result{};
    std::size_t i = 0;
    for (const char* name : list) result[i++] = name;
    return result;
}

template <class>
inline constexpr std::size_t list_size = 0;  // of a member that is no list
template <std::size_t Count>
inline constexpr std::size_t list_size<Integers<Count>> = Count;

template <auto Member>
struct Param {
    using Type = typename MemberOf<decltype(Member)>::type;
    static constexpr bool is_list = list_size<Type> > 0;

    fcd_param entry{};  // what it points to is filled in by the table, which has static storage
    Names choices{};
    Names aliases{};
    std::array<std::int64_t, list_size<Type>> items{};  // the default of a list...
    bool automatic = false;                             // ... unless the algorithm chooses

    // Other names that users know this parameter by, all in one call.
    template <class... Text>
    constexpr Param alias(Text... text) const {
        Param copy = *this;
        copy.aliases = names({text...});
        return copy;
    }
    // The user must give it; the default is ignored.
    constexpr Param required() const {
        Param copy = *this;
        copy.entry.flags |= FCD_REQUIRED;
        return copy;
    }
    // Users may write "auto" for a list of integers, although its default is another.
    constexpr Param or_automatic() const {
        static_assert(is_list, "or_automatic() belongs to integers<>");
        Param copy = *this;
        copy.entry.flags |= FCD_AUTO;
        return copy;
    }
    constexpr bool default_fits() const {
        if ((entry.flags & (FCD_REQUIRED | FCD_INITIAL_DURATION)) != 0 || automatic) return true;
        if constexpr (is_list)
            return std::all_of(items.begin(), items.end(), [this](std::int64_t item) {
                return item >= entry.min.integer && item <= entry.max.integer;
            });
        else if constexpr (std::is_floating_point_v<Type>)
            return !(entry.initial.real < entry.min.real ||
                     entry.initial.real > entry.max.real);  // true of NaN
        else
            return entry.initial.integer >= entry.min.integer && entry.initial.integer <= entry.max.integer;
    }
    template <class Model>
    static void assign(Model& model, const fcd_value& value) {
        if constexpr (is_list) {
            const fcd_integers& list = *value.integers;
            model.*Member = {};
            (model.*Member).automatic = list.count == 0;
            std::copy_n(list.items, std::min(list.count, list_size<Type>), (model.*Member).items.begin());
        } else if constexpr (std::is_floating_point_v<Type>)
            model.*Member = static_cast<Type>(value.real);
        else
            model.*Member = static_cast<Type>(value.integer);
    }
};

constexpr fcd_value of(double real) {
    fcd_value value{};
    value.real = real;
    return value;
}
constexpr fcd_value of(std::int64_t integer) {
    fcd_value value{};
    value.integer = integer;
    return value;
}

// Whether a member of type Type can take the value without a change.
template <class Type>
constexpr bool holds(std::int64_t value) {
    if constexpr (std::is_same_v<Type, bool>)
        return value == 0 || value == 1;
    else if constexpr (std::is_enum_v<Type>)
        return std::in_range<std::underlying_type_t<Type>>(value);
    else
        return std::in_range<Type>(value);
}

template <auto Member>
constexpr Param<Member> whole(int type, const char* name, std::int64_t initial, std::int64_t min,
                              std::int64_t max, const char* doc) {
    using Type = typename Param<Member>::Type;
    static_assert(
        std::is_integral_v<Type> || std::is_enum_v<Type>,
        "integer<>, boolean<>, choice<>, duration<> and steps<> bind to an integer, a bool or an enum");
    if (!holds<Type>(min) || !holds<Type>(max))
        throw "the member's type cannot take every value of the range";
    Param<Member> param;
    param.entry = {name, doc, type, 0, of(initial), of(min), of(max), nullptr, nullptr, 0};
    return param;
}

template <auto Member>
constexpr Param<Member> list(const char* name, std::int64_t min, std::int64_t max, const char* doc) {
    using Type = typename Param<Member>::Type;
    static_assert(list_size<Type> > 0, "integers<> binds to a forecastd::Integers<1>, <2>, ...");
    static_assert(list_size<Type> <= 16, "a list has at most 16 integers");
    Param<Member> param;
    param.entry = {name,    doc,     FCD_INTEGERS, 0,       of(std::int64_t{0}),
                   of(min), of(max), nullptr,      nullptr, list_size<Type>};
    return param;
}

}  // namespace detail

// name, default (nan: the algorithm chooses), least, greatest, one sentence.
template <auto Member>
constexpr auto real(const char* name, double initial, double min, double max, const char* doc) {
    static_assert(std::is_floating_point_v<typename detail::Param<Member>::Type>, "real<> binds to a double");
    detail::Param<Member> param;
    param.entry = {name,    doc,     FCD_REAL, 0, detail::of(initial), detail::of(min), detail::of(max),
                   nullptr, nullptr, 0};
    return param;
}
template <auto Member>
constexpr auto integer(const char* name, std::int64_t initial, std::int64_t min, std::int64_t max,
                       const char* doc) {
    return detail::whole<Member>(FCD_INTEGER, name, initial, min, max, doc);
}
template <auto Member>
constexpr auto boolean(const char* name, bool initial, const char* doc) {
    return detail::whole<Member>(FCD_BOOLEAN, name, initial ? 1 : 0, 0, 1, doc);
}
// The member is an enum or an integer; it gets the index in the list of names. initial is one, too. Users write
// the names "true" and "false" as JSON's true and false: {"false", "true", "auto"}.
template <auto Member, class Enum>
constexpr auto choice(const char* name, Enum initial, std::initializer_list<const char*> list,
                      const char* doc) {
    auto param = detail::whole<Member>(FCD_CHOICE, name, static_cast<std::int64_t>(initial), 0,
                                       static_cast<std::int64_t>(list.size()) - 1, doc);
    param.choices = detail::names(list);
    return param;
}
// Nanoseconds.
template <auto Member>
constexpr auto duration(const char* name, std::int64_t initial_ns, std::int64_t min_ns, std::int64_t max_ns,
                        const char* doc) {
    return detail::whole<Member>(FCD_DURATION, name, initial_ns, min_ns, max_ns, doc);
}
// Steps of the grid; users may also write a duration. The default is steps, or a duration such as hours(24): then
// the host takes the nearest number of steps from min to max.
template <auto Member>
constexpr auto steps(const char* name, std::int64_t initial, std::int64_t min, std::int64_t max,
                     const char* doc) {
    return detail::whole<Member>(FCD_STEPS, name, initial, min, max, doc);
}
template <auto Member>
constexpr auto steps(const char* name, Duration initial, std::int64_t min, std::int64_t max,
                     const char* doc) {
    if (initial.ns <= 0) throw "the default of steps<> is a duration that is not above 0";
    auto param = detail::whole<Member>(FCD_STEPS, name, initial.ns, min, max, doc);
    param.entry.flags |= FCD_INITIAL_DURATION;
    return param;
}
// A forecastd::Integers<...>; least and greatest are those of each item. The default is a list, {1, 0, 1},
// or forecastd::automatic: then users may write "auto", as they may with .or_automatic().
template <auto Member, std::size_t Count>
constexpr auto integers(const char* name, const std::int64_t (&initial)[Count], std::int64_t min,
                        std::int64_t max, const char* doc) {
    auto param = detail::list<Member>(name, min, max, doc);
    static_assert(param.items.size() == Count, "the default has another length than the member");
    std::copy_n(initial, Count, param.items.begin());
    return param;
}
template <auto Member>
constexpr auto integers(const char* name, Automatic, std::int64_t min, std::int64_t max, const char* doc) {
    auto param = detail::list<Member>(name, min, max, doc);
    param.automatic = true;
    return param.or_automatic();
}

// ---- Diagnostics --------------------------------------------------------------------------------------

// An integer that is not known yet; a real is nan then, and a choice one that is not in the list.
inline constexpr std::int64_t unknown = FCD_UNKNOWN;

namespace detail {

template <auto Member, std::size_t ChoiceCount>
struct Diagnostic {
    using Known = typename MemberOf<decltype(Member)>::class_type;
    using Type = typename MemberOf<decltype(Member)>::type;

    fcd_diagnostic entry{};  // choices are filled in by the table, which has static storage
    std::array<const char*, ChoiceCount + 1> choices{};

    static fcd_value value(const Known& known) {
        if constexpr (std::is_floating_point_v<Type>)
            return of(static_cast<double>(known.*Member));
        else
            return of(static_cast<std::int64_t>(known.*Member));
    }
};

}  // namespace detail

// name, one sentence. A floating-point member is shown as a real, any other as an integer.
template <auto Member>
constexpr auto diagnostic(const char* name, const char* doc) {
    detail::Diagnostic<Member, 0> result;
    using Type = typename decltype(result)::Type;
    static_assert(std::is_arithmetic_v<Type>, "diagnostic<> binds to a number; an enum needs its choices");
    result.entry = {name, doc, std::is_floating_point_v<Type> ? FCD_REAL : FCD_INTEGER, 0, nullptr};
    return result;
}
// The member is an enum or an integer: an index in the list of names.
template <auto Member, std::size_t Count>
constexpr auto diagnostic(const char* name, const char* const (&list)[Count], const char* doc) {
    detail::Diagnostic<Member, Count> result;
    using Type = typename decltype(result)::Type;
    static_assert(std::is_integral_v<Type> || std::is_enum_v<Type>, "a choice is an integer or an enum");
    result.entry = {name, doc, FCD_CHOICE, 0, nullptr};
    std::copy_n(list, Count, result.choices.begin());
    return result;
}

// ---- From a struct to fcd_algorithm -------------------------------------------------------------------

namespace detail {

// As much of text as fits, without a torn character at its end.
inline void write(fcd_error* error, std::string_view text) {
    if (!error) return;
    constexpr std::size_t room = sizeof error->text - 1;
    std::size_t size = std::min(text.size(), room);
    if (size < text.size())
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0u) == 0x80u)
            --size;  // within a character
    *std::copy_n(text.begin(), size, error->text) = '\0';
}

// Runs body; what it throws becomes the error's text and the value `failed`.
template <class Result, class Body>
Result guarded(fcd_error* error, Result failed, Body&& body) noexcept {
    try {
        return body();
    } catch (const std::exception& exception) {
        write(error, exception.what());
    } catch (...) {
        write(error, "threw something that is not a std::exception");
    }
    return failed;
}

template <class Model>
concept HasAbout = requires {
    static_cast<const About&>(Model::about);
};
template <class Model>
concept HasSeries = requires {
    typename Model::Series;
};
template <class Model>
concept HasParams = requires {
    std::tuple_size<decltype(Model::params())>::value;
};
template <class Model>
concept HasPrepare = requires(Model model, const Grid& grid) {
    model.prepare(grid);
};
template <class Model>
concept HasTail = requires(const Model model) {
    { model.tail_length() } -> std::convertible_to<std::size_t>;
};

template <class Model>
concept HasDiagnostics = requires {
    requires std::tuple_size<decltype(Model::diagnostics())>::value >
    0;
};

// The struct whose members diagnostics() names.
template <class Model>
struct KnownOf {
    using type = void;
};
template <HasDiagnostics Model>
struct KnownOf<Model> {
    using type = typename std::tuple_element_t<0, decltype(Model::diagnostics())>::Known;
};

// Calls every method with or without the tail, so that the code below has one shape.
template <class Model>
struct Adapter {
    using Series = typename Model::Series;
    static_assert(
        std::is_trivially_copyable_v<Series>,
        "Series must be plain bytes: no pointers to own memory, no containers. For an array that a "
        "parameter sizes, see tail_length(); for anything else, use the C header with save and load.");
    static_assert(std::is_default_constructible_v<Series>, "a series begins as Series{}");
    static_assert(alignof(Series) <= 16, "the host aligns a series to 16 bytes");

    static constexpr std::size_t tail_offset =
        (sizeof(Series) + alignof(double) - 1) / alignof(double) * alignof(double);

    static Series& series(void* bytes) { return *std::launder(static_cast<Series*>(bytes)); }
    static const Series& series(const void* bytes) {
        return *std::launder(static_cast<const Series*>(bytes));
    }
    static std::size_t tail_length(const Model& model) {
        if constexpr (HasTail<Model>)
            return model.tail_length();
        else
            return 0;
    }
    // The bytes of a series. Throws if there can be no such amount of memory, as after a negative
    // tail_length().
    static std::size_t size(const Model& model) {
        constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());
        const std::size_t length = tail_length(model);
        if (length > (most - tail_offset) / sizeof(double))
            throw std::length_error("these parameters ask for more memory than there can be");
        return tail_offset + length * sizeof(double);
    }
    static std::span<double> tail(const Model& model, void* bytes) {
        return {reinterpret_cast<double*>(static_cast<char*>(bytes) + tail_offset), tail_length(model)};
    }
    static std::span<const double> tail(const Model& model, const void* bytes) {
        return {reinterpret_cast<const double*>(static_cast<const char*>(bytes) + tail_offset),
                tail_length(model)};
    }

    // Whether Model has the method as it is to be declared, whether it has one of that name at all, and a
    // call of it; Bytes is void* or const void*.
#define FORECASTD_DETAIL_METHOD(Result, name)                                                            \
    template <class Bytes, class... Arguments>                                                           \
    static constexpr bool has_##name = [] {                                                              \
        if constexpr (HasTail<Model>) return requires(const Model& m, Bytes b, Arguments... a) {         \
                { m.name(series(b), tail(m, b), a...) } -> std::convertible_to<Result>;                  \
            };                                                                                           \
        else                                                                                             \
            return requires(const Model& m, Bytes b, Arguments... a) {                                   \
                { m.name(series(b), a...) } -> std::convertible_to<Result>;                              \
            };                                                                                           \
    }();                                                                                                 \
    static constexpr bool names_##name = requires { &Model::name; };                                     \
    template <class Bytes, class... Arguments>                                                           \
    static Result name(const Model& model, Bytes bytes, Arguments&&... arguments) {                      \
        if constexpr (HasTail<Model>)                                                                    \
            return model.name(series(bytes), tail(model, bytes), std::forward<Arguments>(arguments)...); \
        else                                                                                             \
            return model.name(series(bytes), std::forward<Arguments>(arguments)...);                     \
    }
    FORECASTD_DETAIL_METHOD(void, start)
    FORECASTD_DETAIL_METHOD(void, observe)
    FORECASTD_DETAIL_METHOD(void, forecast)
    FORECASTD_DETAIL_METHOD(Verdict, judge)
    FORECASTD_DETAIL_METHOD(Prediction, expect)
    FORECASTD_DETAIL_METHOD(bool, ready)
    FORECASTD_DETAIL_METHOD(typename KnownOf<Model>::type, diagnose)
#undef FORECASTD_DETAIL_METHOD
};

template <class Model>
struct Table {
    static_assert(HasAbout<Model>,
                  "a model needs `static constexpr forecastd::About about{\"acme.spikes\", \"1.0.0\", \"One "
                  "sentence.\"};`");
    static_assert(HasSeries<Model>, "a model needs `struct Series { ... };`, the state of one series");
    static_assert(std::is_default_constructible_v<Model>, "a model is made without arguments; see prepare()");

    using Adapt = Adapter<Model>;
    static constexpr bool forecasts = Adapt::template has_forecast<const void*, Forecast&>;
    static constexpr bool detects = Adapt::template has_judge<const void*, const Point&>;
    static constexpr bool starts = Adapt::template has_start<void*>;
    static constexpr bool expects = Adapt::template has_expect<const void*, const Point&>;
    static constexpr bool knows_ready = Adapt::template has_ready<const void*>;
    static constexpr bool diagnoses = Adapt::template has_diagnose<const void*>;

    // A method of a known name but in another form would be left uncalled without a word.
#define FORECASTD_DETAIL_TAIL \
    "; with a tail_length(), std::span<double> second, of const double where Series is const"
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
                  "start must be `void start(Series&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(
        expects || !Adapt::names_expect,
        "expect must be `Prediction expect(const Series&, const Point&) const`" FORECASTD_DETAIL_TAIL);
    static_assert(knows_ready || !Adapt::names_ready,
                  "ready must be `bool ready(const Series&) const`" FORECASTD_DETAIL_TAIL);
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
        HasTail<Model> || !requires { &Model::tail_length; },
        "tail_length must be `std::size_t tail_length() const`");
    static_assert(
        HasParams<Model> || !requires { &Model::params; },
        "params must be `static constexpr auto params()`, which returns a std::tuple");

    static constexpr auto params() {
        if constexpr (HasParams<Model>)
            return Model::params();
        else
            return std::tuple{};
    }
    static constexpr std::size_t param_count = std::tuple_size_v<decltype(params())>;
    static_assert(std::apply([](const auto&... param) { return (param.default_fits() && ...); }, params()),
                  "the default of a parameter must lie from its least to its greatest value");

    static const Model& model(const fcd_model* opaque) { return *reinterpret_cast<const Model*>(opaque); }

    static bool ready(const Model& m, const void* bytes) {
        if constexpr (knows_ready)
            return Adapt::ready(m, bytes);
        else
            return true;
    }

    static Prediction expect(const Model& m, const Point& point) {
        const void* bytes = point.series;
        if (!ready(m, bytes)) return {nan, nan};
        if constexpr (expects) {
            return Adapt::expect(m, bytes, point);
        } else {
            Prediction one{nan, nan};
            fcd_horizon horizon{};
            horizon.struct_size = sizeof horizon;
            horizon.steps = 1;
            horizon.first_step = point.step;
            horizon.local_steps = &point.local_step;
            Forecast out(horizon, &one);
            Adapt::forecast(m, bytes, out);
            return one;
        }
    }

    static Verdict verdict(const Model& m, const Point& point) {
        Verdict result;
        if constexpr (detects) {
            const void* bytes = point.series;
            if (ready(m, bytes)) result = Adapt::judge(m, bytes, point);
        }
        if constexpr (forecasts) {
            if (!std::isnan(result.expected)) return result;  // judge() said it
            const Prediction one = expect(m, point);
            result.expected = one.mean;
            result.deviation = one.deviation;
        }
        return result;
    }

    static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                                fcd_error* error) {
        return guarded(error, static_cast<fcd_model*>(nullptr), [&] {
            auto made = std::make_unique<Model>();
            [&]<std::size_t... I>(std::index_sequence<I...>) {
                constexpr auto list = params();
                (std::tuple_element_t<I, decltype(params())>::assign(*made, values[I]), ...);
                (void)list;
            }
            (std::make_index_sequence<param_count>());
            if constexpr (HasPrepare<Model>) made->prepare(*grid);
            (void)grid;
            *series_size = Adapt::size(*made);
            return reinterpret_cast<fcd_model*>(made.release());
        });
    }
    static void model_free(fcd_model* opaque) { delete reinterpret_cast<Model*>(opaque); }

    static std::int32_t series_init(const fcd_model* opaque, void* bytes, const fcd_series_info* info,
                                    fcd_error* error) {
        return guarded(error, FCD_ERROR, [&] {
            ::new (bytes) typename Model::Series{};
            if constexpr (starts) Adapt::start(model(opaque), bytes);
            (void)opaque, (void)info;
            return FCD_OK;
        });
    }

    static std::size_t advance(const fcd_model* opaque, const fcd_point* points, std::size_t count,
                               fcd_verdict* verdicts, fcd_error* error) {
        const Model& m = model(opaque);
        std::size_t done = 0;
        guarded(error, 0, [&] {
            for (; done < count; ++done) {
                const Point& point = points[done];
                const Verdict v = verdict(m, point);
                verdicts[done] = {v.score, v.expected, v.deviation, v.lower, v.upper, v.reason, 0};
                if (std::isnan(point.learn_limit) && (point.flags & FCD_JUDGE_ONLY) == 0)
                    Adapt::observe(m, point.series, point);
                else
                    observe_limited(m, point, v.expected);
            }
            return 0;
        });
        return done;
    }

    // Learns a point as its learn_limit allows: what lies farther from `expected` is moved to the limit.
    static void observe_limited(const Model& m, const Point& point, double expected) {
        if ((point.flags & FCD_JUDGE_ONLY) != 0 || point.learn_limit <= 0) return;
        Point limited = point;
        if (!std::isnan(expected) && !std::isnan(point.learn_limit))
            limited.value =
                std::clamp(point.value, expected - point.learn_limit, expected + point.learn_limit);
        Adapt::observe(m, limited.series, limited);
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
    static const void* extension(const char* id) {
        if (std::string_view(id) != FCD_DIAGNOSTICS) return nullptr;
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

    // The parameter table points into static storage: the tuple first, then the entries.
    static const fcd_param* param_table() {
        if constexpr (param_count == 0) {
            return nullptr;
        } else {
            static constexpr auto list = params();
            static std::array<fcd_integers, param_count> default_lists{};
            static const std::array<fcd_param, param_count> table = [] {
                return std::apply(
                    [](const auto&... param) {
                        fcd_integers* next = default_lists.data();
                        const auto entry = [&next](const auto& one) {
                            fcd_param result = one.entry;
                            if (one.choices[0]) result.choices = one.choices.data();
                            if (one.aliases[0]) result.aliases = one.aliases.data();
                            *next = {one.automatic ? 0 : one.items.size(), one.items.data()};
                            if (one.is_list) result.initial.integers = next;
                            ++next;
                            return result;
                        };
                        return std::array<fcd_param, param_count>{entry(param)...};
                    },
                    list);
            }();
            return table.data();
        }
    }

    static const fcd_algorithm* algorithm() {
        static const fcd_algorithm table = [] {
            fcd_algorithm t{};
            t.struct_size = sizeof t;
            t.abilities = (forecasts ? FCD_FORECASTS : 0u) | (detects ? FCD_DETECTS : 0u);
            t.state_version = Model::about.state_version;
            t.param_count = static_cast<std::uint32_t>(param_count);
            t.id = Model::about.id;
            t.version = Model::about.version;
            t.summary = Model::about.summary;
            t.params = param_table();
            t.model_new = model_new;
            t.model_free = model_free;
            t.series_init = series_init;
            t.advance = advance;
            if constexpr (forecasts) t.forecast = forecast;
            if constexpr (HasDiagnostics<Model>) t.extension = extension;
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

inline const fcd_host* kept_host = nullptr;

}  // namespace detail

// The host that loaded this plugin; nullptr before that. It is valid until the process ends.
inline const fcd_host* host() { return detail::kept_host; }

}  // namespace forecastd

// Makes a library of one or more models; once in a library, outside every namespace.
#define FORECASTD_PLUGIN(...)                                                             \
    extern "C" FCD_EXPORT const fcd_library* forecastd_library_v1(const fcd_host* host) { \
        ::forecastd::detail::kept_host = host;                                            \
        return ::forecastd::detail::library<__VA_ARGS__>();                               \
    }

#endif  // FORECASTD_PLUGIN_HPP
