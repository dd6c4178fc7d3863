// A fit in pieces: the form and weights in use are challenged by others, one after another, each improved by
// a few evaluations at a point.
//
//   1. The weights in use are improved on the window.
//   2. A challenger (a form, a start) is improved in its turn. When it is done, it and what is in use are
//      both judged by AICc on the window as it is then, and the better one is used from there on.
//
// The first fit, those of a young series, and one after the level has shifted try every start of a given
// form, or every linear form once; every other fit has one challenger, the next each time. So what is in use
// never gets worse, and in the course of some fits all is tried. The very first challenger is taken into use
// after its first piece.
//
// No piece sees the window of the one before: the window moves on while a fit is under way.
#ifndef FORECASTD_PLUGINS_SMOOTHING_ROUND_HPP
#define FORECASTD_PLUGINS_SMOOTHING_ROUND_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../fitting/budget.hpp"
#include "form.hpp"
#include "selection.hpp"

namespace smoothing {

// The fit of a series that is under way: plain bytes, of which any are valid but for the form's.
struct Round {
    Weights best;                   // of who is being tried
    std::uint32_t next = 0;         // challenger
    std::uint32_t left = 0;         // challengers that this fit still tries
    std::uint32_t evaluations = 0;  // of who is being tried
    std::uint32_t all_evaluations = 0;
    Form form;                 // of who is being tried
    std::uint8_t trying = 0;   // 1: someone is
    std::uint8_t present = 0;  // 1: what is in use is being improved, or will be first
    std::uint8_t whole = 0;    // 1: all challengers
    std::uint8_t first = 0;    // 1: no fit has ended before
    std::uint32_t spread = 0;  // 1: the first piece that costs more than a share has waited for its turn
    std::uint32_t unused = 0;  // so that no byte is left unset

    [[nodiscard]] bool under_way() const { return left > 0 || trying != 0 || present != 0; }
};

// Who challenges: every form that is asked for, from several starts. Thread: any; never changes.
class Challengers {
  public:
    Challengers(const RequestedForm& requested, Loss loss) : chooses_(requested.chooses()) {
        Form usual = requested.form();
        if (!requested.season) usual.season = Season::additive;
        forms_.push_back(usual);
        if (!chooses_) return;
        for (const bool linear : {true, false})  // these cost little
            detail::for_each_form(requested, loss, [&](const Form& form) {
                if (form.linear() == linear && !(form == usual)) forms_.push_back(form);
            });
        linear_ = static_cast<std::uint32_t>(
            std::count_if(forms_.begin(), forms_.end(), [](const Form& form) { return form.linear(); }));
    }

    // Of a whole search.
    [[nodiscard]] std::uint32_t at_first() const {
        return chooses_ ? std::max(linear_, 1u) : static_cast<std::uint32_t>(starts.size());
    }
    [[nodiscard]] std::uint32_t count() const {
        return static_cast<std::uint32_t>(forms_.size() * starts.size());
    }
    [[nodiscard]] const Form& form(std::uint32_t place) const { return forms_[place % forms_.size()]; }
    [[nodiscard]] const Weights& start(std::uint32_t place) const {
        return starts[place / forms_.size() % starts.size()];
    }

  private:
    // A level that follows the values by a third, at once, hardly, and with a trend that turns fast: of every
    // fit from the grid of fitter.cpp on noisy, seasonal and trending windows one of these leads to the same.
    static constexpr std::array<Weights, 4> starts{
        {{0.35, 0.02, 0.05, 0.9}, {0.85, 0.1, 0.05, 0.9}, {0.05, 0.02, 0.4, 0.95}, {0.4, 0.35, 0.3, 0.85}}};

    std::vector<Form> forms_;
    std::uint32_t linear_ = 1;  // the first of them
    bool chooses_;
};

// What the fit of a piece costs, in the unit of fitting/budget.hpp: before its evaluations, and each of them.
struct Work {
    double begin, each;
    double least;  // evaluations of a piece
    [[nodiscard]] double at_least() const { return begin + least * each; }
};
// As measured: `size` values, a season of `length` steps. By squares, a form that is not linear runs over the
// values ten times or so, with a derivative for each initial state. Over leads, the initial states are found
// by squares at given weights first; then an evaluation is a run and a loop for each lead.
inline Work fit_work(const Form& form, std::size_t size, std::size_t length, bool over_leads) {
    const auto n = static_cast<double>(size), m = static_cast<double>(length);
    const double by_squares = form.linear() && !form.has_season() ? 0.5 + 0.014 * n
                              : form.linear()                     ? 2 + 0.08 * n
                                              : 5 + n * (form.has_season() ? 0.5 + 0.045 * m : 0.5);
    if (!over_leads) return {0, by_squares, 4};
    // A search without a gradient wants some evaluations in a row, which a long window makes expensive.
    const double each = 0.6 + n * (form.needs_positive() ? 0.13 : 0.034);
    return {2.7 * by_squares + 0.07 * n, each, std::clamp(400 / each, 6.0, 16.0)};
}
// What a piece costs beside its evaluations: to copy the window, and to run over it with the new weights.
inline double piece_cost(std::size_t size) { return 1 + 0.03 * static_cast<double>(size); }

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_ROUND_HPP
