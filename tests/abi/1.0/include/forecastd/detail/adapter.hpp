// Calls the methods of a model on the bytes of a series: the author's Series first, then a flag for models
// without a ready() of their own, then the tails, each from a multiple of 8 bytes on.
#ifndef FORECASTD_DETAIL_ADAPTER_HPP
#define FORECASTD_DETAIL_ADAPTER_HPP

#include <forecastd/detail/plain_bytes.hpp>
#include <forecastd/params.hpp>
#include <forecastd/values.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <new>
#include <span>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

namespace forecastd {

// One of the arrays that tails() asks for: `length` elements of type T behind each Series, zeroes at first.
template <class T>
struct Tail {
    static_assert(std::is_trivially_copyable_v<T> && !detail::holds_address<T>(),
                  "the elements of a tail must be plain bytes: no pointers, no containers");
    static_assert(alignof(T) <= 16, "the host aligns a series to 16 bytes");
    std::size_t length;
};

namespace detail {

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
concept NamesReady = requires {
    &Model::ready;
};
template <class Model>
concept HasTailLength = requires(const Model model) {
    { model.tail_length() } -> std::convertible_to<std::size_t>;
};
template <class Model>
concept HasDiagnostics = requires {
    requires std::tuple_size<decltype(Model::diagnostics())>::value >
    0;
};
template <class Model>
concept HasInputs = requires {
    requires std::tuple_size<decltype(Model::inputs())>::value >
    0;
    { Model::inputs()[0] } -> std::convertible_to<Input>;
};
template <class Model>
concept HasReasons = requires {
    requires std::tuple_size<decltype(Model::reasons())>::value >
    0;
    { Model::reasons()[0] } -> std::convertible_to<const char*>;
};
template <class Model>
concept HasExtension = requires(const char* id) {
    { Model::extension(id) } -> std::convertible_to<const void*>;
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

// What tails() must return: a tuple of Tail<T>.
template <class>
struct TailTypes {
    static constexpr bool valid = false;
};
template <class... T>
struct TailTypes<std::tuple<Tail<T>...>> {
    static constexpr bool valid = sizeof...(T) > 0;
};
template <class Model>
concept HasTails = requires(const Model model) {
    requires TailTypes<decltype(model.tails())>::valid;
};

template <class Model>
struct Adapter {
    using Series = typename Model::Series;
    static_assert(!(HasTails<Model> && HasTailLength<Model>),
                  "a model has tail_length(), which is short for one tail of doubles, or tails(), not both");

    // ---- Where each part is

    static constexpr std::size_t flag_size = NamesReady<Model> ? 0 : 1;  // whether something was learned

    static Series& series(void* bytes) { return *std::launder(static_cast<Series*>(bytes)); }
    static const Series& series(const void* bytes) {
        return *std::launder(static_cast<const Series*>(bytes));
    }
    static auto tails(const Model& model) {
        if constexpr (HasTails<Model>)
            return model.tails();
        else if constexpr (HasTailLength<Model>)
            return std::tuple{Tail<double>{model.tail_length()}};
        else
            return std::tuple{};
    }
    using Tails = decltype(tails(std::declval<const Model&>()));
    static constexpr std::size_t tail_count = std::tuple_size_v<Tails>;
    using TailIndexes = std::make_index_sequence<tail_count>;

    template <std::size_t I>
    struct ElementOf {
        template <class T>
        static T of(const Tail<T>&);
        using type = decltype(of(std::declval<const std::tuple_element_t<I, Tails>&>()));
    };
    template <std::size_t I>
    using Element = typename ElementOf<I>::type;

    // The bytes before the I-th tail; for I == tail_count, all bytes. They are known to fit: size() was
    // asked first.
    template <std::size_t I>
    static std::size_t offset(const Tails& lengths) {
        if constexpr (I == 0) {
            constexpr std::size_t before = sizeof(Series) + flag_size;
            if constexpr (tail_count == 0)
                return aligned(before, 8);
            else
                return aligned(before, tail_alignment<Element<0>>);
        } else {
            const std::size_t end =
                offset<I - 1>(lengths) + std::get<I - 1>(lengths).length * sizeof(Element<I - 1>);
            if constexpr (I == tail_count)
                return end;
            else
                return aligned(end, tail_alignment<Element<I>>);
        }
    }
    // The bytes of a series. Throws if there can be no such amount of memory, as after a negative
    // tail_length().
    static std::size_t size(const Model& model) {
        constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());
        const Tails lengths = tails(model);
        std::size_t room = most - sizeof(Series) - 16;
        const auto take = [&](std::size_t length, std::size_t element) {
            if (room < 16 || length > (room - 16) / element)
                throw std::length_error("these parameters ask for more memory than there can be");
            room -= length * element + 16;
        };
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (take(std::get<I>(lengths).length, sizeof(Element<I>)), ...);
        }
        (TailIndexes());
        (void)take;
        return offset<tail_count>(lengths);
    }
    template <std::size_t I>
    static auto tail(const Model& model, void* bytes) {
        const Tails lengths = tails(model);
        return std::span(reinterpret_cast<Element<I>*>(static_cast<char*>(bytes) + offset<I>(lengths)),
                         std::get<I>(lengths).length);
    }
    template <std::size_t I>
    static auto tail(const Model& model, const void* bytes) {
        const Tails lengths = tails(model);
        return std::span(
            reinterpret_cast<const Element<I>*>(static_cast<const char*>(bytes) + offset<I>(lengths)),
            std::get<I>(lengths).length);
    }

