// The files of sdk/templates, compiled into the program.
#ifndef FORECASTD_SCAFFOLD_TEMPLATES_HPP
#define FORECASTD_SCAFFOLD_TEMPLATES_HPP

#include <span>
#include <string_view>

namespace forecastd::scaffold {

struct Template {
    std::string_view path;  // from sdk/templates
    std::string_view text;
};

std::span<const Template> all_templates();

}  // namespace forecastd::scaffold

#endif
