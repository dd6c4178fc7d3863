// Reads keys (measurement and tags) that come alone, as they stand in a point, such as those of saved series.
// Bytes of any content do no harm.
//
// One thread at a time.
#ifndef FORECASTD_LINEPROTOCOL_KEY_TEXT_HPP
#define FORECASTD_LINEPROTOCOL_KEY_TEXT_HPP

#include <optional>
#include <string_view>

#include "lineprotocol/point.hpp"
#include "lineprotocol/reader.hpp"

namespace forecastd::lineprotocol {

class KeyText {
  public:
    // A point with this key and no fields; nullopt: no point has it. Valid until the next call.
    std::optional<PointView> read(std::string_view key);

  private:
    std::optional<Reader> reader_;
    Points points_;
    LineError error_;
};

}  // namespace forecastd::lineprotocol

#endif
