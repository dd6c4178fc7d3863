// forecastd/params.hpp: what a model declares as data: parameters, inputs, diagnostics.
//
// Part of forecastd/plugin.hpp, which is what authors include.
#ifndef FORECASTD_PARAMS_HPP
#define FORECASTD_PARAMS_HPP

#include <forecastd/values.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace forecastd {

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

// A list of Count integers, which integers<> binds to. If the algorithm is to choose, they are 0.
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
    // Users may write "auto" for a list, although its default is another, or for steps<>, as 0.
    constexpr Param or_automatic() const {
        if (!is_list && entry.type != FCD_STEPS) throw "or_automatic() is for integers<> and steps<>";
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
// The member is an enum or an integer; it gets the index in the list of names. initial is one, too. Users
// write the names "true" and "false" as JSON's true and false: {"false", "true", "auto"}.
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
// Steps of the grid; users may also write a duration. The default is steps, or a duration such as hours(24):
// then the host takes the nearest number of steps from min to max.
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

// ---- Inputs -------------------------------------------------------------------------------------------

// A further value beside the series, such as "calendar.hour"; plugin.h has the names that hosts know. A
// point has it in point.inputs[i], a forecast in out.inputs(step)[i].
struct Input {
    fcd_input entry;
    // The model cannot do without it: a host that does not know it refuses the model. Else it is nan there.
    [[nodiscard]] constexpr Input required() const {
        Input copy = *this;
        copy.entry.flags |= FCD_INPUT_REQUIRED;
        return copy;
    }
};
// Known at the points of the series.
constexpr Input past(const char* name, const char* doc) { return {{name, doc, FCD_INPUT_PAST, 0}}; }
// Known for future steps too.
constexpr Input ahead(const char* name, const char* doc) {
    return {{name, doc, FCD_INPUT_PAST | FCD_INPUT_AHEAD, 0}};
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

}  // namespace forecastd

#endif  // FORECASTD_PARAMS_HPP
