// Picks a command, and prints help. Everything else is in commands/.
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "commands/help.hpp"
#include "process/streams.hpp"
#include "text/escaped.hpp"

int main(int argc, char** argv) {
    using namespace forecastd::commands;
    forecastd::process::open_standard_streams();
    try {
        return dispatch({argv + 1, argv + argc});
    } catch (const std::exception& exception) {
        std::cerr << "E! forecastd: " << forecastd::text::escaped(exception.what()) << "\n";
        return failure;
    }
}
