#include "recording/recording.hpp"

#include <utility>

namespace forecastd::recording {
namespace {

constexpr std::uint64_t most_told = 20;

}  // namespace

Recording::Recording(std::vector<std::string> files, Report report)
    : files_(std::move(files)), report_(std::move(report)) {}

std::string Recording::name() const {
    const std::string& file = files_[opened_ - 1];
    return file == "-" ? "standard input" : "'" + file + "'";
}

Event Recording::next() {
    for (;;) {
        if (!is_open_) return opened_ == files_.size() ? Event::end : Event::starved;
        points_.clear();
        switch (reader_->next(points_, error_)) {
            case lineprotocol::Outcome::point:
                return Event::point;
            case lineprotocol::Outcome::error:
                leave_out(error_.text());
                break;
            case lineprotocol::Outcome::incomplete:
                if (!at_end_) return Event::starved;
                close();
        }
    }
}

bool Recording::fetch() {
    constexpr std::size_t least_bytes = std::size_t{1} << 17;
    if (!is_open_) {
        if (source_) bytes_closed_ += source_->bytes_read();
        source_.emplace(files_[opened_++]);
        reader_.emplace();
        is_open_ = true;
        at_end_ = false;
        left_out_closed_ += std::exchange(left_out_, 0);
    }
    std::size_t count = 0;
    const auto event = source_->read(reader_->space(least_bytes), count);
    if (!event) {  // what is left in the reader is the beginning of a point, not one
        report_(name() + " " + event.error().text);
        close();
        return true;
    }
    switch (*event) {
        case Source::Event::data:
            reader_->filled(count);
            return true;
        case Source::Event::end:
            reader_->end_of_input();
            at_end_ = true;
            return true;
        case Source::Event::stop:
            break;
    }
    return false;
}

void Recording::reject(const std::string& why) {
    leave_out("line " + std::to_string(reader_->lines()) + ": " + why);
}

void Recording::leave_out(const std::string& place_and_reason) {
    if (++left_out_ <= most_told) report_(name() + ", " + place_and_reason + "; the point is left out");
}

void Recording::close() {
    if (left_out_ > most_told)
        report_(name() + ": " + std::to_string(left_out_) +
                " points were left out in all, of which the first " + std::to_string(most_told) +
                " are reported above");
    is_open_ = false;  // points that were read are still valid
}

}  // namespace forecastd::recording
