// Which pipelines watch the same fields, as far as their selections alone can tell.
//
// Threads: any.
#ifndef FORECASTD_CONFIG_OVERLAP_HPP
#define FORECASTD_CONFIG_OVERLAP_HPP

#include <optional>
#include <string>

#include "config/config.hpp"

namespace forecastd::config {

struct FieldOf {
    std::string measurement, field;
};

// A field that both selections take, with the same tags, for certain; nothing where they may have none in common, also
// if they do have some.
std::optional<FieldOf> common_field(const Selection& a, const Selection& b);

// A list of a selection, "namepass" or "fieldpass", that lets nothing through, alone or with its drop list; "" if
// none does.
std::string closed_list(const Selection& selection);

}  // namespace forecastd::config

#endif
