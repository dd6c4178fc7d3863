#include "report/page.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>

#include "text/utf8.hpp"

using nlohmann::ordered_json;

namespace {

constexpr std::string_view opening = R"(<script type="application/json" id="data">)";

std::string page_of(const ordered_json& data) {
    std::ostringstream out;
    forecastd::report::write_page(out, data);
    return out.str();
}

std::string data_in(const std::string& page) {
    const std::size_t begin = page.find(opening) + opening.size();
    return page.substr(begin, page.find("</script>", begin) - begin);
}

}  // namespace

TEST_CASE("the page holds the data as they are") {
    const ordered_json data = {{"format", 1}, {"zebra", {1.5, nullptr, "text"}}, {"apple", true}};
    CHECK(data_in(page_of(data)) == data.dump());
}

TEST_CASE("what stands in the data ends no element") {
    const ordered_json data = {{"key", "</script><script>alert(1)</script><!--<b>&"}, {"</script>", "<"}};
    const std::string text = data_in(page_of(data));
    CHECK(text.find('<') == std::string::npos);
    CHECK(ordered_json::parse(text) == data);
}

TEST_CASE("the page is UTF-8 whatever the names are") {
    const std::string page = page_of({{"broken", "a\xff\xc3(\xf0\x9f"}, {"whole", "\xf0\x9f\x98\x80"}});
    for (std::size_t at = 0; at < page.size();) {
        const std::size_t length = forecastd::text::utf8_length(std::string_view(page).substr(at));
        REQUIRE(length > 0);
        at += length;
    }
    const ordered_json read = ordered_json::parse(data_in(page));
    CHECK(read["broken"] == "a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd");
    CHECK(read["whole"] == "\xf0\x9f\x98\x80");
}

TEST_CASE("every place of the page is filled in, once") {
    const std::string page = page_of({{"format", 1}});
    CHECK(page.starts_with("<!doctype html>"));
    CHECK(page.ends_with("</html>\n"));
    for (const char* mark : {"@STYLE@", "@SCRIPT@", "@DATA@", "_HASH@"})
        CHECK(page.find(mark) == std::string::npos);
    CHECK(page.find("default-src 'none'; script-src 'sha256-") != std::string::npos);
    CHECK(page.find(opening) == page.rfind(opening));
}
