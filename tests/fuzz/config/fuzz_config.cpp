// Whatever the bytes of a config are, reading it ends, and says a problem or gives a config that can be
// described. What it includes, and its variables, are made up (algorithms.hpp): nothing is read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/describe.hpp"
#include "unit/config/algorithms.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace forecastd::config;
    const auto [config, problems, texts, hints] = tests::read({reinterpret_cast<const char*>(data), size});
    if (problems.empty() && config.pipelines.empty()) std::abort();
    for (const auto& problem : problems)
        if (problem.find('\n') != std::string::npos) std::abort();
    for (const auto& text : texts)
        if (texts.size() < 100 && !text.starts_with("line ") && text.find(".json") == std::string::npos &&
            !text.starts_with("the config is empty") && !text.starts_with("this is not JSON: brackets"))
            std::abort();
    for (const auto& pipeline : config.pipelines) {
        if (!pipeline.forecast && !pipeline.detect) std::abort();
        if (pipeline.forecast && describe(*pipeline.forecast).empty()) std::abort();
        if (pipeline.detect && describe(*pipeline.detect).empty()) std::abort();
        if (pipeline.selection.namepass) (void)pipeline.selection.namepass->match("measurement");
    }
    return 0;
}
