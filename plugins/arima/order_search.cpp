#include "order_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "polynomial.hpp"
#include "process.hpp"
#include "unit_root.hpp"

namespace arima {
namespace {

constexpr double least_radius = 1.01;  // of a root
// Products of values and states above which a search ranks by the conditional sum of squares.
constexpr std::size_t expensive = 6000;
constexpr std::uint32_t one_model = 600;  // evaluations
constexpr std::uint32_t least = 50;       // of a fit that must be made whatever was spent

struct Move {
    std::int32_t p, q, P, Q;
};
constexpr std::array<Move, 16> moves{{{0, 0, -1, 0},
                                      {0, 0, 0, -1},
                                      {0, 0, 1, 0},
                                      {0, 0, 0, 1},
                                      {0, 0, -1, -1},
                                      {0, 0, -1, 1},
                                      {0, 0, 1, -1},
                                      {0, 0, 1, 1},
                                      {-1, 0, 0, 0},
                                      {0, -1, 0, 0},
                                      {1, 0, 0, 0},
                                      {0, 1, 0, 0},
                                      {-1, -1, 0, 0},
                                      {-1, 1, 0, 0},
                                      {1, -1, 0, 0},
                                      {1, 1, 0, 0}}};

bool roots_are_safe(const Fit& fit) {
    const Parts part = parts(fit.order, std::span(fit.coefficients).first(fit.order.coefficients()));
    const double seasonal = std::pow(least_radius, fit.order.season);
    return roots_beyond(part.phi, least_radius) && roots_beyond(part.theta, least_radius, -1) &&
           roots_beyond(part.Phi, seasonal) && roots_beyond(part.Theta, seasonal, -1);
}

}  // namespace

Room room_for(const SearchLimits& limits, std::size_t values) {
    Order most;
    most.p = limits.max_p, most.q = limits.max_q, most.d = limits.max_d;
    most.season = limits.season;
    if (limits.season > 1) most.D = limits.max_D;
    if (limits.season > 1 && limits.season <= longest_seasonal) most.P = limits.max_P, most.Q = limits.max_Q;
    return {values, most.ar_length(), most.ma_length(), most.lags()};
}

OrderSearch::OrderSearch(const SearchLimits& limits, std::size_t values)
    : limits_(limits), strength_(values), copy_(values) {
    tried_.reserve(limits.max_models + 8);
}

Fit OrderSearch::operator()(Workspace& workspace, const Fit* current) {
    workspace_ = &workspace;
    tried_.clear();
    evaluations_ = 0;
    best_ = std::numeric_limits<double>::infinity();
    best_fit_ = {};
    differences(workspace);
    if (values_ < 4 || all_the_same(workspace.differenced(base_.d, base_.D, base_.season))) {
        Order flat = base_;
        flat.constant = limits_.constant != Constant::no && base_.d + base_.D <= 1 ? 1 : 0;
        return exact(flat, nullptr, 1);
    }
    stepwise();
    Fit found = chosen();
    if (current && current->order.d == base_.d && current->order.D == base_.D &&
        !(current->order == found.order)) {
        const Fit kept = exact(current->order, current, 1);
        if (kept.aicc < found.aicc + margin && roots_are_safe(kept)) found = kept;
    }
    found.evaluations = evaluations_;
    return found;
}

// Sets base_ to the differences and the season, most_ to what this many values allow.
void OrderSearch::differences(Workspace& workspace) {
    base_ = {};
    auto x = workspace.differenced(0, 0, 1);
    const std::size_t n = x.size();
    const auto season = static_cast<std::size_t>(limits_.season);
    const bool seasonal = season > 1 && n >= 2 * season + 2;
    if (seasonal) {
        base_.season = limits_.season;
        if (limits_.max_D > 0 && !all_the_same(x) && strength_(x, season) > SeasonalStrength::strong)
            base_.D = 1;
    }
    std::copy(x.begin(), x.end(), copy_.begin());
    auto rest = std::span(copy_).first(n);
    if (base_.D == 1) rest = rest.first(difference(rest, season));
    if (base_.D == 1 && all_the_same(rest) && rest.size() < 4) base_.D = 0;
    base_.d = differences_needed(rest, limits_.max_d);
    values_ = rest.size();
    const auto third = static_cast<std::int32_t>(n / 3);
    const std::int32_t seasons = seasonal && limits_.season <= longest_seasonal ? third / limits_.season : 0;
    most_ = {std::min(limits_.max_p, third), std::min(limits_.max_q, third), std::min(limits_.max_P, seasons),
             std::min(limits_.max_Q, seasons)};
    if (most_[2] == 0 && most_[3] == 0 && base_.D == 0) base_.season = 1;
}

void OrderSearch::stepwise() {
    Order largest = base_;
    largest.p = most_[0], largest.q = most_[1], largest.P = most_[2], largest.Q = most_[3];
    conditional_ = values_ * largest.arma_states() > expensive;
    const bool may = base_.d + base_.D <= 1;
    const auto start = [&](std::int32_t p, std::int32_t q, std::int32_t P, std::int32_t Q, bool constant) {
        Order order = base_;
        order.p = std::min(p, most_[0]), order.q = std::min(q, most_[1]);
        order.P = std::min(P, most_[2]), order.Q = std::min(Q, most_[3]);
        order.constant = constant ? 1 : 0;
        attempt(order);
    };
    const bool constant = may && limits_.constant != Constant::no;
    start(2, 2, 1, 1, constant);
    start(0, 0, 0, 0, constant);
    start(1, 0, 1, 0, constant);
    start(0, 1, 0, 1, constant);
    if (constant && limits_.constant == Constant::automatic) start(0, 0, 0, 0, false);
    while (std::isfinite(best_) && neighbours()) {
    }
}

// Tries the neighbours of the best order; true as soon as one is better.
bool OrderSearch::neighbours() {
    const Order from = best_order_;
    for (std::uint32_t move = 0; move < moves.size(); ++move)
        if (attempt(moved(from, move))) return true;
    if (limits_.constant != Constant::automatic || base_.d + base_.D > 1) return false;
    Order order = from;
    order.constant = 1 - order.constant;
    return attempt(order);
}

OrderSearch::Bounds OrderSearch::bounds(Workspace& workspace) {
    differences(workspace);
    return {base_, most_, static_cast<std::int32_t>(values_), 0};
}

Order OrderSearch::moved(Order from, std::uint32_t move) const {
    if (move >= moves.size()) {
        if (limits_.constant == Constant::automatic && from.d + from.D <= 1)
            from.constant = 1 - from.constant;
        return from;
    }
    const Move& by = moves[move];
    from.p += by.p, from.q += by.q, from.P += by.P, from.Q += by.Q;
    return from;
}

Order OrderSearch::first(const Bounds& bounds, std::uint32_t number) const {
    constexpr std::array<Move, first_count> firsts{
        {{2, 2, 1, 1}, {0, 0, 0, 0}, {1, 0, 1, 0}, {0, 1, 0, 1}, {0, 0, 0, 0}}};
    const Move& begin = firsts[number % first_count];
    Order order = bounds.base;
    order.p = std::min(begin.p, bounds.most[0]), order.q = std::min(begin.q, bounds.most[1]);
    order.P = std::min(begin.P, bounds.most[2]), order.Q = std::min(begin.Q, bounds.most[3]);
    const bool may = bounds.base.d + bounds.base.D <= 1 && limits_.constant != Constant::no;
    const bool last = number + 1 == first_count && limits_.constant == Constant::automatic;
    order.constant = may && !last ? 1 : 0;
    return order;
}

bool OrderSearch::within(const Bounds& bounds, const Order& order) const {
    const auto& most = bounds.most;
    return order.p >= 0 && order.q >= 0 && order.P >= 0 && order.Q >= 0 && order.p <= most[0] &&
           order.q <= most[1] && order.P <= most[2] && order.Q <= most[3] &&
           order.p + order.q + order.P + order.Q <= limits_.max_order &&
           order.estimated() + 2 < static_cast<std::size_t>(std::max(bounds.values, 0));
}

bool OrderSearch::is_safe(const Fit& fit) { return roots_are_safe(fit); }

bool OrderSearch::within(const Order& order) const {
    return order.p >= 0 && order.q >= 0 && order.P >= 0 && order.Q >= 0 && order.p <= most_[0] &&
           order.q <= most_[1] && order.P <= most_[2] && order.Q <= most_[3] &&
           order.p + order.q + order.P + order.Q <= limits_.max_order && order.estimated() + 2 < values_;
}

// Fits the order unless that was done or the limits forbid it; true if it is the best so far.
bool OrderSearch::attempt(Order order) {
    // A third of the budget is for the exact fits after a ranking.
    const std::uint32_t budget = conditional_ ? limits_.max_evaluations / 3 * 2 : limits_.max_evaluations;
    if (!within(order) || tried_.size() >= limits_.max_models || evaluations_ >= budget) return false;
    for (const Tried& tried : tried_)
        if (tried.order == order) return false;
    Effort effort;
    effort.max_evaluations = std::min(one_model, budget - evaluations_);
    effort.descents = 1;
    effort.conditional = conditional_;
    const Fit fit = workspace_->fit(order, effort);
    evaluations_ += fit.evaluations;
    const double aicc = roots_are_safe(fit) ? fit.aicc : std::numeric_limits<double>::infinity();
    tried_.push_back({order, aicc});
    if (!(aicc < best_)) return false;
    best_ = aicc, best_order_ = order, best_fit_ = fit;
    return true;
}

Fit OrderSearch::exact(const Order& order, const Fit* last, std::uint32_t descents) {
    Effort effort;
    effort.max_evaluations =
        std::min(2 * one_model, std::max(limits_.max_evaluations, evaluations_ + least) - evaluations_);
    effort.descents = descents;
    effort.last = last;
    const Fit fit = workspace_->fit(order, effort);
    evaluations_ += fit.evaluations;
    return fit;
}

// The best of the ranking that is still sound when it is fitted exactly, or at least known.
Fit OrderSearch::chosen() {
    if (std::isfinite(best_) && !conditional_) return best_fit_;
    std::sort(tried_.begin(), tried_.end(), [](const Tried& a, const Tried& b) { return a.aicc < b.aicc; });
    Fit known;
    for (const Tried& tried : tried_) {
        if (!std::isfinite(tried.aicc) || evaluations_ >= limits_.max_evaluations) break;
        const Fit fit = exact(tried.order, nullptr, limits_.descents);
        if (!std::isfinite(fit.aicc)) continue;
        if (roots_are_safe(fit)) return fit;
        if (!std::isfinite(known.aicc)) known = fit;
    }
    return std::isfinite(known.aicc) ? known : exact(base_, nullptr, 1);
}

}  // namespace arima
