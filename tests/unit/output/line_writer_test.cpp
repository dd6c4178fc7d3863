// The lines of forecasts and judgements, byte for byte. Limits are mean -/+ 1.95996398454 (95 %) or
// 1.28155156554 (80 %) deviations: quantiles of the normal distribution from a printed table.
#include <doctest/doctest.h>

#include "unit/output/written.hpp"

namespace forecastd::output {

using engine::at;
using engine::detecting;
using engine::forecasting;
using engine::with;

TEST_CASE("originals pass as they came, with a newline") {
    const config::Config none;
    CHECK(written(none, "m,a=b v=1 5\r\n# c\nn s=\"a\nb\"\nbad\n  o v=1 \np v=2") ==
          "m,a=b v=1 5\nn s=\"a\nb\"\no v=1 \np v=2\n");
}

TEST_CASE("a forecast at its target's time") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->horizon = {2, 0};
    config.pipelines[0].output.passthrough = false;
    CHECK(written(config, at(10, 21.5, "beer,batch=7,tank=a")) ==
          "beer_forecast,batch=7,field=v,tank=a "
          "yhat=21.5,yhat_lower=19.5400360155,yhat_upper=23.4599639845,lead_s=10 "
          "20000000000\n"
          "beer_forecast,batch=7,field=v,tank=a "
          "yhat=21.5,yhat_lower=19.5400360155,yhat_upper=23.4599639845,lead_s=20 "
          "30000000000\n");
}

TEST_CASE("several levels: the greatest without a suffix, and first") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->level = {80, 95};
    config.pipelines[0].output.passthrough = false;
    CHECK(written(config, at(10, 0)) ==
          "m_forecast,field=v "
          "yhat=0,yhat_lower=-1.95996398454,yhat_upper=1.95996398454,yhat_lower_80=-1.28155156554,"
          "yhat_upper_80=1.28155156554,lead_s=10 20000000000\n");
}

TEST_CASE("a forecast at its origin's time: fields for each lead") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->stamp = config::Stamp::origin;
    config.pipelines[0].forecast->forecast_at = {{1, 0}, {9, 0}};
    config.pipelines[0].output.passthrough = false;
    CHECK(written(config, at(10, 0)) ==
          "m_forecast,field=v "
          "yhat_10s=0,yhat_lower_10s=-1.95996398454,yhat_upper_10s=1.95996398454,yhat_1m30s=0,"
          "yhat_lower_1m30s=-1.95996398454,yhat_upper_1m30s=1.95996398454 10000000000\n");
}

TEST_CASE("forecasts are clipped to data_range") {
    config::Config config = with({engine::doing_both()});
    config.pipelines[0].detect->data_range.low = 0;
    config.pipelines[0].detect->data_range.high = 11;
    config.pipelines[0].output.passthrough = false;
    const std::string out = written(config, at(10, 0) + at(20, 10.5));
    CHECK(out.find("yhat=0,yhat_lower=0,yhat_upper=1.95996398454,lead_s=10 20000000000\n") !=
          std::string::npos);
    CHECK(out.find("yhat=10.5,yhat_lower=8.54003601546,yhat_upper=11,lead_s=10 30000000000\n") !=
          std::string::npos);
}

TEST_CASE("the forecaster's own data_range goes before the detector's, at every level and lead") {
    config::Config config = with({engine::doing_both()});
    config.pipelines[0].detect->data_range = {-100, 100};
    config::Forecast& forecast = *config.pipelines[0].forecast;
    forecast.data_range = {0, 1};
    forecast.level = {80, 95};
    config.pipelines[0].output.passthrough = false;
    CHECK(written(config, at(10, 0.5))
              .find("yhat=0.5,yhat_lower=0,yhat_upper=1,yhat_lower_80=0,"
                    "yhat_upper_80=1,lead_s=10 20000000000\n") != std::string::npos);
    CHECK(written(config, at(10, 50)).find("yhat=1,yhat_lower=1,yhat_upper=1,") != std::string::npos);

    config = with({forecasting()});
    config.pipelines[0].forecast->data_range.low = 0;
    config.pipelines[0].forecast->stamp = config::Stamp::origin;
    CHECK(written(config, at(10, -5)).find("yhat_10s=0,yhat_lower_10s=0,yhat_upper_10s=0 10000000000\n") !=
          std::string::npos);
}

TEST_CASE("judgements: what is not known is left out") {
    config::Config config = with({detecting()});
    config.pipelines[0].output.passthrough = false;
    CHECK(
        written(config, at(10, 1) + at(20, 1.25) + at(30, 4) + at(40, 1)) ==
        "m_anomaly,field=v y=1,is_anomaly=false,direction=\"none\",warmup=true 10000000000\n"
        "m_anomaly,field=v "
        "y=1.25,yhat=1,yhat_lower=0,yhat_upper=2,residual=0.25,anomaly_score=0.25,is_anomaly=false,"
        "direction=\"above_expected\" 20000000000\n"
        "m_anomaly,field=v "
        "y=4,yhat=1.25,yhat_lower=0.25,yhat_upper=2.25,residual=2.75,anomaly_score=2.75,is_anomaly=true,"
        "direction=\"above_expected\" 30000000000\n"
        "m_anomaly,field=v y=1,yhat=4,yhat_lower=3,yhat_upper=5,residual=-3,anomaly_score=3,is_anomaly=true,"
        "direction=\"below_expected\" 40000000000\n");
}

