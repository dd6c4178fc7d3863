// How the costs of an algorithm grow with its parameters: each of those that are numbers at its least value, at the one
// that it has, and at its greatest, while the others stay.
//
// Threads: the main thread.
#ifndef FORECASTD_VERIFY_GROWTH_HPP
#define FORECASTD_VERIFY_GROWTH_HPP

#include <functional>
#include <string>
#include <vector>

#include "verify/costs.hpp"

namespace forecastd::verify {

struct CostsAtValue {
    std::string value;      // as a config has it
    Expected<Costs> costs;  // or why there are none: the value is refused, or it takes too much
};

struct Growth {
    std::string param;
    std::vector<CostsAtValue> at;  // two or three
};

// Calls found for each parameter, in the order of the table.
void growth(const Setting& setting, const std::function<void(const Growth&)>& found);

// "14 ns, 250 ns, 200 bytes": a point, a forecast of 10 steps unless there is none, and a series. "(after 6400 points)"
// follows if these are too few to fill its windows.
std::string in_words(const Costs& costs);
// "window 1: 12 ns, 48 bytes; 20: 14 ns, 200 bytes; 100000: not measured, since ...".
std::string in_words(const Growth& growth);

}  // namespace forecastd::verify

#endif
