// How a model was made, which tells later whether the states that it saved still load: the algorithm, the
// version of its states, the interval, and the parameters. It is the same for all series of the model, so it
// is saved once for them.
//
// Bytes of any content are refused with a sentence, never trusted.
#ifndef FORECASTD_PLUGIN_SAVED_STATE_HPP
#define FORECASTD_PLUGIN_SAVED_STATE_HPP

#include <forecastd/plugin.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::plugin {

// A parameter of a model, as a value of its own.
struct SavedParam {
    std::string name;
    std::int32_t type;
    fcd_value value;  // of FCD_INTEGERS: unused
    std::vector<std::int64_t> list;
    std::string choice;  // of FCD_CHOICE: the name of the choice

    [[nodiscard]] bool operator==(const SavedParam& other) const;
};

struct SavedModel {
    std::string algorithm;
    std::uint32_t version;
    std::int64_t interval_ns;
    std::vector<SavedParam> params;

    void write(ByteWriter& out) const;
    static Expected<SavedModel> read(ByteReader& in);
};

// The parameters of a model that was made from values in the order of its algorithm's table.
std::vector<SavedParam> saved_params(const Algorithm& algorithm, std::span<const fcd_value> values);

}  // namespace forecastd::plugin

#endif
