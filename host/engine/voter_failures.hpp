// What is done when one of several detectors fails on a series: it does not vote on that series any more, and
// the others go on. Each detector's first failure is told, further ones are counted. A series whose last
// detector fails is set aside.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_VOTER_FAILURES_HPP
#define FORECASTD_ENGINE_VOTER_FAILURES_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/failures.hpp"
#include "engine/record_layout.hpp"

namespace forecastd::engine {

// Of one series: bit i is that of detector i. Plain data, zeroed for a new series.
struct Voting {
    std::uint8_t out;    // it does not vote: it has failed, or cannot run
    std::uint8_t begun;  // it has a state

    void leave(std::uint8_t bit) { out = static_cast<std::uint8_t>(out | bit); }
};

class VoterFailures : public Failures {
  public:
    // of_pipeline must outlive it. all: the bits of all detectors.
    VoterFailures(Failures& of_pipeline, Part<Voting> voting, std::uint8_t bit, std::uint8_t all)
        : Failures(of_pipeline), of_pipeline_(of_pipeline), voting_(voting), bit_(bit), all_(all) {}

    void set_aside(Series& series, std::string_view field, const std::string& reason) override;
    // It cannot begin a series, which has no name yet.
    void cannot_begin(Series& series, const std::string& reason);
    // Its plugin has crashed on a series, in an earlier life of the process.
    void has_crashed(Series& series, std::string_view plugin);
    // It cannot run on the grid of a cohort. what: who, and why.
    void cannot_run(const std::string& what);

  private:
    Failures& of_pipeline_;
    const Part<Voting> voting_;
    const std::uint8_t bit_, all_;
    bool told_ = false;
};

}  // namespace forecastd::engine

#endif
