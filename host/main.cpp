// Picks a command, and prints help. Everything else is in commands/.
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "commands/help.hpp"

int main(int argc, char** argv) {
    using namespace forecastd::commands;
    try {
        return dispatch({argv + 1, argv + argc});
    } catch (const std::exception& exception) {
        std::cerr << "E! forecastd: " << exception.what() << "\n";
        return failure;
    }
}
