#include "process/handover.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "version.hpp"

namespace forecastd::process {
namespace {

// Members are only ever appended.
struct Head {
    std::array<char, 8> magic;
    std::uint32_t head_size;
    std::int32_t state_file;
    std::array<char, 32> version;  // of the program
    std::uint64_t reported;
    std::int64_t stop_ticks;
    std::uint64_t crashes_size, carried_size, answered_size, unanswered_size;
    std::uint64_t on_request;
};
constexpr std::array<char, 8> head_magic{'f', 'c', 'd', 'l', 'i', 'v', 'e', 's'};

std::array<char, 32> own_version() {
    std::array<char, 32> result{};
    std::strncpy(result.data(), version, result.size() - 1);
    return result;
}

// ---- Writing, in a signal handler: no allocation
// ------------------------------------------------------------

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// A crash's record is these, then its four texts.
struct CrashHead {
    CrashFacts facts;
    std::array<std::uint32_t, 4> sizes;
};
using Texts = std::array<std::string_view, 4>;

Texts list_of(const CrashTexts& texts) { return {texts.plugin, texts.pipeline, texts.key, texts.field}; }

std::string_view bytes_of(const CrashHead& head) {
    return {reinterpret_cast<const char*>(&head), sizeof head};
}

// A longer name of a series is not one.
constexpr std::size_t longest_text = std::size_t{16} << 20;

bool write_crash(int file, const NewCrash& crash, const CrashHead& head) {
    if (!write_all(file, bytes_of(head))) return false;
    for (const std::string_view text : list_of(crash.texts))
        if (!write_all(file, text)) return false;
    return true;
}

bool write_parts(int file, const Handover& handover, const NewCrash* crash) {
    CrashHead crash_head{};
    std::size_t crash_size = 0;
    if (crash) {
        crash_head.facts = crash->facts;
        crash_size = sizeof crash_head;
        const Texts list = list_of(crash->texts);
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (list[i].size() > longest_text) return false;
            crash_head.sizes[i] = static_cast<std::uint32_t>(list[i].size());
            crash_size += list[i].size();
        }
    }
    const std::string_view earlier = crash ? handover.earlier_crashes : std::string_view();
    const Head head{head_magic,
                    sizeof(Head),
                    handover.state_file,
                    own_version(),
                    crash ? handover.reported : 0,
                    handover.stop_ticks,
                    earlier.size() + crash_size,
                    handover.carried.size(),
                    handover.answered.size(),
                    handover.unanswered.size(),
                    crash ? std::uint64_t{0} : std::uint64_t{1}};
    return write_all(file, {reinterpret_cast<const char*>(&head), sizeof head}) && write_all(file, earlier) &&
           (!crash || write_crash(file, *crash, crash_head)) && write_all(file, handover.carried) &&
           write_all(file, handover.answered) && write_all(file, handover.unanswered);
}

// ---- Reading
// ------------------------------------------------------------------------------------------------

bool read_all(int file, void* to, std::size_t size) {
    for (std::size_t at = 0; at < size;) {
        const ssize_t got = ::read(file, static_cast<char*>(to) + at, size - at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += static_cast<std::size_t>(got);
    }
    return true;
}

std::string read_text(int file, std::uint64_t size) {
    std::string text(size, '\0');
    return read_all(file, text.data(), text.size()) ? text : "";
}

std::vector<Crash> parsed(std::string_view records) {
    std::vector<Crash> crashes;
    CrashHead head{};
    while (records.size() >= sizeof head) {
        std::memcpy(static_cast<void*>(&head), records.data(), sizeof head);
        records.remove_prefix(sizeof head);
        Crash& crash = crashes.emplace_back();
        static_cast<CrashFacts&>(crash) = head.facts;
        std::size_t i = 0;
        for (std::string* const text : {&crash.plugin, &crash.pipeline, &crash.key, &crash.field}) {
            *text = records.substr(0, head.sizes[i++]);
            records.remove_prefix(text->size());
        }
    }
    return crashes;
}

}  // namespace

std::string Crash::text() const {
    const std::string name = "plugin '" + plugin + "'";
    std::string rest =
        core_process == 0 ? "" : ", and left a core file of process " + std::to_string(core_process);
    if (subject == Subject::series)
        rest = ", at pipeline '" + pipeline + "', series '" + key + "', field '" + field + "'" + rest;
    switch (kind) {
        case Kind::deadline:
            return name + " did not return from a call within " + std::to_string(number) + " ms" + rest;
        case Kind::exit:
            return name + " ended the process with exit code " + std::to_string(number) + rest;
        case Kind::signal:
            break;
    }
    const std::string how = std::string(" (") + ::strsignal(number) + ")";
    if (during_call) return name + " crashed" + how + rest;
    return "the program crashed" + how + " outside of any call, after a call to " + name + rest +
           "; such a crash is often late damage of a plugin, so the last one that was called";
}

std::string Crash::record() const {
    CrashHead head{*this, {}};
    const Texts texts{plugin, pipeline, key, field};
    for (std::size_t i = 0; i < texts.size(); ++i)
        head.sizes[i] = static_cast<std::uint32_t>(texts[i].size());
    std::string bytes(bytes_of(head));
    for (const std::string_view text : texts) bytes += text;
    return bytes;
}

int write_handover(const Handover& handover, const NewCrash* crash) {
    const int file = ::memfd_create("forecastd-handover", 0);
    if (file < 0) return -1;
    if (!write_parts(file, handover, crash)) {
        if (!crash || ::lseek(file, 0, SEEK_SET) != 0 || ::ftruncate(file, 0) != 0) return -1;
        NewCrash nameless{crash->facts, {crash->texts.plugin, {}, {}, {}}};
        nameless.facts.subject = CrashFacts::Subject::none;
        if (!write_parts(file, handover, &nameless)) return -1;
    }
    ::lseek(file, 0, SEEK_SET);
    return file;
}

EarlierLives take_over() {
    EarlierLives lives;
    const char* const variable = std::getenv(handover_variable);
    if (!variable) return lives;
    const int file = std::atoi(variable);
    ::unsetenv(handover_variable);
    Head head{};
    if (file <= STDERR_FILENO || !read_all(file, &head, offsetof(Head, version)) || head.magic != head_magic)
        return lives;
    // Another version may have a longer head, or a shorter one.
    const std::size_t begun = offsetof(Head, version),
                      known = std::min<std::size_t>(head.head_size, sizeof head);
    if (known < begun || !read_all(file, reinterpret_cast<char*>(&head) + begun, known - begun)) return lives;
    ::lseek(file, static_cast<off_t>(head.head_size), SEEK_SET);
    // Of another version, which was installed meanwhile, crashes and the caller's bytes may mean something
    // else. A crash that is not known comes once more.
    const bool is_same_version = head.version == own_version();
    const std::string crashes = read_text(file, head.crashes_size);
    if (is_same_version) lives.crashes = parsed(crashes);
    if (is_same_version) lives.reported = head.reported;
    if (head.stop_ticks != 0)
        lives.stop_time =
            std::chrono::steady_clock::time_point(std::chrono::steady_clock::duration(head.stop_ticks));
    lives.carried = read_text(file, head.carried_size);
    if (!is_same_version) lives.carried.clear();
    lives.answered = read_text(file, head.answered_size);
    lives.unanswered = read_text(file, head.unanswered_size);
    lives.state_file = head.state_file;
    lives.on_request = head.on_request != 0;
    ::close(file);
    return lives;
}

}  // namespace forecastd::process
