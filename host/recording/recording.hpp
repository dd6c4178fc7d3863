// Recorded points: line protocol in files, one behind the other, as a sequence of points.
//
//   while ((event = recording.next()) != Event::end) {
//       if (event == Event::point) use(recording.point());
//       else if (!recording.fetch()) break;   // a signal to stop
//   }
//
// What cannot be read is reported, a sentence each that names file and line, and left out; the rest goes on.
// Of each file, the first 20 such points are reported one by one, the others as a number at its end. It never
// holds a file in memory, and never changes a point. One thread.
#ifndef FORECASTD_RECORDING_RECORDING_HPP
#define FORECASTD_RECORDING_RECORDING_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lineprotocol/reader.hpp"
#include "recording/source.hpp"

namespace forecastd::recording {

enum class Event { point, starved, end };

using Report = std::function<void(const std::string& sentence)>;

class Recording {
  public:
    // files: names, "-" for standard input.
    Recording(std::vector<std::string> files, Report report);

    // starved: fetch() must be called, which may wait for input.
    Event next();
    bool fetch();

    // After Event::point; until the next fetch().
    [[nodiscard]] const lineprotocol::PointView& point() const { return points_.points.front(); }
    [[nodiscard]] std::span<const lineprotocol::FieldView> fields() const { return points_.fields; }

    // Of all files so far, as they are stored: of gzip data, the compressed ones.
    [[nodiscard]] std::uint64_t bytes_read() const {
        return bytes_closed_ + (source_ ? source_->bytes_read() : 0);
    }
    // How many points were left out, of all files so far.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_closed_ + left_out_; }

    // Reports that the point is of no use to the caller, and why.
    void reject(const std::string& why);

  private:
    [[nodiscard]] std::string name() const;  // of the file that is read, as in a sentence
    void leave_out(const std::string& place_and_reason);
    void close();

    const std::vector<std::string> files_;
    const Report report_;
    std::size_t opened_ = 0;  // files
    std::optional<Source> source_;
    std::optional<lineprotocol::Reader> reader_;  // of the file that is open, or was open last
    bool is_open_ = false, at_end_ = false;
    std::uint64_t left_out_ = 0;                            // points of the file
    std::uint64_t left_out_closed_ = 0, bytes_closed_ = 0;  // of the files before
    lineprotocol::Points points_;
    lineprotocol::LineError error_;
};

}  // namespace forecastd::recording

#endif
