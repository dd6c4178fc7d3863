// Where in the config the reader stands, and the list that takes the problems it finds there.
#ifndef FORECASTD_CONFIG_PLACE_HPP
#define FORECASTD_CONFIG_PLACE_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/json.hpp"
#include "config/read.hpp"

namespace forecastd::config {

// The text with control characters escaped, such as \x0a.
std::string one_line(std::string_view text);

class Place {
  public:
    // The top of the document. problems must outlive the place.
    explicit Place(std::vector<Problem>& problems) : problems_(&problems) {}

    // "limits.ttl"; a name that needs it is quoted: tags["a b"]. occurrence: which one, of a key that is
    // given twice.
    [[nodiscard]] Place key(std::string_view name, std::size_t occurrence = 0) const;
    [[nodiscard]] Place item(std::size_t index) const;  // "pipelines[0]"

    // Adds a problem here. Control characters in the message are escaped, so that it stays one line.
    void problem(std::string_view message) const;

    // "found -1, expected a number from 0 to 1"; why, if given, follows after a colon.
    void unexpected(const Value& found, std::string_view expected, std::string_view why = {}) const;

    // Adds one that was found elsewhere.
    void add(Problem problem) const { problems_->push_back(std::move(problem)); }

    // The same place, with another list for the problems.
    [[nodiscard]] Place into(std::vector<Problem>& problems) const {
        Place result = *this;
        result.problems_ = &problems;
        return result;
    }
    [[nodiscard]] const std::string& path() const { return path_; }

    // How many problems there are, here and elsewhere: to see whether some reading added any.
    [[nodiscard]] std::size_t problem_count() const { return problems_->size(); }

  private:
    std::vector<Problem>* problems_;
    std::string path_;
    std::vector<Step> steps_;
};

}  // namespace forecastd::config

#endif
