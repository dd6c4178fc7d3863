// The tags of our lines: sorted, escaped, fit for every reader.
#include <doctest/doctest.h>

#include "lineprotocol/names.hpp"
#include "unit/output/written.hpp"

namespace forecastd::output {

using engine::at;
using engine::forecasting;
using engine::with;

namespace {

// The head of the forecast that is written for a point: all before its fields.
std::string head_for(std::string_view point) {
    config::Config config = with({forecasting()});
    config.pipelines[0].output.passthrough = false;
    const std::string line = written(config, point);
    CHECK_MESSAGE(first_error(line) == "", line);
    const std::size_t end = line.find(" yhat=");
    return line.substr(0, end);
}

}  // namespace

TEST_CASE("the field's tag stands in its sorted place") {
    CHECK(head_for("m v=1 10\n") == "m_forecast,field=v");
    CHECK(head_for("m,a=1 v=1 10\n") == "m_forecast,a=1,field=v");
    CHECK(head_for("m,z=1 v=1 10\n") == "m_forecast,field=v,z=1");
    CHECK(head_for("m,z=1,a=2,fielc=3,fields=4 v=1 10\n") == "m_forecast,a=2,fielc=3,field=v,fields=4,z=1");
    CHECK(head_for("m,Z=1 v=1 10\n") == "m_forecast,Z=1,field=v");
}

TEST_CASE("another name if the original has such a tag") {
    CHECK(head_for("m,field=x,g=1 v=1 10\n") == "m_forecast,field=x,forecastd_field=v,g=1");
    CHECK(head_for("m,field=x v=1 10\n") == "m_forecast,field=x,forecastd_field=v");
}

TEST_CASE("another name if the original has such a tag, and no tag twice if it has both") {
    const std::string head = head_for("m,field=x,forecastd_field=y v=1 10\n");
    CAPTURE(head);
    const std::size_t first = head.find("forecastd_field=");
    CHECK(head.find("forecastd_field=", first + 1) == std::string::npos);
    CHECK(head.find("=v") != std::string::npos);
}

TEST_CASE("escapes") {
    CHECK(head_for("my\\ m\\,x=y,a\\=b=c\\ d v\\ w\\,x\\=1=1 10\n") ==
          "my\\ m\\,x=y_forecast,a\\=b=c\\ d,field=v\\ w\\,x\\=1");
    CHECK(head_for("m,b=2,a=1,b=3 v=1 10\n") == "m_forecast,a=1,b=3,field=v");
    CHECK(head_for("m,a=\"q\" \"v\"=1 10\n") == "m_forecast,a=\"q\",field=\"v\"");
}

TEST_CASE("names that other readers reject are cleaned") {
    CHECK(head_for("m\\\\,a=1 v=1 10\n") == "m_forecast,a=1,field=v");
    CHECK(head_for("m v\\\\=1 10\n") == "m_forecast,field=v");
    CHECK(head_for("m\xff,a=\x01z v\xfe=1 10\n") ==
          "m\xef\xbf\xbd_forecast,a=\xef\xbf\xbdz,field=v\xef\xbf\xbd");
    CHECK(head_for("\xc3\xa4,\xc3\xa4=\xc3\xa4 \xc3\xa4=1 10\n") ==
          "\xc3\xa4_forecast,field=\xc3\xa4,\xc3\xa4=\xc3\xa4");
}

TEST_CASE("a field's name of which nothing is left makes no broken line") {
    const std::string head = head_for("m \\\\=1 10\n");
    CHECK(head.substr(0, 10) == "m_forecast");
    CHECK(head != "m_forecast,field=");
}

TEST_CASE("tags that change their order when they are cleaned") {
    const std::string head = head_for("m,f\x01=abc,fa=w v=1 10\n");
    CHECK(head == "m_forecast,fa=w,field=v,f\xef\xbf\xbd=abc");
}

TEST_CASE("tags that become the same when they are cleaned") {
    const std::string head = head_for("m,f\x01=a,f\x02=b v=1 10\n");
    CHECK((head == "m_forecast,field=v,f\xef\xbf\xbd=b" || head == "m_forecast,field=v,f\xef\xbf\xbd=a"));
}

}  // namespace forecastd::output
