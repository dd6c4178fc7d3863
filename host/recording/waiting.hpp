// A sleep that ends early when there is no more reason to go on.
#ifndef FORECASTD_RECORDING_WAITING_HPP
#define FORECASTD_RECORDING_WAITING_HPP

#include <chrono>

namespace forecastd::recording {

enum class Woken { in_time, input_closed, output_closed, stop };

class Waiting {
  public:
    // heed_input: whether standard input is watched for its end, and what comes there is thrown away. Without
    // effect where it is a file or /dev/null, which say nothing by ending.
    explicit Waiting(bool heed_input);

    [[nodiscard]] bool heeds_input() const { return heed_input_; }

    // Sleeps so long; 0 looks only.
    Woken sleep(std::chrono::nanoseconds time);

  private:
    bool heed_input_;
};

}  // namespace forecastd::recording

#endif
