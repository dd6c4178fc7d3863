// A label: a point of the measurement `control.measurement`, by which a person or a program tells what is
// known about some series, in band.
//
//   forecastd_control,host=db1 action="suppress",duration="2h"      no alarms: a maintenance window
//   forecastd_control,host=db1 action="resume"                      alarms again
//   forecastd_control,host=db1 action="reset"                       the series begin again
//   forecastd_control,host=db1 action="normal"                      it was normal: learn it, close its event
//
// It is about the series that have all of its tags, with the same values; without tags, about all. The string
// fields `measurement`, `field` and `pipeline` narrow that further. Times are those of the data.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_LABEL_HPP
#define FORECASTD_ENGINE_LABEL_HPP

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "lineprotocol/names.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

struct Label {
    enum class Action : std::uint8_t { suppress, resume, reset, normal };
    static constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

    Action action = Action::suppress;
    lineprotocol::Key scope;      // its tags count; the measurement is that of the field `measurement`, or ""
    std::string field, pipeline;  // "": any
    std::int64_t until_ns = for_ever;

    // The label of a point at a time. The error is a sentence.
    static Expected<Label> read(const lineprotocol::Points& batch, const lineprotocol::PointView& point,
                                std::int64_t time_ns);
    // Whether it is about a series; key: canonical.
    [[nodiscard]] bool concerns(std::string_view pipeline_name, std::string_view key,
                                std::size_t measurement_size, std::string_view field_name) const;
    [[nodiscard]] bool has_same_scope(const Label& other) const;

    // One that lasts, as bytes, and back.
    void save(ByteWriter& out) const;
    static Label load(ByteReader& in);
};

}  // namespace forecastd::engine

#endif
