// The search for the coefficients of an order that make a function least, within a budget.
//
// It goes over x, one number a coefficient, of which polynomial.hpp makes stationary and invertible
// polynomials. A descent is NLopt's sequential quadratic programming (D. Kraft, A software package for
// sequential quadratic programming, DFVLR-FB 88-28, 1988), its gradients forward differences.
#ifndef FORECASTD_PLUGINS_ARIMA_SEARCH_HPP
#define FORECASTD_PLUGINS_ARIMA_SEARCH_HPP

#include <nlopt.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "order.hpp"
#include "process.hpp"

namespace arima {

// Numbers of any size, as many as an order has coefficients: first p, q, P, Q of them.
using Vector = std::array<double, max_terms>;

// Coefficients of the numbers x, and the numbers of coefficients; the latter are drawn inside where they
// must.
Coefficients coefficients_of(const Order& order, std::span<const double> x);
Vector numbers_of(const Order& order, const Coefficients& coefficients);
// The numbers of partial autocorrelations.
Vector numbers_of_partials(const Order& order, const Vector& partials, double limit);

// Thread: one at a time. NLopt allocates; nothing else does.
class Search {
  public:
    // Of coefficients: what is to be least; `worst` where it is not known.
    class Objective {
      public:
        virtual double operator()(std::span<const double> coefficients) = 0;

      protected:
        ~Objective() = default;
    };
    static constexpr double worst = 1e10;

    // Begins a search. objective outlives it.
    void begin(const Order& order, Objective& objective, std::uint32_t budget);

    // From scratch: first is a good guess, descents how many starts are followed.
    void widely(const Vector& first, std::uint32_t descents);
    // From the numbers of a similar search. other: a guess by other means or null; false if it is better than
    // what was reached, so that there is better elsewhere.
    bool nearby(const Vector& last, const Vector* other);
    // From these numbers alone.
    void only(const Vector& first) { descend(first, usual); }
    // A place to start from; 1: roots near 1, above: scattered places.
    [[nodiscard]] Vector start(std::uint32_t number) const {
        return number == 1 ? roots_near_one() : scattered_point(number - 2);
    }
    // One point.
    double judge(std::span<const double> x);

    // The best so far.
    [[nodiscard]] Coefficients best() const { return coefficients_of(order_, {best_.data(), count_}); }
    [[nodiscard]] std::uint32_t evaluations() const { return evaluations_; }

  private:
    struct Point {
        Vector x;
        double value;
    };
    struct FreeOptimizer {
        void operator()(nlopt_opt optimizer) const { nlopt_destroy(optimizer); }
    };
    static constexpr std::uint32_t scattered = 32;
    static constexpr double coarse = 1e-3, usual = 1e-4, fine = 1e-5;  // of a log-likelihood: a descent ends

    [[nodiscard]] bool spent() const { return evaluations_ >= budget_; }
    void descend(Vector x, double tolerance);
    void descend_on_the_circle();
    void scatter();
    [[nodiscard]] Vector scattered_point(std::uint32_t number) const;
    void nearly_cancel(Vector& x) const;
    [[nodiscard]] Vector roots_near_one() const;
    static double of_nlopt(unsigned n, const double* x, double* gradient, void* self);

    Order order_;
    Objective* objective_ = nullptr;
    std::size_t count_ = 0;  // of coefficients
    std::uint32_t evaluations_ = 0, budget_ = 0;
    Vector best_{};
    double best_value_ = std::numeric_limits<double>::infinity();
    std::array<Point, scattered> points_;
    nlopt_opt running_ = nullptr;
    std::array<std::unique_ptr<nlopt_opt_s, FreeOptimizer>, max_terms + 1> optimizers_;  // by count_
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_SEARCH_HPP
