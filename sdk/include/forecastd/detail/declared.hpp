// What a model declares as data, as the tables of plugin.h: parameters, inputs, reasons.
#ifndef FORECASTD_DETAIL_DECLARED_HPP
#define FORECASTD_DETAIL_DECLARED_HPP

#include <forecastd/detail/adapter.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

#pragma GCC visibility push(hidden)  // see table.hpp

namespace forecastd::detail {

template <class Model>
struct Declared {
    static constexpr auto params() {
        if constexpr (HasParams<Model>)
            return Model::params();
        else
            return std::tuple{};
    }
    static constexpr std::size_t param_count = std::tuple_size_v<decltype(params())>;
    static constexpr std::uint32_t input_count = [] {
        if constexpr (HasInputs<Model>)
            return static_cast<std::uint32_t>(std::tuple_size_v<decltype(Model::inputs())>);
        else
            return std::uint32_t{0};
    }();

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

    static const fcd_input* input_table() {
        if constexpr (HasInputs<Model>) {
            static constexpr auto list = Model::inputs();
            static constexpr auto table = [] {
                std::array<fcd_input, input_count> result{};
                for (std::size_t i = 0; i < input_count; ++i) result[i] = list[i].entry;
                return result;
            }();
            return table.data();
        } else {
            return nullptr;
        }
    }
    static void set_reasons(fcd_algorithm& table) {
        if constexpr (HasReasons<Model>) {
            static constexpr std::size_t count = std::tuple_size_v<decltype(Model::reasons())>;
            static constexpr auto list = [] {
                std::array<const char*, count> result{};
                for (std::size_t i = 0; i < count; ++i) result[i] = Model::reasons()[i];
                return result;
            }();
            table.reasons = list.data();
            table.reason_count = static_cast<std::uint32_t>(count);
        }
        (void)table;
    }
};

}  // namespace forecastd::detail

#pragma GCC visibility pop

#endif  // FORECASTD_DETAIL_DECLARED_HPP
