#include "plugin/saved_state.hpp"

#include <bit>

namespace forecastd::plugin {
namespace {

std::string text_of(std::span<const char> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

bool SavedParam::operator==(const SavedParam& other) const {
    if (name != other.name || type != other.type) return false;
    if (type == FCD_INTEGERS) return list == other.list;
    if (type == FCD_CHOICE) return choice == other.choice;
    // By their bits, since a real that the algorithm chooses is NaN.
    return std::bit_cast<std::int64_t>(value) == std::bit_cast<std::int64_t>(other.value);
}

void SavedModel::write(ByteWriter& out) const {
    out.put(std::span<const char>(algorithm));
    out.put(version);
    out.put(interval_ns);
    out.put(static_cast<std::uint32_t>(params.size()));
    for (const SavedParam& param : params) {
        out.put(std::span<const char>(param.name));
        out.put(param.type);
        out.put(param.type == FCD_INTEGERS ? std::int64_t{0} : std::bit_cast<std::int64_t>(param.value));
        out.put(static_cast<std::uint32_t>(param.list.size()));
        for (const std::int64_t item : param.list) out.put(item);
        out.put(std::span<const char>(param.choice));
    }
}

Expected<SavedModel> SavedModel::read(ByteReader& in) {
    SavedModel model;
    model.algorithm = text_of(in.take_bytes());
    model.version = in.take<std::uint32_t>();
    model.interval_ns = in.take<std::int64_t>();
    for (auto count = in.take<std::uint32_t>(); count > 0 && in.complete(); --count) {
        SavedParam& param = model.params.emplace_back();
        param.name = text_of(in.take_bytes());
        param.type = in.take<std::int32_t>();
        param.value.integer = in.take<std::int64_t>();
        for (auto items = in.take<std::uint32_t>(); items > 0 && in.complete(); --items)
            param.list.push_back(in.take<std::int64_t>());
        param.choice = text_of(in.take_bytes());
    }
    if (!in.complete()) return fail("what is saved of its model ends in the middle of a value");
    return model;
}

std::vector<SavedParam> saved_params(const Algorithm& algorithm, std::span<const fcd_value> values) {
    std::vector<SavedParam> params;
    for (std::size_t i = 0; i < algorithm.params.size(); ++i) {
        const fcd_param& param = *algorithm.params[i];
        SavedParam& saved = params.emplace_back(SavedParam{param.name, param.type, values[i], {}, ""});
        if (param.type == FCD_CHOICE) saved.choice = param.choices[values[i].integer];
        if (param.type == FCD_INTEGERS) {
            saved.value.integer = 0;
            const fcd_integers& list = *values[i].integers;
            saved.list.assign(list.items, list.items + list.count);
        }
    }
    return params;
}

}  // namespace forecastd::plugin
