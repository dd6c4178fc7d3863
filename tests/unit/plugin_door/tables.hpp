// The tables of a sound plugin, for a test to spoil one thing in.
#ifndef TESTS_UNIT_PLUGIN_DOOR_TABLES_HPP
#define TESTS_UNIT_PLUGIN_DOOR_TABLES_HPP

#include <forecastd/plugin.h>

#include <array>
#include <string>

#include "plugin/catalogue.hpp"

namespace forecastd::plugin {

struct Tables {
    Tables() {
        params[0] = {"weight", "A weight.", FCD_REAL, 0, {}, {}, {}, nullptr, nullptr, 0};
        params[0].initial.real = 0.5;
        params[0].max.real = 1;
        params[1] = {"window", "Points that are kept.", FCD_INTEGER, 0, {}, {}, {}, nullptr, nullptr, 0};
        params[1].initial.integer = 10;
        params[1].max.integer = 100;

        algorithm.struct_size = sizeof algorithm;
        algorithm.abilities = FCD_FORECASTS;
        algorithm.state_version = 1;
        algorithm.param_count = 2;
        algorithm.id = "sound";
        algorithm.version = "1.0.0";
        algorithm.summary = "Does nothing.";
        algorithm.params = params.data();
        algorithm.model_new = [](const fcd_value*, const fcd_grid*, size_t*, fcd_error*) -> fcd_model* {
            return nullptr;
        };
        algorithm.model_free = [](fcd_model*) {};
        algorithm.advance = [](const fcd_model*, const fcd_point*, size_t count, fcd_verdict*, fcd_error*) {
            return count;
        };
        algorithm.forecast = [](const fcd_model*, const void*, const fcd_horizon*, fcd_prediction*,
                                fcd_error*) { return std::int32_t{FCD_OK}; };
    }
    Tables(const Tables&) = delete;
    Tables& operator=(const Tables&) = delete;

    // What the catalogue says of them, after "/p/it.so: "; "" if they are sound.
    [[nodiscard]] std::string fault() const {
        Catalogue catalogue;
        catalogue.add(&library, "/p/it.so");
        if (catalogue.problems().empty()) return "";
        return catalogue.problems().front().substr(std::string("/p/it.so: ").size());
    }

    std::array<fcd_param, 2> params{};
    fcd_algorithm algorithm{};
    std::array<const fcd_algorithm*, 1> algorithms{&algorithm};
    fcd_library library{sizeof(fcd_library),
                        FCD_ABI_MAJOR,
                        FCD_ABI_MINOR,
                        0,
                        sizeof(fcd_param),
                        sizeof(fcd_point),
                        sizeof(fcd_verdict),
                        sizeof(fcd_prediction),
                        sizeof(fcd_input),
                        sizeof(fcd_saved_param),
                        0,
                        1,
                        algorithms.data()};
};

}  // namespace forecastd::plugin

#endif
