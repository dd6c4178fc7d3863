// Which keys and fields a pipeline watches.
#include <doctest/doctest.h>

#include "engine/selection.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

using config::GlobList;
using lineprotocol::Key;

const Key cpu{"cpu", {{"host", "a"}, {"zone", "x"}}};

}  // namespace

TEST_CASE("omitted lists select everything, an empty pass list nothing, an empty drop list drops nothing") {
    config::Selection selection;
    CHECK(selects_key(selection, cpu));
    CHECK(selects_field(selection, "v"));
    selection.namedrop.emplace();
    selection.fielddrop.emplace();
    CHECK(selects_key(selection, cpu));
    CHECK(selects_field(selection, "v"));
    selection.namepass.emplace();
    selection.fieldpass.emplace();
    CHECK_FALSE(selects_key(selection, cpu));
    CHECK_FALSE(selects_field(selection, "v"));
}

TEST_CASE("names: what passes and is not dropped") {
    config::Selection selection;
    selection.namepass = GlobList({"c*", "mem"});
    selection.namedrop = GlobList({"*u"});
    CHECK_FALSE(selects_key(selection, cpu));
    CHECK(selects_key(selection, {"mem", {}}));
    CHECK(selects_key(selection, {"cp", {}}));
    CHECK_FALSE(selects_key(selection, {"disk", {}}));
}

TEST_CASE("tags: one match is enough to pass, and to be dropped") {
    config::Selection selection;
    selection.tagpass = {{"host", GlobList({"b"})}, {"zone", GlobList({"x", "y"})}};
    CHECK(selects_key(selection, cpu));
    CHECK_FALSE(selects_key(selection, {"cpu", {{"host", "a"}}}));
    CHECK_FALSE(selects_key(selection, {"cpu", {}}));
    selection.tagdrop = {{"other", GlobList({"*"})}, {"host", GlobList({"a"})}};
    CHECK_FALSE(selects_key(selection, cpu));
    CHECK(selects_key(selection, {"cpu", {{"host", "b"}}}));
}

TEST_CASE("fields") {
    config::Selection selection;
    selection.fieldpass = GlobList({"usage_*"});
    selection.fielddrop = GlobList({"usage_idle"});
    CHECK(selects_field(selection, "usage_user"));
    CHECK_FALSE(selects_field(selection, "usage_idle"));
    CHECK_FALSE(selects_field(selection, "load"));
}

TEST_CASE("fields are told apart by their plain names, in any order and spelling") {
    config::Config config = with({forecasting()});
    config.pipelines[0].selection.fieldpass = GlobList({"a b", "v"});
    Rig rig(config);
    rig.feed(
        "m v=1,a\\ b=2,x=3 10000000000\nm a\\ b=4,v=5 20000000000\nm x=1,v=6,y=2,a\\ b=7 30000000000\nm v=8 "
        "40000000000\n");
    CHECK(fed == std::vector<Fed>{
                     {10, 1, 1}, {10, 1, 2}, {20, 2, 4}, {20, 2, 5}, {30, 3, 6}, {30, 3, 7}, {40, 4, 8}});
    CHECK(rig.counters().series == 2);
}

TEST_CASE("hints by position hold for the keys of a plan, whatever order their fields come in") {
    Rig rig(with({forecasting()}));
    std::string text;
    std::uint64_t random = 1;
    for (int i = 1; i <= 500; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const auto first = (random >> 33) % 7;
        text += "m";
        for (std::uint64_t j = 0; j < 7; ++j) {
            const auto field = (first + j * (1 + (random >> 40) % 6)) % 7;
            text += (j ? ",f" : " f") + std::to_string(field) + "=" + std::to_string(field);
        }
        text += " " + std::to_string(i * 10 * second) + "\n";
    }
    rig.feed(text);
    CHECK(rig.counters().series == 7);
    CHECK(rig.counters().duplicates == 0);
    CHECK(fed.size() == 3500);
    for (const std::string& line : rig.lines("f")) {
        const char field = line[5];
        if (line.back() != field) CHECK(line.back() == field);
    }
}

TEST_CASE("keys that the same pipelines select share a plan") {
    Rig rig(with({forecasting("a"), forecasting("b")}));
    std::vector<Pipeline*> pipelines{rig.engine.pipelines()[0].get(), rig.engine.pipelines()[1].get()};
    Counters counters;
    Limiter limiter(
        config::Limits(), [](config::LogLevel, const std::string&) {}, counters);
    limiter.set_memory([] { return 0; }, [](std::size_t, std::size_t) { return false; });
    Selector selector(pipelines, limiter, 1);
    KeyPlan& plan = selector.plan(cpu, false);
    CHECK(&plan == &selector.plan({"mem", {}}, false));
    CHECK(plan.pipelines == pipelines);
    CHECK(&plan != &selector.plan(cpu, true));
    CHECK(selector.plan(cpu, true).pipelines.empty());
    CHECK(selector.plan(cpu, true).passes_originals);
    FieldPlan& field = selector.field(plan, 3, "a\\ b");
    CHECK(field.name == "a b");
    CHECK(field.output_name == "a\\ b");
    CHECK(field.watchers.size() == 2);
    CHECK(&selector.field(plan, 0, "a\\ b") == &field);
    CHECK(&selector.field(plan, 100'000, "a\\ b") == &field);
    CHECK(&selector.field_of(field.watchers[1].id) == &field);
    CHECK(&selector.field(plan, 0, "other") != &field);
    CHECK(&selector.field(plan, 0, "a\\ b") == &field);
}

TEST_CASE("fields without a series are forgotten, and what they were looked up by") {
    Rig rig(with({forecasting("a"), forecasting("b")}));
    std::vector<Pipeline*> pipelines{rig.engine.pipelines()[0].get(), rig.engine.pipelines()[1].get()};
    Counters counters;
    Limiter limiter(
        config::Limits(), [](config::LogLevel, const std::string&) {}, counters);
    limiter.set_memory([] { return 0; }, [](std::size_t, std::size_t) { return false; });
    Selector selector(pipelines, limiter, 1);
    KeyPlan& plan = selector.plan(cpu, false);
    const FieldPlan& used = selector.field(plan, 0, "used");
    const std::uint32_t id = used.watchers[1].id;
    selector.began(id);
    const std::size_t bytes = selector.allocated_bytes();
    const std::uint64_t serial = selector.field(plan, 1, "unused").serial;
    CHECK(selector.allocated_bytes() > bytes);
    CHECK(selector.names() == 2);
    selector.forget_unused();
    CHECK(selector.names() == 1);
    CHECK(&selector.field(plan, 0, "used") == &used);
    CHECK(selector.field(plan, 1, "unused").serial > serial);
    selector.ended(id);
    selector.forget_unused();
    CHECK(selector.names() == 0);
    // Ids are used again, so names that come and go take no more memory.
    for (int i = 0; i < 1000; ++i) {
        const FieldPlan& field = selector.field(plan, 0, "f" + std::to_string(i));
        for (const FieldPlan::Watcher& watcher : field.watchers) CHECK(watcher.id <= 4);
        selector.forget_unused();
    }
    CHECK(selector.allocated_bytes() <= bytes);
}

}  // namespace forecastd::engine
