// What comes out, in which order, and that batches do not change it.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {

TEST_CASE("each original first, then what was derived from it") {
    Rig rig(with({doing_both()}));
    rig.feed(at(10, 1) + "other v=1 10\n" + at(20, 3));
    CHECK(rig.lines() == Lines{"= m v=1 10000000000", "j m v p @10 y=1 warmup", "f m v p @10: 20=1",
                               "= other v=1 10", "j other v p @1e-08 y=1 warmup",
                               "f other v p @1e-08: 10.00000001=1", "= m v=3 20000000000",
                               "j m v p @20 y=3 yhat=1 score=2 above anomaly", "f m v p @20: 30=3"});
}

TEST_CASE("batches of one and of many give the same, line for line and counter for counter") {
    config::Config config = with({doing_both("both"), detecting("detects", 0), forecasting("forecasts", 20)});
    config.pipelines[0].detect->data_range.high = 50;
    config.pipelines[0].forecast->emit_every_ns = 30 * second;
    config.limits.ttl_ns = 200 * second;
    std::string text;
    std::uint64_t random = 1;
    double time = 0;
    for (int i = 0; i < 3000; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const auto any = random >> 33;
        time += any % 7 == 0 ? -12 : static_cast<double>(any % 40) / 4;
        text += at(time, static_cast<double>(any % 60),
                   any % 5 == 0   ? "m,b=1,a=2"
                   : any % 3 == 0 ? "m,a=2,b=1"
                                  : "m");
    }
    const auto run = [&](std::size_t batch) {
        Rig rig(config, batch);
        rig.feed(text);
        return std::make_pair(rig.lines(), rig.counters());
    };
    const auto [lines, counters] = run(128);
    CHECK(lines.size() > 3000);
    CHECK(counters.late > 0);
    CHECK(counters.gaps > 0);
    CHECK(counters.out_of_range > 0);
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 2, 3, 7, 50}) {
        CAPTURE(batch);
        const auto [other_lines, other_counters] = run(batch);
        CHECK(std::memcmp(&other_counters, &counters, sizeof counters) == 0);
        const auto differ = std::mismatch(lines.begin(), lines.end(), other_lines.begin(), other_lines.end());
        CHECK(other_lines.size() == lines.size());
        if (differ.first != lines.end() && differ.second != other_lines.end())
            CHECK(*differ.second == *differ.first);
    }
}

TEST_CASE("one series in a batch: a failure stops it at the same point whatever the batch") {
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 2, 128}) {
        CAPTURE(batch);
        SUBCASE("in advance") {
            Rig rig(with({doing_both("p", 10, {3, 0, 0, false})}), batch);
            rig.feed(at(10, 1) + at(20, 2) + at(30, 3) + at(40, 4) + at(50, 5));
            CHECK(rig.lines("j").size() == 2);
            CHECK(rig.lines("f").size() == 2);
            CHECK(rig.counters().plugin_failures == 1);
        }
        SUBCASE("in forecast") {
            Rig rig(with({doing_both("p", 10, {0, 0, 3, false})}), batch);
            rig.feed(at(10, 1) + at(20, 2) + at(30, 3) + at(40, 4) + at(50, 5));
            CHECK(rig.lines("j").size() == 3);
            CHECK(rig.lines("f").size() == 2);
            CHECK(rig.counters().plugin_failures == 1);
        }
    }
}

TEST_CASE("two pipelines on the same field, in the order of the config") {
    Rig rig(with({detecting("a"), forecasting("b")}));
    rig.feed(at(10, 1));
    CHECK(rig.lines() == Lines{"= m v=1 10000000000", "j m v a @10 y=1 warmup", "f m v b @10: 20=1"});
    CHECK(rig.counters().series == 2);
    CHECK(rig.counters().values == 2);
    CHECK(rig.counters().points == 1);
}

TEST_CASE("several fields are several series, in the order of the point") {
    Rig rig(with({forecasting()}));
    rig.feed("m b=1,a=2 10000000000\nm a=3,b=4 20000000000\n");
    CHECK(rig.lines("f") ==
          Lines{"f m b p @10: 20=1", "f m a p @10: 20=2", "f m a p @20: 30=3", "f m b p @20: 30=4"});
    CHECK(rig.counters().series == 2);
}

TEST_CASE("a field that comes twice counts by its last value, also in another spelling") {
    Rig rig(with({forecasting()}));
    rig.feed("m v=1,w=5,v=2 10000000000\nm a\\ b=1,a\\ b=3 10000000000\n");
    CHECK(fed == std::vector<Fed>{{10, 1, 5}, {10, 1, 2}, {10, 1, 3}});
    CHECK(rig.counters().values == 3);
}

TEST_CASE("integers are taken, booleans and strings are passed over") {
    Rig rig(with({forecasting()}));
    rig.feed("m a=1i,b=2u,c=true,d=\"5\",e=-1.5 10000000000\n");
    CHECK(fed == std::vector<Fed>{{10, 1, 1}, {10, 1, 2}, {10, 1, -1.5}});
    CHECK(rig.counters().not_numbers == 2);
    CHECK(rig.counters().series == 3);
}