TEST_CASE("diagnostics: strings, floats and integers; what is not known is left out") {
    config::Config config = with({engine::telling(1)});
    config.pipelines[0].output.passthrough = false;
    config.pipelines[0].output.forecast = "f{measurement}";
    const auto out = [&](double value) {
        const std::string text = written(config, at(10, value, "beer,tank=a"));
        return text.substr(text.find('\n') + 1);
    };
    CHECK(out(-1.5) ==
          "beer_model,field=v,tank=a sign=\"below \\\"0\\\"\",mean=-1.5,points=1i 10000000000\n");
    CHECK(out(2) == "beer_model,field=v,tank=a sign=\"above\",mean=2,points=1i 10000000000\n");
    CHECK(out(0) == "");
    config.pipelines[0].output.model = "what {measurement} knows";
    CHECK(out(2).find("what\\ beer\\ knows,field=v,tank=a sign=") == 0);
}

// The last value of the probe is 10 and its 95 % interval reaches 1.95996398454 to either side: in the first
// stretch the bound is at 11 after 1 / 1.95996398454 of a step of 10 s, and neither the mean nor the other
// bound get there.
TEST_CASE("crossings: the threshold is a tag, in its place among the others") {
    config::Config config = with({forecasting()});
    config::Pipeline& only = config.pipelines[0];
    only.output.passthrough = false;
    only.output.forecast = "f{measurement}";
    only.forecast->thresholds = {{"all, of it", 10, config::Side::below}, {"never", 11, config::Side::above}};
    const auto crossings = [&](const std::string& key) {
        const std::string text = written(config, at(10, 10, key));
        return text.substr(text.find('\n') + 1);
    };
    const std::string fields =
        " time_to_threshold_s=0,time_to_threshold_s_lower=0,time_to_threshold_s_upper=0,"
        "threshold_value=10 10000000000\n";
    const std::string name = "threshold=all\\,\\ of\\ it";
    CHECK(crossings("m") == "m_threshold,field=v," + name + fields);
    CHECK(crossings("m,a=1,tank=x,up=y") == "m_threshold,a=1,field=v,tank=x," + name + ",up=y" + fields);
    CHECK(crossings("m,s\\,z=a\\,b,z=c") == "m_threshold,field=v,s\\,z=a\\,b," + name + ",z=c" + fields);
    CHECK(crossings("m,field=1,threshold=2") ==
          "m_threshold,field=1,forecastd_field=v,forecastd_" + name + ",threshold=2" + fields);
    CHECK(crossings("m,a=\\\\\\,,z=c") == "m_threshold,a=\\\\\\,,field=v," + name + ",z=c" + fields);
    CHECK(crossings("m,q=\\\\\\,,z=c") == "m_threshold,field=v,q=\\\\\\,," + name + ",z=c" + fields);
    only.output.threshold = "when {measurement}";
    CHECK(crossings("m").find("when\\ m,field=v,threshold=") == 0);
    only.forecast->thresholds[0] = {"crossed", 11, config::Side::below};
    CHECK(crossings("m").find("m,field=v,threshold=crossed time_to_threshold_s=0,") != std::string::npos);
    only.forecast->thresholds = {{"never", 11, config::Side::above}};
    CHECK(crossings("m") == "");
}

TEST_CASE("y is written exactly, what is derived with twelve digits") {
    config::Config config = with({detecting()});
    config.pipelines[0].output.passthrough = false;
    const std::string out = written(config, "m v=20 10000000000\nm v=19.960000000000001 20000000000\n");
    CHECK(out.find(" y=19.96,yhat=20,yhat_lower=19,yhat_upper=21,residual=-0.04,anomaly_score=0.04,") !=
          std::string::npos);
    CHECK(written(config, "m v=0.30000000000000004 10\n").find(" y=0.30000000000000004,") !=
          std::string::npos);
}

TEST_CASE("templates with text before and behind, escaped") {
    config::Config config = with({forecasting(), detecting("q")});
    config.pipelines[0].output.forecast = "my {measurement}, soon";
    config.pipelines[1].output.anomaly = "odd.{measurement}";
    config.pipelines[0].output.passthrough = config.pipelines[1].output.passthrough = false;
    const std::string out = written(config, at(10, 1, "cpu\\ 1"));
    CHECK(out.find("my\\ cpu\\ 1\\,\\ soon,field=v yhat=1,") == 0);
    CHECK(out.find("\nodd.cpu\\ 1,field=v y=1,") != std::string::npos);
}

TEST_CASE("an event that opens and closes") {
    config::Config config = with({detecting()});
    config.pipelines[0].output.event = "{measurement}_event";
    config.pipelines[0].output.passthrough = false;
    config.pipelines[0].detect->emit = config::Emit::anomalies;
    config.pipelines[0].alarm.clear_ns = 10 * engine::second;
    const std::string out = written(config, at(10, 0, "m,a=b") + at(20, 9.5, "m,a=b") + at(30, 9.5, "m,a=b"));
    const std::size_t first = out.find("m_event"), last = out.rfind("m_event");
    REQUIRE(first < last);
    const std::string id = out.substr(first, 47);
    CHECK(id.substr(0, 30) == "m_event,a=b,field=v event_id=\"");
    CHECK(out.substr(last, 47) == id);
    CHECK(out.substr(first + 47, last - first - 47) ==
          ",state=\"open\",start=20000000000i,duration_s=0,peak_score=9.5,peak_value=9.5,"
          "direction=\"above_expected\",reason=\"The value is above the expected one.\",points=1i "
          "20000000000\n");
    CHECK(out.substr(last + 47) ==
          ",state=\"closed\",start=20000000000i,duration_s=0,peak_score=9.5,peak_value=9.5,"
          "direction=\"above_expected\",reason=\"The value is above the expected one.\",points=1i "
          "30000000000\n");
}

}  // namespace forecastd::output