    // Models with a ready() of their own have no such flag.
    static bool learned(const void* bytes) { return static_cast<const char*>(bytes)[sizeof(Series)] != 0; }
    static void set_learned(void* bytes) { static_cast<char*>(bytes)[sizeof(Series)] = 1; }

    // ---- Calls of methods, with the tails between the series and the other arguments

    // Whether Model has the method as it is to be declared, whether it has one of that name at all, and a
    // call of it; Bytes is void* or const void*.
#define FORECASTD_DETAIL_METHOD(Result, name)                                             \
    template <class Bytes, class... Arguments>                                            \
    static constexpr bool has_##name = []<std::size_t... I>(std::index_sequence<I...>) {  \
        return requires(const Model& m, Bytes b, Arguments... a) {                        \
            { m.name(series(b), tail<I>(m, b)..., a...) } -> std::convertible_to<Result>; \
        };                                                                                \
    }                                                                                     \
    (TailIndexes());                                                                      \
    static constexpr bool names_##name = requires { &Model::name; };                      \
    template <class Bytes, class... Arguments>                                            \
    static Result name(const Model& model, Bytes bytes, Arguments&&... arguments) {       \
        return [&]<std::size_t... I>(std::index_sequence<I...>)->Result {                 \
            return model.name(series(bytes), tail<I>(model, bytes)...,                    \
                              std::forward<Arguments>(arguments)...);                     \
        }                                                                                 \
        (TailIndexes());                                                                  \
    }
    FORECASTD_DETAIL_METHOD(void, start)
    FORECASTD_DETAIL_METHOD(void, end)
    FORECASTD_DETAIL_METHOD(void, observe)
    FORECASTD_DETAIL_METHOD(void, forecast)
    FORECASTD_DETAIL_METHOD(Verdict, judge)
    FORECASTD_DETAIL_METHOD(Prediction, expect)
    FORECASTD_DETAIL_METHOD(bool, ready)
    FORECASTD_DETAIL_METHOD(typename KnownOf<Model>::type, diagnose)
#undef FORECASTD_DETAIL_METHOD

    template <class Bytes>
    static constexpr bool has_migrate = []<std::size_t... I>(std::index_sequence<I...>) {
        return requires(const Model& m, const Saved& saved, Bytes b) {
            { m.migrate(saved, series(b), tail<I>(m, b)...) } -> std::convertible_to<bool>;
        };
    }
    (TailIndexes());
    static constexpr bool names_migrate = requires { &Model::migrate; };
    static bool migrate(const Model& model, const Saved& saved, void* bytes) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return static_cast<bool>(model.migrate(saved, series(bytes), tail<I>(model, bytes)...));
        }
        (TailIndexes());
    }

    static_assert(std::is_trivially_copyable_v<Series>,
                  "Series must be plain bytes: no pointers to own memory, no containers. For arrays that a "
                  "parameter sizes, "
                  "see tail_length() and tails(); for anything else, use the C header with save and load.");
    static_assert(!std::is_trivially_copyable_v<Series> || names_end || !holds_address<Series>(),
                  "Series must be plain bytes: it holds a pointer, a span or a string_view, and an address "
                  "means nothing "
                  "once the state is saved and loaded. Keep the values themselves in Series or in a tail "
                  "(tail_length(), "
                  "tails()), or an index into one; or own the memory and free it in end(Series&): then no "
                  "state is saved.");
    static_assert(std::is_default_constructible_v<Series>, "a series begins as Series{}");
    static_assert(alignof(Series) <= 16, "the host aligns a series to 16 bytes");
};

}  // namespace detail
}  // namespace forecastd

#endif  // FORECASTD_DETAIL_ADAPTER_HPP
