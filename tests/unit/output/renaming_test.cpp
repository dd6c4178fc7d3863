// Names that the config gives to measurements and fields, and the expected change, byte for byte.
#include <doctest/doctest.h>

#include "unit/output/written.hpp"

namespace forecastd::output {

using engine::at;
using engine::forecasting;
using engine::with;

namespace {

// Forecasts of two steps, as the last value, without originals.
config::Config renamed(const config::ForecastFields& fields) {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->horizon = {2, 0};
    config.pipelines[0].output.passthrough = false;
    config.pipelines[0].output.forecast = "fcast";
    config.pipelines[0].output.field_tag = false;
    config.pipelines[0].output.forecast_fields = fields;
    return config;
}

}  // namespace

TEST_CASE("a plain measurement, no tag for the field, and a field called as the watched one") {
    const config::Config config = renamed({"{field}", {}, {}, {}});
    CHECK(written(config, at(10, 21.5, "beer,brew=a")) ==
          "fcast,brew=a v=21.5 20000000000\nfcast,brew=a v=21.5 30000000000\n");
    CHECK(written(config, at(10, 1)) == "fcast v=1 20000000000\nfcast v=1 30000000000\n");
    CHECK(written(config, "m,field=x,a=b v=1 10000000000\n").substr(0, 20) == "fcast,a=b,field=x v=");
}

TEST_CASE("each watched field has its own name, escaped as it came") {
    const config::Config config = renamed({"the {field}", {}, {}, {}});
    CHECK(written(config, "m a=1,b\\ c=2,long_name_of_a_field=3 10000000000\n") ==
          "fcast the\\ a=1 20000000000\nfcast the\\ a=1 30000000000\n"
          "fcast the\\ b\\ c=2 20000000000\nfcast the\\ b\\ c=2 30000000000\n"
          "fcast the\\ long_name_of_a_field=3 20000000000\nfcast the\\ long_name_of_a_field=3 30000000000\n");
}

TEST_CASE("of two names that are one for a field, the first is written") {
    const config::Config config = renamed({"{field}", "mean", {}, {}});
    CHECK(written(config, "m mean=1 10000000000\n") ==
          "fcast mean=1 20000000000\nfcast mean=1 30000000000\n");
    CHECK(written(config, "m v=1 10000000000\n").starts_with("fcast v=1,mean=-"));
}

TEST_CASE("a quote behind a backslash keeps it in a name that needs escapes only as a whole") {
    const config::Config config = renamed({"the {field}", {}, {}, {}});
    CHECK(written(config, "m a\\\"b=1 10000000000\n").starts_with("fcast the\\ a\\\\\"b=1 "));
}

TEST_CASE("limits and distance under other names, further levels with their suffix") {
    config::Config config = renamed({"mean", "low", {}, "ahead"});
    config.pipelines[0].forecast->level = {80, 95};
    config.pipelines[0].forecast->horizon = {1, 0};
    CHECK(written(config, at(10, 0)) ==
          "fcast mean=0,low=-1.95996398454,low_80=-1.28155156554,ahead=10 20000000000\n");
    config.pipelines[0].forecast->stamp = config::Stamp::origin;
    CHECK(written(config, at(10, 0)) ==
          "fcast mean_10s=0,low_10s=-1.95996398454,low_80_10s=-1.28155156554 10000000000\n");
}

TEST_CASE("names of any length have room") {
    const std::string name(5000, 'n');
    config::Config config = renamed({name, {}, {}, {}});
    CHECK(written(config, at(10, 1)) ==
          "fcast " + name + "=1 20000000000\nfcast " + name + "=1 30000000000\n");
    config.pipelines[0].output.change = "change";
    const std::string field(9000, 'f');
    const std::string out = written(config, "m " + field + "=1 10000000000\n");
    CHECK(out.ends_with("change " + field + "=0 30000000000\n"));
    CHECK(first_error(out) == "");
}

TEST_CASE("the expected change: from the value to the last forecast, clipped as that is, without its sign") {
    config::Config config = renamed({"{field}", {}, {}, {}});
    config.pipelines[0].output.change = "change";
    config.pipelines[0].forecast->data_range.high = 20;
    CHECK(written(config, at(10, 21.5, "m,brew=a")) ==
          "fcast,brew=a v=20 20000000000\nchange,brew=a v=1.5 20000000000\n"
          "fcast,brew=a v=20 30000000000\nchange,brew=a v=1.5 30000000000\n");
    config.pipelines[0].forecast->stamp = config::Stamp::origin;
    config.pipelines[0].output.field_tag = true;
    CHECK(written(config, at(10, 21.5)) ==
          "fcast,field=v v_10s=20,v_20s=20 10000000000\nchange,field=v v=1.5 10000000000\n");
}

TEST_CASE("a line without a field is not written") {
    config::Config config = renamed({{}, {}, {}, "lead"});
    config.pipelines[0].forecast->stamp = config::Stamp::origin;
    CHECK(written(config, at(10, 1)).empty());
}

}  // namespace forecastd::output
