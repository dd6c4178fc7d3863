// Whether the host keeps what an algorithm's series have learned: see save in plugin.h.
#ifndef FORECASTD_PLUGIN_SAVES_STATES_HPP
#define FORECASTD_PLUGIN_SAVES_STATES_HPP

#include <forecastd/plugin.h>

namespace forecastd::plugin {

// Not those of a state that owns memory, unless the algorithm saves it itself: its bytes hold addresses.
inline bool saves_states(const fcd_algorithm& table) { return table.save || !table.series_free; }

}  // namespace forecastd::plugin

#endif
