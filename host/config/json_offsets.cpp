#include "config/json_offsets.hpp"

#include <algorithm>

namespace forecastd::config {
namespace {

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {
        if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;  // the library skips a byte order mark
    }

    // Scans a value and those in it. The parser has bounded how deep they are nested.
    void value(Value& value) {
        skip_blanks();
        value.offset = at_;
        if (auto* const list = std::get_if<Value::List>(&value.data)) {
            ++at_;
            for (Value& item : *list) {
                this->value(item);
                skip_past(',', ']');
            }
            if (list->empty()) skip_past(']', ']');
        } else if (auto* const members = std::get_if<Value::Object>(&value.data)) {
            ++at_;
            for (Member& member : *members) {
                skip_blanks();
                const std::size_t key = at_;
                skip_string();
                skip_past(':', ':');
                this->value(member.value);
                member.value.offset = key;
                skip_past(',', '}');
            }
            if (members->empty()) skip_past('}', '}');
        } else if (value.string()) {
            skip_string();
        } else {
            at_ = std::min(text_.find_first_of(",]}/ \t\r\n", at_), text_.size());
        }
    }

  private:
    // Blanks and comments.
    void skip_blanks() {
        for (;;) {
            at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
            const std::string_view rest = text_.substr(at_);
            if (rest.starts_with("//"))
                at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
            else if (rest.starts_with("/*"))
                at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
            else
                return;
        }
    }
    void skip_string() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\') ++at_;
        ++at_;
    }
    // The next byte that counts, if it is one of these.
    void skip_past(char one, char other) {
        skip_blanks();
        if (at_ < text_.size() && (text_[at_] == one || text_[at_] == other)) ++at_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

void set_offsets(std::string_view text, Value& root) { Scanner(text).value(root); }

}  // namespace forecastd::config
