// Series of one model on several threads. The host has one thread, but the contract allows more: see plugin.h, [any].
#include <exception>
#include <thread>

#include "verify/checks.hpp"
#include "verify/direct.hpp"

namespace forecastd::verify {
namespace {

using Verdicts = std::vector<fcd_verdict>;

void advance(DirectSeries& series, std::span<const double> values, Verdicts& verdicts) {
    for (const double value : values) {
        verdicts.push_back(series.advance(value));
        if (verdicts.size() % 16 == 0) series.forecast();
    }
}

// A thread whose exception is thrown by join().
class Worker {
  public:
    template <class Work>
    explicit Worker(Work work)
        : thread_([this, work] {
              try {
                  work();
              } catch (...) {
                  failed_ = std::current_exception();
              }
          }) {}
    void join() {
        thread_.join();
        if (failed_) std::rethrow_exception(failed_);
    }

  private:
    std::exception_ptr failed_;
    std::thread thread_;
};

}  // namespace

Result check_moves(const Rig& rig) {
    const DirectModel model(rig);
    constexpr std::size_t blocks = 6, block = 50;
    const auto values = rig.usual_values(blocks * block), others = rig.usual_values(blocks * block, 1);
    DirectSeries stays(model), stays_too(model), moves(model), moves_too(model);
    Verdicts expected, expected_too, found, found_too;
    advance(stays, values, expected);
    advance(stays_too, others, expected_too);
    for (std::size_t i = 0; i < blocks; ++i) {
        const auto mine = std::span(values).subspan(i * block, block),
                   theirs = std::span(others).subspan(i * block, block);
        // Both at once, and each on this thread and on others in turn.
        Worker worker(
            [&] { i % 2 == 0 ? advance(moves, mine, found) : advance(moves_too, theirs, found_too); });
        i % 2 == 0 ? advance(moves_too, theirs, found_too) : advance(moves, mine, found);
        worker.join();
    }
    for (std::size_t i = 0; i < expected.size(); ++i)
        require(
            agree(found[i], expected[i]) && agree(found_too[i], expected_too[i]),
            "point " + std::to_string(i + 1) +
                " gets another verdict if the points of its series come on several threads, while another "
                "series has points");
    return {};
}

}  // namespace forecastd::verify