TEST_CASE("tag order and escapes do not split a series") {
    Rig rig(with({forecasting()}));
    rig.feed(at(10, 1, "m,a=1,b=x\\ y") + at(20, 2, "m,b=x\\ y,a=1") + at(30, 3, "m,a=0,b=x\\ y,a=1"));
    CHECK(rig.counters().series == 1);
    CHECK(fed.size() == 3);
    CHECK(rig.lines("f").back() == "f m,a=1,b=x\\ y v p @30: 40=3");
    rig.feed(at(40, 4, "q\\\"\\ r,a=1") + at(50, 5, "q\\\"\\ r,a=1"));
    CHECK(rig.counters().series == 2);
}

TEST_CASE("our own outputs pass untouched and are counted") {
    Rig rig(with({forecasting()}));
    rig.feed(
        "m_forecast,field=v yhat=1 10\nm_anomaly,forecastd_field=v,field=x y=1 10\nforecastd points=1i 10\n"
        "m_forecast yhat=1 10\n_forecast,field=v yhat=1 10\n");
    CHECK(rig.lines("=").size() == 5);
    CHECK(rig.lines("f").size() ==
          2);  // without a field tag, or without a measurement, it is somebody else's
    CHECK(rig.lines("f").front().substr(0, 16) == "f m_forecast yha");
}

TEST_CASE("outputs without a field's tag are ours by their name, and by what the pipeline selects") {
    config::Config config = with({forecasting()});
    config.pipelines[0].selection.namedrop = config::GlobList({"other"});
    config.pipelines[0].output.field_tag = false;
    config.pipelines[0].output.forecast = "fcast";
    config.pipelines[0].output.change = "{measurement}_change";
    Rig rig(config);
    rig.feed("fcast v=1 10\nm_change v=1 10\nm_anomaly v=1 10\nfcastx v=1 10\nother_change v=1 10\n");
    CHECK(rig.lines("=").size() == 5);
    CHECK(rig.counters().own_outputs == 3);
    CHECK(rig.lines("f").size() == 2);
}

TEST_CASE("no forecast before min_samples points") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->min_samples = 3;
    Rig rig(config);
    rig.feed(at(10, 1) + at(20, 2) + at(20, 2) + at(30, 3) + at(40, 4));
    CHECK(rig.lines("f") == std::vector<std::string>{"f m v p @30: 40=3", "f m v p @40: 50=4"});
    CHECK(rig.counters().forecasts == 2);
}

TEST_CASE("our own outputs that come back are counted") {
    Rig rig(with({forecasting()}));
    rig.feed("m_forecast,field=v yhat=1 10\nm_forecast,field=v yhat=1 20\nforecastd points=1i 10\n");
    CHECK(rig.counters().own_outputs == 3);
}

TEST_CASE("the host's metrics of its plugins are our own outputs") {
    Rig rig(with({forecasting()}));
    rig.feed("forecastd_plugin,algorithm=probe,pipeline=p,role=forecast calls=5i,ns_per_call=100 10\n");
    CHECK(rig.lines("=").size() == 1);
    CHECK(rig.lines("f").empty());
    CHECK(rig.counters().series == 0);
}

TEST_CASE("a point without a time takes the clock that was given") {
    Rig rig(with({forecasting()}));
    rig.feed("m v=1\n", 10);
    rig.feed("m v=2\n", 20);
    CHECK(fed == std::vector<Fed>{{10, 1, 1}, {20, 2, 2}});
    CHECK(rig.lines("=") == Lines{"= m v=1", "= m v=2"});
}

TEST_CASE("times too far from now are counted, and the originals pass") {
    Rig rig(with({forecasting()}));
    rig.feed(
        "m v=1 4600000000000000001\nm v=1 -4600000000000000001\nm v=1 9223372036854775807\nm v=1 "
        "-4600000000000000000\nm "
        "v=2 4600000000000000000\n");
    CHECK(rig.counters().bad_times == 3);
    CHECK(fed.size() == 1);  // the other one is so far ahead that a further one must confirm it
    CHECK(rig.counters().ahead == 1);
    CHECK(rig.lines("=").size() == 5);
}

TEST_CASE("an original is kept back if everyone who selects it wants so") {
    config::Pipeline quiet = forecasting("quiet");
    quiet.output.passthrough = false;
    quiet.selection.namepass = config::GlobList({"m"});
    {
        Rig rig(with({quiet}));
        rig.feed(at(10, 1) + at(10, 1, "n"));
        CHECK(rig.lines() == Lines{"f m v quiet @10: 20=1", "= n v=1 10000000000"});
    }
    Rig rig(with({quiet, forecasting("loud")}));
    rig.feed(at(10, 1));
    CHECK(rig.lines() == Lines{"= m v=1 10000000000", "f m v quiet @10: 20=1", "f m v loud @10: 20=1"});
}

TEST_CASE("emit anomalies: the others are judged and not told") {
    config::Config config = with({detecting()});
    config.pipelines[0].detect->emit = config::Emit::anomalies;
    Rig rig(config);
    rig.feed(at(10, 1) + at(20, 1) + at(30, 5) + at(40, 5));
    CHECK(rig.lines("j") == Lines{"j m v p @30 y=5 yhat=1 score=4 above anomaly"});
    CHECK(rig.counters().judgements == 4);
    CHECK(rig.counters().anomalies == 1);
}

}  // namespace forecastd::engine
