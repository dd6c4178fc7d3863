#include "commands/plugin_session.hpp"

#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <streambuf>
#include <string>
#include <utility>

#include "plugin/at_work.hpp"
#include "plugin/messages.hpp"
#include "process/crash.hpp"
#include "process/debug.hpp"
#include "process/private_streams.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

// Text for several descriptors, in the order in which it was written.
using Pieces = std::vector<std::pair<int, std::string>>;

class HeldBack : public std::streambuf {
  public:
    HeldBack(Pieces& pieces, int fd) : pieces_(pieces), fd_(fd) {}

  protected:
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        if (pieces_.empty() || pieces_.back().first != fd_) pieces_.emplace_back(fd_, "");
        pieces_.back().second.append(text, static_cast<std::size_t>(size));
        return size;
    }
    int_type overflow(int_type c) override {
        const char one = traits_type::to_char_type(c);
        if (!traits_type::eq_int_type(c, traits_type::eof())) xsputn(&one, 1);
        return traits_type::not_eof(c);
    }

  private:
    Pieces& pieces_;
    const int fd_;
};

void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;  // nobody reads it
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

void load_plugins(const config::Document& document, plugin::Catalogue& catalogue) {
    const config::Plugins plugins = document.plugins();
    const bool leaves_crashes = process::debug().crashes;
    if (plugins.core) process::leave_core_files();
    process::set_call_deadline(std::chrono::nanoseconds(plugins.deadline_ns));
    catalogue.load(plugin::search_path(document.plugin_dirs()),
                   {document.wanted(), std::chrono::nanoseconds(plugins.deadline_ns),
                    !plugins.core && !leaves_crashes, !leaves_crashes});
}

void load_plugins(const std::vector<std::filesystem::path>& directories, plugin::Catalogue& catalogue) {
    plugin::Loading everything;
    everything.private_copies = everything.in_child = !process::debug().crashes;
    process::set_call_deadline(everything.deadline);
    catalogue.load(plugin::search_path(directories), everything);
}

config::Config read_config(const config::Document& document, const plugin::Catalogue& catalogue,
                           std::vector<config::Problem>& problems) {
    config::Config config = document.read(catalogue, problems);
    config.plugins.guards_states = process::debug().guards;
    return config;
}

// Where crashes are left alone, nothing is held back, and the streams stay where they are.
struct PluginSession::Content {
    const bool leaves_crashes = process::debug().crashes;
    process::EarlierLives earlier = process::take_over();
    process::Streams streams = leaves_crashes ? process::Streams{} : process::private_streams();
    Pieces pieces;
    HeldBack out{pieces, streams.output}, err{pieces, STDERR_FILENO};
    std::streambuf *usual_out = nullptr, *usual_err = nullptr;
};

PluginSession::PluginSession() : content_(std::make_unique<Content>()) {
    std::cout.flush();
    if (content_->leaves_crashes)
        std::cout << std::unitbuf;
    else
        hold_back();
    process::outlive_crashes(
        {&plugin::work.name, &plugin::work.calls, nullptr, nullptr, {}}, content_->earlier,
        content_->leaves_crashes ? process::Crashes::left_alone : process::Crashes::outlived);
    plugin::listen([](plugin::Level level, const std::string& message) {
        constexpr const char* prefixes[] = {"E! ", "W! ", "I! ", "D! "};
        if (level <= plugin::Level::warn)
            std::cerr << prefixes[static_cast<int>(level)] << text::escaped(message) << "\n";
    });
}

void PluginSession::hold_back() {
    content_->usual_out = std::cout.rdbuf(&content_->out);
    content_->usual_err = std::cerr.rdbuf(&content_->err);
}

PluginSession::~PluginSession() {
    plugin::listen(nullptr);
    end(0);
}

void PluginSession::set_aside_in(plugin::Catalogue& catalogue) const {
    for (const process::Crash& crash : content_->earlier.crashes) catalogue.set_aside(crash.plugin);
}

void PluginSession::report() const {
    for (const process::Crash& crash : content_->earlier.crashes)
        std::cerr << "E! " << text::escaped(crash.text()) << "; it is left out of what follows\n";
}

bool PluginSession::crashed() const { return !content_->earlier.crashes.empty(); }

int PluginSession::end(int exit_code) {
    process::crashes_are_deadly();
    if (!content_->usual_out) return exit_code;
    std::cout.rdbuf(std::exchange(content_->usual_out, nullptr));
    std::cerr.rdbuf(std::exchange(content_->usual_err, nullptr));
    for (const auto& [fd, text] : content_->pieces) write_all(fd, text);
    return exit_code;
}

std::optional<config::Config> read_config(const std::string& file, const PluginSession& session,
                                          plugin::Catalogue& catalogue) {
    std::vector<config::Problem> problems;
    const auto document = config::Document::open(file, problems);
    session.set_aside_in(catalogue);
    load_plugins(document, catalogue);
    session.report();
    config::Config config = read_config(document, catalogue, problems);
    for (const auto& refused : catalogue.problems()) std::cerr << "W! " << text::escaped(refused) << "\n";
    for (const auto& problem : problems) std::cerr << "E! " << text::escaped(problem.text()) << "\n";
    if (!problems.empty()) return std::nullopt;
    return config;
}

}  // namespace forecastd::commands
