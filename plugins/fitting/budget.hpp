// How much work a series may spend on its fits at a point, so that a fit delays no other series.
//
// A fit is cut into pieces of work, which go on at the next points. Work is counted, not timed: so results
// depend on the values alone, and are the same on every machine. Its unit is about a microsecond of a 3 GHz
// core; each fit says how it counts.
//
// A series earns `share` at each point while a fit is under way, and works while it has credit. A piece that
// costs more is paid off at the points that follow; one that costs more than four shares is charged more than
// it costs, as large pieces of several series that come at the same instant should seldom meet. `lot`, the
// series' own number, moves their first ones apart.
#ifndef FORECASTD_PLUGINS_FITTING_BUDGET_HPP
#define FORECASTD_PLUGINS_FITTING_BUDGET_HPP

#include <algorithm>
#include <cstdint>

namespace fitting {

// The share of a point by default: 20 series that come at once delay what is behind them by 2 ms.
inline constexpr std::uint32_t usual_budget = 100;

// Thread: any; part of a series' state, of which any bytes are valid.
struct Budget {
    float credit = 0;       // below 0: of earlier pieces
    std::uint32_t lot = 0;  // the same in every run; evenly spread over the series

    // Takes a point's share. True: work may be done.
    bool earn(double share) {
        const double kept = credit > -most_debt && credit < most_debt ? static_cast<double>(credit) : 0;
        credit = static_cast<float>(std::min(kept + share, share));
        return credit > 0;
    }
    // Pays for a piece of work.
    void spend(double cost, double share) {
        credit = static_cast<float>(std::max(credit - charge(cost, share), -most_debt));
    }
    // Before the first piece of a fit that costs so much.
    void spread(double cost, double share) {
        if (cost > share) credit = static_cast<float>(std::max(-part() * charge(cost, share), -most_debt));
    }
    // A number of points below `points`.
    [[nodiscard]] std::uint32_t offset(std::uint32_t points) const {
        return static_cast<std::uint32_t>(part() * points);
    }

  private:
    static constexpr double most_debt = 1e7;

    [[nodiscard]] double part() const { return static_cast<double>(lot) / 4294967296.0; }
    static double charge(double cost, double share) {
        const double large = 4 * share;
        return cost > large ? cost * cost / large : cost;
    }
};

// When a fit that is one piece is made. Thread and bytes: as Budget.
struct Turn {
    Budget budget;
    std::uint32_t waiting = 0;  // 1: a fit is due
    std::uint32_t unused = 0;   // so that no byte is left unset

    // To be asked at each point; due: whether a fit becomes due there. True: it is to be made now. share 0:
    // no bound.
    bool comes(bool due, double cost, double share) {
        if (!(share > 0)) return due;
        if (due && waiting == 0) {
            waiting = 1;
            budget.spread(cost, share);
        }
        if (waiting == 0 || !budget.earn(share)) return false;
        waiting = 0;
        budget.spend(cost, share);
        return true;
    }
};

}  // namespace fitting

#endif  // FORECASTD_PLUGINS_FITTING_BUDGET_HPP
