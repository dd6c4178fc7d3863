#include "plugin/messages.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "plugin/at_work.hpp"

namespace forecastd::plugin {
namespace {

using Clock = std::chrono::steady_clock;

// How many messages a plugin may still write.
struct Allowance {
    static constexpr double burst = 10;
    static constexpr std::chrono::duration<double> per_message{10};
    double left = burst;
    Clock::time_point last = Clock::now();
    std::uint64_t skipped = 0;

    bool take() {
        const Clock::time_point now = Clock::now();
        left = std::min(burst, left + (now - last) / per_message);
        last = now;
        if (left < 1) {
            ++skipped;
            return false;
        }
        left -= 1;
        return true;
    }
};

// Never destroyed, since a plugin may write while the process ends.
struct Messages {
    std::mutex mutex;
    Listener listener;
    std::map<std::string, Allowance> allowances;
};
Messages& messages() {
    static auto& all = *new Messages;
    return all;
}

void write(std::int32_t level, const char* text) {
    constexpr std::size_t longest = 1000;
    const char* const caller = work.name.load(std::memory_order_relaxed);
    const std::string name = caller ? caller : "unknown";
    std::string line =
        "plugin '" + name + "': " + (text ? std::string(text, ::strnlen(text, longest)) : "(no text)");
    auto& all = messages();
    const std::lock_guard lock(all.mutex);
    Allowance& allowance = all.allowances[name];
    if (!all.listener || !allowance.take()) return;
    if (const std::uint64_t skipped = std::exchange(allowance.skipped, 0); skipped > 0)
        line += " (" + std::to_string(skipped) + " more of its messages were left out before this one)";
    all.listener(static_cast<Level>(std::clamp(level, FCD_LOG_ERROR, FCD_LOG_DEBUG)), line);
}

}  // namespace

Listener listen(Listener listener) {
    const std::lock_guard lock(messages().mutex);
    return std::exchange(messages().listener, std::move(listener));
}

void tell(Level level, const std::string& text) {
    const std::lock_guard lock(messages().mutex);
    if (messages().listener) messages().listener(level, text);
}

const void* service(const char* id) {
    static const fcd_log log{sizeof(fcd_log), 0, write};
    return id && std::string_view(id) == FCD_LOG ? &log : nullptr;
}

}  // namespace forecastd::plugin
