// Several recordings as one, in the order of time: files that were written side by side come as they were recorded, and
// files that continue each other one behind the other.
//
//   while (merged.next_batch(batch, 32)) use(batch);
//   if (merged.stopped()) ...   // a signal to stop
//
// Each file is taken to be in the order of time. Where one goes back in time, its points come as they stand, and
// times_back() counts that. A point without a time comes as soon as it is the first of its file. What cannot be read
// is reported, as a Recording does. One thread.
#ifndef FORECASTD_RECORDING_MERGED_HPP
#define FORECASTD_RECORDING_MERGED_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lineprotocol/point.hpp"
#include "recording/recording.hpp"

namespace forecastd::recording {

class Merged {
  public:
    // files: names, "-" for standard input.
    Merged(const std::vector<std::string>& files, const Report& report);

    // Puts the next points into the batch, in place of what is in it; at least one, and at most `most`. They are valid
    // until the next call. false: the end, or a signal to stop.
    bool next_batch(lineprotocol::Points& batch, std::size_t most);

    [[nodiscard]] bool stopped() const { return stopped_; }
    // Of all files so far, as they are stored.
    [[nodiscard]] std::uint64_t bytes_read() const;
    // How often a point was more than a minute older than one before it.
    [[nodiscard]] std::uint64_t times_back() const { return times_back_; }
    // How many points were left out.
    [[nodiscard]] std::uint64_t left_out() const;

  private:
    struct Lane {
        std::unique_ptr<Recording> recording;
        bool has_point = false;  // the next one of the file was read
        bool at_end = false;
        bool in_batch = false;  // the batch has views of what was read, so that nothing more may be read
    };
    // Reads the next point of a lane. false: that must wait, since the batch has views of it.
    bool advance(Lane& lane);
    [[nodiscard]] Lane* earliest();
    void append(lineprotocol::Points& batch, Lane& lane);

    std::vector<Lane> lanes_;
    bool stopped_ = false;
    bool any_time_ = false;
    std::int64_t latest_ns_ = 0;
    std::uint64_t times_back_ = 0;
};

}  // namespace forecastd::recording

#endif
