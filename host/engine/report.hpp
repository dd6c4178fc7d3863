// How a part of the engine tells a person what happened.
#ifndef FORECASTD_ENGINE_REPORT_HPP
#define FORECASTD_ENGINE_REPORT_HPP

#include <functional>
#include <string>

#include "config/config.hpp"

namespace forecastd::engine {

// The text is a sentence.
using Report = std::function<void(config::LogLevel, const std::string&)>;

}  // namespace forecastd::engine

#endif
