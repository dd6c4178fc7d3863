// What the tables of keys say, for editors and for people.
#ifndef FORECASTD_CONFIG_REFERENCE_HPP
#define FORECASTD_CONFIG_REFERENCE_HPP

#include <string>

#include "plugin/catalogue.hpp"

namespace forecastd::config {

// The JSON schema (draft 7) of the config, with the parameters of every algorithm of the catalogue.
std::string json_schema(const plugin::Catalogue& catalogue);

// The reference page, in Markdown.
std::string reference_page(const plugin::Catalogue& catalogue);

}  // namespace forecastd::config

#endif
