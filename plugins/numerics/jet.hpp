// A number with its derivatives by N variables: forward-mode automatic differentiation.
//
// Written in place of double, a Jet carries the value of a formula and its first derivatives through the same
// code:
//
//   (a + a' h) (b + b' h) = a b + (a' b + a b') h,   h^2 = 0
//
// A variable's derivative is 1 in its own place and 0 in all others; those of a constant are 0. Source: R. E.
// Wengert, A simple automatic derivative evaluation program, Comm. ACM 7, 1964. The derivatives are an Eigen
// array, so they fill the processor's vectors: an even N is the fastest.
#ifndef FORECASTD_PLUGINS_NUMERICS_JET_HPP
#define FORECASTD_PLUGINS_NUMERICS_JET_HPP

#include <Eigen/Core>
#include <cmath>

namespace numerics {

template <int N>
struct Jet {
    using Slopes = Eigen::Array<double, N, 1>;

    double value = 0;
    Slopes slopes = Slopes::Zero();  // by each variable

    Jet() = default;
    Jet(double constant) : value(constant) {}  // NOLINT(google-explicit-constructor): mixes with double
    Jet(double its_value, const Slopes& its_slopes) : value(its_value), slopes(its_slopes) {}
    // The variable of a place.
    static Jet variable(double value, int place) {
        Jet jet(value);
        jet.slopes[place] = 1;
        return jet;
    }

    Jet& operator+=(const Jet& b) {
        value += b.value;
        slopes += b.slopes;
        return *this;
    }
    friend Jet operator+(const Jet& a, const Jet& b) { return {a.value + b.value, a.slopes + b.slopes}; }
    friend Jet operator-(const Jet& a, const Jet& b) { return {a.value - b.value, a.slopes - b.slopes}; }
    friend Jet operator-(double a, const Jet& b) { return {a - b.value, -b.slopes}; }
    friend Jet operator*(const Jet& a, const Jet& b) {
        return {a.value * b.value, b.value * a.slopes + a.value * b.slopes};
    }
    friend Jet operator*(double a, const Jet& b) { return {a * b.value, a * b.slopes}; }
    friend Jet operator/(const Jet& a, const Jet& b) {
        const double ratio = a.value / b.value, by = 1 / b.value;
        return {ratio, by * a.slopes - (ratio * by) * b.slopes};
    }
    friend Jet operator/(double a, const Jet& b) {
        const double ratio = a / b.value;
        return {ratio, (-ratio / b.value) * b.slopes};
    }
    // a > 0.
    friend Jet pow(const Jet& a, const Jet& b) {
        const double power = std::pow(a.value, b.value);
        return {power, (b.value * power / a.value) * a.slopes + (power * std::log(a.value)) * b.slopes};
    }
};

// The value of a number or a Jet.
inline double value_of(double number) { return number; }
template <int N>
double value_of(const Jet<N>& jet) {
    return jet.value;
}

}  // namespace numerics

#endif  // FORECASTD_PLUGINS_NUMERICS_JET_HPP
