// forecastd/plugin.hpp: write an algorithm as a plain struct; this layer makes it a plugin.
//
// It is header only, needs C++20, and is written in terms of forecastd/plugin.h, whose conventions (threads,
// time, steps, numbers) hold here too. A model is a struct:
//
//   static constexpr forecastd::About about{"acme.spikes", "1.0.0", "One sentence."};
//   struct Series { ... };                                 // the state of one series: plain bytes
//
//   void observe(Series&, const Point&) const;             // learn one point
//   void forecast(const Series&, Forecast&) const;         // forecasters: fill each step
//   Verdict judge(const Series&, const Point&) const;      // detectors: judge one point, learn nothing
//
// Optional:
//
//   static constexpr auto params();                        // a std::tuple of real<>, integer<>, boolean<>,
//                                                          // choice<>, duration<>, steps<>, integers<>:
//                                                          // each is bound to a member
//   void prepare(const Grid&);                             // once, after the parameters are set; throw if
//                                                          // they do not fit
//   bool ready(const Series&) const;                       // false: too little was learned to answer;
//                                                          // left out: until a point was learned (8 bytes)
//   void start(Series&) const;                             // begin a series other than by Series{}
//   void start(Series&, const SeriesInfo&) const;          // the same, with a seed for random numbers
//   void end(Series&) const;                               // free what the state owns: it is not saved
//   Prediction expect(const Series&, const Point&) const;  // the forecast of one step, if that is cheaper
//   std::size_t tail_length() const;                       // the number of doubles behind Series, 0 at first
//   auto tails() const;                                    // the same for arrays of any plain type:
//                                                          // a std::tuple of Tail<T>{length}
//   bool migrate(const Saved&, Series&) const;             // take over a state of another version, other
//                                                          // parameters or another grid; false: begin again
//   static constexpr auto reasons();                       // a std::array of sentences for Verdict::reason
//   static constexpr auto inputs();                        // a std::array of past() and ahead(): values
//                                                          // beside the series, in Point::inputs
//   static constexpr auto diagnostics();                   // what is known of a series: a std::tuple of
//                                                          // diagnostic<>, each bound to a member of...
//   Known diagnose(const Series&) const;                   // ... the struct that this returns
//   static const void* extension(const char* id);          // tables that plugin.h does not know
//
// Tails are handed to every call that takes a Series, right after it: a std::span<T> where Series is not
// const, else a std::span<const T>.
//
// The layer does what a point's flags and learn_limit say: a value that lies too far from what the model
// itself expected (judge().expected if that is known, else expect() or forecast()) is moved to the limit
// before observe() gets it.
//
// The host saves and loads a state as plain bytes. It calls migrate() only if state_version, parameters,
// interval or size differ.
//
// Close the file with FORECASTD_PLUGIN(Model); several models may share a library. Throwing is allowed
// everywhere: the text of a std::exception reaches the user as a sentence, and the series is set aside; see
// BeginAgain and AskLater for less. A model is const once made, and is called from many threads: keep no
// mutable members.
#ifndef FORECASTD_PLUGIN_HPP
#define FORECASTD_PLUGIN_HPP

#include <forecastd/plugin.h>
#include <forecastd/detail/table.hpp>
#include <forecastd/params.hpp>
#include <forecastd/values.hpp>

// Makes a library of one or more models; once in a library, outside every namespace.
#define FORECASTD_PLUGIN(...)                                                             \
    extern "C" FCD_EXPORT const fcd_library* forecastd_library_v1(const fcd_host* host) { \
        ::forecastd::detail::kept_host = host;                                            \
        return ::forecastd::detail::library<__VA_ARGS__>();                               \
    }

#endif  // FORECASTD_PLUGIN_HPP
