// The host's own metrics.
#include <doctest/doctest.h>

#include <set>

#include "lineprotocol/names.hpp"
#include "output/host_metrics.hpp"
#include "unit/output/written.hpp"

namespace forecastd::output {
namespace {

// The heads and the field names of lines.
struct Line {
    std::string key;
    std::set<std::string> fields;
    std::int64_t time_ns;
};
std::vector<Line> lines_of(std::string_view text) {
    lineprotocol::Reader reader;
    text.copy(reader.space(text.size()).data(), text.size());
    reader.filled(text.size());
    lineprotocol::Points points;
    lineprotocol::LineError error;
    lineprotocol::Outcome outcome{};
    while ((outcome = reader.next(points, error)) == lineprotocol::Outcome::point) continue;
    CHECK_MESSAGE(outcome == lineprotocol::Outcome::incomplete, error.text());
    std::vector<Line> lines;
    for (const auto& point : points.points) {
        Line line{std::string(point.key), {}, point.time_ns};
        for (std::uint32_t i = 0; i < point.field_count; ++i) {
            CHECK(line.fields.emplace(points.fields_of(point)[i].key).second);
            if (point.measurement() == "forecastd")
                CHECK(points.fields_of(point)[i].type == lineprotocol::FieldType::integer);
        }
        lines.push_back(line);
    }
    return lines;
}

}  // namespace

TEST_CASE("every counter has a field") {
    engine::Rig rig(engine::with({engine::doing_both("my pipe")}));
    rig.feed(engine::at(10, 1) + engine::at(20, 2));
    Buffer buffer;
    append_metrics(buffer, rig.engine, {1234, 99, 7, 8, 5, 55, 2, 3, 1, 4, {}, 4096}, {}, 99);
    const auto lines = lines_of(buffer.view());
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].key == "forecastd");
    CHECK(lines[0].time_ns == 99);
    // The members of HostCounters, which holds engine::Counters, and memory_bytes: who adds one adds a row.
    CHECK(lines[0].fields.size() == host_metrics().size());
    CHECK(host_metrics().size() == sizeof(HostCounters) / sizeof(std::uint64_t) + 1);
    CHECK(lines[1].key == "forecastd_state,pipeline=my\\ pipe");
    CHECK(lines[2].key == "forecastd_plugin,algorithm=probe,interval=10s,pipeline=my\\ pipe,role=forecast");
    CHECK(lines[3].key == "forecastd_plugin,algorithm=probe,interval=10s,pipeline=my\\ pipe,role=detect");
    CHECK(lines[2].fields == std::set<std::string>{"points", "ns_per_point", "ns_per_forecast"});
    CHECK(lines[3].fields == std::set<std::string>{"points", "ns_per_point"});
    CHECK(buffer.view().find(
              "forecastd "
              "bytes_in=1234i,bytes_out=99i,lines_in=7i,lines_out=8i,bad_points=5i,bad_bytes=55i,points=2i,"
              "own_outputs=0i,values=2i,") == 0);
    CHECK(buffer.view().find(",series=1i,memory_bytes=") != std::string_view::npos);
}

TEST_CASE("all lines have the tags of the config") {
    engine::Rig rig(engine::with({engine::forecasting("my pipe")}));
    rig.feed(engine::at(10, 1) + engine::at(20, 2));
    Buffer buffer;
    append_metrics(buffer, rig.engine, {}, {{"host", "web\\ 1"}, {"zone", "a"}}, 99);
    const auto lines = lines_of(buffer.view());
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].key == "forecastd,host=web\\ 1,zone=a");
    CHECK(lines[1].key == "forecastd_state,host=web\\ 1,pipeline=my\\ pipe,zone=a");
    CHECK(
        lines[2].key ==
        "forecastd_plugin,algorithm=probe,host=web\\ 1,interval=10s,pipeline=my\\ pipe,role=forecast,zone=a");
}

TEST_CASE("a plugin that was not called yet has no time") {
    engine::Rig rig(engine::with({engine::forecasting()}));
    Buffer buffer;
    append_metrics(buffer, rig.engine, {}, {}, -1);
    CHECK(buffer.view().find("role=forecast points=0i -1\n") != std::string_view::npos);
}

TEST_CASE("how good a pipeline's forecasts are, with each level of its intervals") {
    config::Config config = engine::with({engine::forecasting("my pipe")});
    config.metrics_every_ns = 1;
    config.pipelines[0].forecast->level = {50, 99.5};
    engine::Rig rig(config);
    const auto accuracy = [&] {
        Buffer buffer;
        append_metrics(buffer, rig.engine, {}, {}, 7);
        return std::string(buffer.view().substr(buffer.view().find("forecastd_accuracy")));
    };
    const std::string head =
        "forecastd_accuracy,algorithm=probe,interval=10s,lead=10s,pipeline=my\\ pipe points=";
    CHECK(accuracy() == head + "0i 7\n");
    // Errors 2 and 0.5, of which 0.67 deviations hold one and 2.8 both; the model is the naive one.
    rig.feed(engine::at(10, 1) + engine::at(20, 3) + engine::at(30, 3.5));
    CHECK(accuracy() ==
          head +
              "2i,mae=1.25,mase=1,bias=1.25,coverage_50=0.5,width_50=1.34897950039,coverage_99.5=1,"
              "width_99.5=5.61406753669 7\n");
}

TEST_CASE("the page of the metrics has a row for every field") {
    const std::string page = metrics_page();
    const auto has_row = [&](const Metric& metric) {
        CHECK_MESSAGE(page.find("| `" + std::string(metric.name) + "` | ") != std::string::npos, metric.name);
    };
    for (const auto& metric : host_metrics()) has_row(metric);
    for (const auto& metric : plugin_metrics()) has_row(metric);
    for (const auto& metric : accuracy_metrics()) has_row(metric);
}

TEST_CASE("what the plugins know: sums and means, and a line for each choice in use") {
    engine::Rig rig(engine::with({engine::telling(0)}));
    const auto metrics = [&] {
        Buffer buffer;
        append_metrics(buffer, rig.engine, {}, {}, 7);
        return std::string(buffer.view().substr(buffer.view().find("forecastd_model")));
    };
    CHECK(metrics() ==
          "forecastd_model,algorithm=teller,interval=10s,pipeline=p,role=forecast series=0i 7\n");
    rig.feed(engine::at(10, 2, "a") + engine::at(20, 4, "a") + engine::at(10, 6, "b"));
    CHECK(
        metrics() ==
        "forecastd_model,algorithm=teller,interval=10s,pipeline=p,role=forecast series=2i,mean=4.5,points=3i "
        "7\n"
        "forecastd_model,algorithm=teller,interval=10s,pipeline=p,role=forecast,sign=above series=2i 7\n");
    rig.feed(engine::at(20, -1, "b"));
    CHECK(metrics().find("sign=below\\ \"0\" series=1i 7\n") != std::string::npos);
}

TEST_CASE("no two lines have the same tags and time: a database would keep one of them") {
    engine::Rig rig(engine::with({engine::forecasting("p", 0)}));
    std::string text;
    for (int i = 0; i < 9; ++i) text += engine::at(10 * i, i, "slow") + engine::at(i, i, "quick");
    rig.feed(text);
    Buffer buffer;
    append_metrics(buffer, rig.engine, {}, {}, 1);
    std::set<std::string> keys;
    for (const Line& line : lines_of(buffer.view())) CHECK_MESSAGE(keys.insert(line.key).second, line.key);
}

}  // namespace forecastd::output
