#include "recording/recording.hpp"

#include <utility>

namespace forecastd::recording {

Recording::Recording(std::vector<std::string> files, Report report)
    : files_(std::move(files)), report_(std::move(report)) {}

std::string Recording::name() const {
    const std::string& file = files_[opened_ - 1];
    return file == "-" ? "standard input" : "'" + file + "'";
}

Event Recording::next() {
    for (;;) {
        if (!reader_) return opened_ == files_.size() ? Event::end : Event::starved;
        points_.clear();
        switch (reader_->next(points_, error_)) {
            case lineprotocol::Outcome::point:
                return Event::point;
            case lineprotocol::Outcome::error:
                report_(name() + ", " + error_.text() + "; the point is left out");
                break;
            case lineprotocol::Outcome::incomplete:
                if (!at_end_) return Event::starved;
                reader_.reset();
        }
    }
}

bool Recording::fetch() {
    constexpr std::size_t least_bytes = std::size_t{1} << 17;
    if (!reader_) {
        source_.emplace(files_[opened_++]);
        reader_.emplace();
        at_end_ = false;
    }
    std::size_t count = 0;
    switch (source_->read(reader_->space(least_bytes), count)) {
        case Source::Event::data:
            reader_->filled(count);
            return true;
        case Source::Event::end:
            reader_->end_of_input();
            at_end_ = true;
            return true;
        case Source::Event::failed:  // what is left in the reader is the beginning of a point, not one
            report_(name() + " " + source_->error());
            reader_.reset();
            return true;
        case Source::Event::stop:
            break;
    }
    return false;
}

void Recording::reject(const std::string& why) {
    report_(name() + ", line " + std::to_string(reader_->lines()) + ": " + why + "; the point is left out");
}

}  // namespace forecastd::recording
