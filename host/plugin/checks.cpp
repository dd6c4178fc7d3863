#include "plugin/checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "plugin/sentences.hpp"

namespace forecastd::plugin {
namespace {

// The structs as they were in version 1.0: what a plugin must bring at least, however much is appended later.
constexpr std::size_t library_size = offsetof(fcd_library, algorithms) + sizeof(fcd_library::algorithms);
constexpr std::size_t algorithm_size = offsetof(fcd_algorithm, reasons) + sizeof(fcd_algorithm::reasons);
constexpr std::size_t param_size = offsetof(fcd_param, count) + sizeof(fcd_param::count);
constexpr std::size_t point_size = offsetof(fcd_point, inputs) + sizeof(fcd_point::inputs);
constexpr std::size_t verdict_size = offsetof(fcd_verdict, reserved) + sizeof(fcd_verdict::reserved);
constexpr std::size_t prediction_size =
    offsetof(fcd_prediction, deviation) + sizeof(fcd_prediction::deviation);
constexpr std::size_t input_size = offsetof(fcd_input, reserved) + sizeof(fcd_input::reserved);
constexpr std::size_t saved_param_size = offsetof(fcd_saved_param, value) + sizeof(fcd_saved_param::value);

// The inputs that this host can fill.
constexpr std::string_view known_inputs[] = {"calendar.hour", "calendar.weekday", "calendar.holiday"};

template <class Number>
std::string text_of(Number number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

bool is_id(std::string_view id) {
    return (is_lower(id.front()) || is_digit(id.front())) && std::all_of(id.begin(), id.end(), [](char c) {
               return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
           });
}

// "" if there are no other bits than the known ones.
std::string bits_fault(const char* field, std::uint32_t found, std::uint32_t known) {
    if ((found & ~known) == 0) return "";
    return std::string("its ") + field + " are " + std::to_string(found) + ", which has bits that version " +
           std::to_string(FCD_ABI_MAJOR) + "." + std::to_string(FCD_ABI_MINOR) +
           " of the plugin interface does not define, expected at most " + std::to_string(known);
}

std::string reserved_fault(const char* type, std::uint32_t found) {
    if (found == 0) return "";
    return std::string("the reserved field of its ") + type + " is " + std::to_string(found) + ", expected 0";
}

std::string size_fault(const char* type, const char* field, std::size_t found, std::size_t least) {
    return std::string("its fcd_library says that an ") + type + " is " + std::to_string(found) +
           " bytes long, expected at least " + std::to_string(least) + " and a multiple of 8; set " + field +
           " to sizeof(" + type + ")";
}

template <class Number>
std::string range_fault(Number initial, Number min, Number max, bool initial_counts) {
    if (!(min <= max))
        return "its range is from " + text_of(min) + " to " + text_of(max) +
               ", expected the least value first";
    if (initial_counts && !(initial >= min && initial <= max))
        return "its default " + text_of(initial) + " is outside its range from " + text_of(min) + " to " +
               text_of(max);
    return "";
}

std::string choice_fault(const fcd_param& param, bool required) {
    if (auto fault = choices_fault(param.choices); !fault.empty()) return fault;
    std::int64_t count = 0;
    while (param.choices[count]) ++count;
    if (!required && (param.initial.integer < 0 || param.initial.integer >= count))
        return "its default is choice " + std::to_string(param.initial.integer) + ", expected 0 to " +
               std::to_string(count - 1);
    return "";
}

std::string list_fault(const fcd_param& param, bool required) {
    constexpr std::size_t most = 16;
    if (param.count < 1 || param.count > most)
        return "its count is " + std::to_string(param.count) + ", expected 1 to " + std::to_string(most);
    const std::int64_t min = param.min.integer, max = param.max.integer;
    if (auto fault = range_fault(min, min, max, false); !fault.empty() || required) return fault;
    const fcd_integers* const initial = param.initial.integers;
    if (!initial) return "its default is NULL, expected an fcd_integers";
    if (initial->count == 0) {
        if ((param.flags & FCD_AUTO) != 0) return "";
        return "its default is \"auto\", which needs the flag FCD_AUTO";
    }
    if (initial->count != param.count || !initial->items)
        return "its default has " + std::to_string(initial->items ? initial->count : 0) +
               " items, expected " + std::to_string(param.count) + " as its count says";
    for (std::size_t i = 0; i < param.count; ++i)
        if (auto fault = range_fault(initial->items[i], min, max, true); !fault.empty()) return fault;
    return "";
}

// Of FCD_STEPS, whose default may be a duration.
std::string steps_fault(const fcd_param& param, bool required) {
    const bool duration = (param.flags & FCD_INITIAL_DURATION) != 0;
    if (duration && !required && param.initial.integer <= 0)
        return "its default is " + std::to_string(param.initial.integer) +
               " ns, expected a duration above 0 with the flag FCD_INITIAL_DURATION";
    return range_fault(param.initial.integer, param.min.integer, param.max.integer, !required && !duration);
}

std::string value_fault(const fcd_param& param) {
    const bool required = (param.flags & FCD_REQUIRED) != 0;
    if (auto fault = bits_fault("flags", param.flags, FCD_REQUIRED | FCD_AUTO | FCD_INITIAL_DURATION);
        !fault.empty())
        return fault;
    if (param.count != 0 && param.type != FCD_INTEGERS)
        return "its count is " + std::to_string(param.count) + ", expected 0: only FCD_INTEGERS is a list";
    const bool has_zero = param.type == FCD_STEPS && param.min.integer <= 0;
    if ((param.flags & FCD_AUTO) != 0 && param.type != FCD_INTEGERS && !has_zero)
        return "has the flag FCD_AUTO, which only FCD_INTEGERS and FCD_STEPS from 0 on may have";
    if ((param.flags & FCD_INITIAL_DURATION) != 0 && param.type != FCD_STEPS)
        return "has the flag FCD_INITIAL_DURATION, which only FCD_STEPS may have";
    switch (param.type) {
        case FCD_REAL:
            return range_fault(param.initial.real, param.min.real, param.max.real,
                               !required && !std::isnan(param.initial.real));
        case FCD_DURATION:
            if (param.min.integer < 0)
                return "its range begins at " + std::to_string(param.min.integer) +
                       " ns, expected no negative duration";
            [[fallthrough]];
        case FCD_INTEGER:
            return range_fault(param.initial.integer, param.min.integer, param.max.integer, !required);
        case FCD_STEPS:
            return steps_fault(param, required);
        case FCD_BOOLEAN:
            if (required || param.initial.integer == 0 || param.initial.integer == 1) return "";
            return "its default is " + std::to_string(param.initial.integer) + ", expected 0 or 1";
        case FCD_CHOICE:
            return choice_fault(param, required);
        case FCD_INTEGERS:
            return list_fault(param, required);
        default:
            return "its type is " + std::to_string(param.type) +
                   ", expected FCD_REAL (1) to FCD_INTEGERS (7)";
    }
}

// names: those of the parameters before this one; its own are added.
std::string names_fault(const fcd_param& param, std::set<std::string_view>& names) {
    std::vector<const char*> own{param.name};
    for (auto alias = param.aliases; alias && *alias; ++alias) own.push_back(*alias);
    for (const char* name : own) {
        if (auto fault = name_fault(name); !fault.empty()) return fault;
        if (!names.insert(name).second)
            return "the name " + quoted(name) + " occurs twice among names and aliases";
    }
    return "";
}

std::string params_fault(const fcd_library& library, const fcd_algorithm& algorithm) {
    if (algorithm.param_count > 0 && !algorithm.params)
        return "its params are NULL, expected " + std::to_string(algorithm.param_count) +
               " as its param_count says";
    std::set<std::string_view> names;
    std::uint32_t number = 0;
    for (const fcd_param* param : params_of(library, algorithm)) {
        ++number;
        if (missing(param->name)) return "parameter " + std::to_string(number) + " has no name";
        for (const auto& fault :
             {names_fault(*param, names), sentence_fault("doc", param->doc), value_fault(*param)})
            if (!fault.empty()) return "parameter " + quoted(param->name) + ": " + fault;
    }
    return "";
}

std::string input_fault(const fcd_input& input, std::set<std::string_view>& names) {
    if (!names.insert(input.name).second) return "the name occurs twice";
    if (auto fault = sentence_fault("doc", input.doc); !fault.empty()) return fault;
    constexpr std::uint32_t known = FCD_INPUT_PAST | FCD_INPUT_AHEAD | FCD_INPUT_REQUIRED;
    if (auto fault = bits_fault("flags", input.flags, known); !fault.empty()) return fault;
    if ((input.flags & (FCD_INPUT_PAST | FCD_INPUT_AHEAD)) == 0)
        return "its flags are " + std::to_string(input.flags) +
               ", expected FCD_INPUT_PAST (1) or FCD_INPUT_AHEAD (2) among them";
    if (auto fault = reserved_fault("fcd_input", input.reserved); !fault.empty()) return fault;
    const bool is_known =
        std::find(std::begin(known_inputs), std::end(known_inputs), input.name) != std::end(known_inputs);
    if (is_known || (input.flags & FCD_INPUT_REQUIRED) == 0) return "";
    return "it is required, and this forecastd does not know it; it knows calendar.hour, calendar.weekday "
           "and "
           "calendar.holiday";
}

std::string inputs_fault(const fcd_library& library, const fcd_algorithm& algorithm) {
    if (algorithm.input_count > 0 && !algorithm.inputs)
        return "its inputs are NULL, expected " + std::to_string(algorithm.input_count) +
               " as its input_count says";
    std::set<std::string_view> names;
    const char* next = reinterpret_cast<const char*>(algorithm.inputs);
    for (std::uint32_t i = 0; i < algorithm.input_count; ++i, next += library.input_size) {
        const auto& input = *reinterpret_cast<const fcd_input*>(next);
        if (missing(input.name)) return "input " + std::to_string(i + 1) + " has no name";
        if (auto fault = input_fault(input, names); !fault.empty())
            return "input " + quoted(input.name) + ": " + fault;
    }
    return "";
}

std::string reasons_fault(const fcd_algorithm& algorithm) {
    if (algorithm.reason_count > 0 && !algorithm.reasons)
        return "its reasons are NULL, expected " + std::to_string(algorithm.reason_count) +
               " as its reason_count says";
    for (std::uint32_t i = 0; i < algorithm.reason_count; ++i)
        if (auto fault = sentence_fault("text", algorithm.reasons[i]); !fault.empty())
            return "reason " + std::to_string(i + 1) + ": " + fault;
    return "";
}

std::string functions_fault(const fcd_algorithm& algorithm) {
    const auto lacks = [](const char* function, const char* who) {
        return std::string("has no function ") + function + ", which " + who + " needs";
    };
    if (!algorithm.model_new) return lacks("model_new", "every algorithm");
    if (!algorithm.model_free) return lacks("model_free", "every algorithm");
    if (!algorithm.advance) return lacks("advance", "every algorithm");
    if ((algorithm.abilities & FCD_FORECASTS) != 0 && !algorithm.forecast)
        return lacks("forecast", "an algorithm with FCD_FORECASTS");
    if (algorithm.save && !algorithm.load)
        return "has the function save without load, expected both; load alone is enough where a state is "
               "saved as "
               "plain bytes";
    return "";
}

std::string identity_fault(const fcd_algorithm& algorithm) {
    if (missing(algorithm.version)) return "has no version, expected one such as '1.0.0'";
    if (auto fault = sentence_fault("summary", algorithm.summary); !fault.empty()) return fault;
    if ((algorithm.abilities & (FCD_FORECASTS | FCD_DETECTS)) == 0)
        return "its abilities are " + std::to_string(algorithm.abilities) +
               ", expected FCD_FORECASTS (1), FCD_DETECTS (2) or both (3)";
    return bits_fault("abilities", algorithm.abilities, FCD_FORECASTS | FCD_DETECTS);
}

std::string library_fault(const fcd_library& library) {
    if (library.struct_size < library_size)
        return struct_fault("fcd_library", library.struct_size, library_size);
    if (library.abi_major != FCD_ABI_MAJOR)
        return "its fcd_library says plugin interface version " + std::to_string(library.abi_major) +
               ", this forecastd speaks version " + std::to_string(FCD_ABI_MAJOR) +
               ": rebuild it with this SDK";

    struct Size {
        const char *type, *field;
        std::size_t found, least;
    };
    for (const Size& size :
         {Size{"fcd_param", "param_size", library.param_size, param_size},
          Size{"fcd_point", "point_size", library.point_size, point_size},
          Size{"fcd_verdict", "verdict_size", library.verdict_size, verdict_size},
          Size{"fcd_prediction", "prediction_size", library.prediction_size, prediction_size},
          Size{"fcd_input", "input_size", library.input_size, input_size},
          Size{"fcd_saved_param", "saved_param_size", library.saved_param_size, saved_param_size}})
        if (size.found < size.least || size.found % 8 != 0)
            return size_fault(size.type, size.field, size.found, size.least);

    if (library.flags != 0)
        return "the flags of its fcd_library are " + std::to_string(library.flags) + ", expected 0";
    if (auto fault = reserved_fault("fcd_library", library.reserved); !fault.empty()) return fault;
    if (library.algorithm_count == 0 || !library.algorithms)
        return "its fcd_library has no algorithms, expected one at least";
    return "";
}

std::string algorithm_fault(const fcd_library& library, std::uint32_t index) {
    const std::string place =
        "algorithm " + std::to_string(index + 1) + " of " + std::to_string(library.algorithm_count) + ": ";
    const fcd_algorithm* const algorithm = library.algorithms[index];
    if (!algorithm) return place + "is NULL";
    if (algorithm->struct_size < algorithm_size)
        return place + struct_fault("fcd_algorithm", algorithm->struct_size, algorithm_size);
    if (missing(algorithm->id)) return place + "has no id, expected one such as 'acme.spikes'";
    if (!is_id(algorithm->id))
        return place + "its id " + quoted(algorithm->id) +
               " is not allowed, expected lower case letters, digits, '.', '_' and '-', a letter or digit "
               "first";

    for (const auto& check : {identity_fault, functions_fault, reasons_fault})
        if (auto fault = check(*algorithm); !fault.empty())
            return "algorithm " + quoted(algorithm->id) + ": " + fault;
    for (const auto& check : {params_fault, inputs_fault})
        if (auto fault = check(library, *algorithm); !fault.empty())
            return "algorithm " + quoted(algorithm->id) + ": " + fault;
    return "";
}

Expected<void> expected(std::string fault) {
    if (fault.empty()) return {};
    return fail(std::move(fault));
}

}  // namespace

Expected<void> check_library(const fcd_library& library) { return expected(library_fault(library)); }

Expected<void> check_algorithm(const fcd_library& library, std::uint32_t index) {
    return expected(algorithm_fault(library, index));
}

std::vector<const fcd_param*> params_of(const fcd_library& library, const fcd_algorithm& algorithm) {
    std::vector<const fcd_param*> result(algorithm.param_count);
    const char* next = reinterpret_cast<const char*>(algorithm.params);
    for (auto& param : result) {
        param = reinterpret_cast<const fcd_param*>(next);
        next += library.param_size;
    }
    return result;
}

std::vector<std::string> param_names(const fcd_library& library, const fcd_algorithm& algorithm) {
    std::vector<std::string> names;
    for (const fcd_param* const param : params_of(library, algorithm)) {
        names.emplace_back(param->name);
        for (auto alias = param->aliases; alias && *alias; ++alias) names.emplace_back(*alias);
    }
    return names;
}

}  // namespace forecastd::plugin
