// The limit to approach: one loop, fused by hand for one job. It parses a point, finds its series, judges it
// by a z-score of Holt's one-step error, learns it, and writes the point, an anomaly line and a forecast
// line.
//
// It writes numbers and texts as the host does (host/output/number.hpp, text.hpp), so the two differ in
// nothing but what the host is about. No plugins, no config, no grid, no late points, no escapes, no bad
// lines, no second field: it trusts its input to be what `forecastd simulate --scenario fleet` makes. What
// the host does beyond this is what the host costs.
#include <fast_float/fast_float.h>
#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "output/number.hpp"
#include "output/text.hpp"

namespace {

struct Series {
    std::string key;
    double level = 0, trend = 0, variance = 0;  // Holt
    double mean = 0, spread = 0;                // z-score of its residuals
    std::uint64_t count = 0;
};

class Table {
  public:
    Series& find(std::string_view key) {
        const std::uint64_t hash = XXH3_64bits(key.data(), key.size());
        for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
            if (slots_[i].index == 0) return add(key, hash);
            if (slots_[i].tag != static_cast<std::uint32_t>(hash >> 32)) continue;
            Series& series = series_[slots_[i].index - 1];
            if (series.key == key) return series;
        }
    }

  private:
    struct Slot {
        std::uint32_t tag = 0, index = 0;
    };
    [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }

    Series& add(std::string_view key, std::uint64_t hash) {
        series_.push_back({std::string(key)});
        if (series_.size() * 2 > slots_.size()) {
            slots_.assign(slots_.size() * 2, {});
            for (std::size_t i = 0; i + 1 < series_.size(); ++i)
                place(XXH3_64bits(series_[i].key.data(), series_[i].key.size()), i);
        }
        place(hash, series_.size() - 1);
        return series_.back();
    }
    void place(std::uint64_t hash, std::size_t index) {
        std::size_t i = hash & mask();
        while (slots_[i].index != 0) i = (i + 1) & mask();
        slots_[i] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(index + 1)};
    }

    std::vector<Slot> slots_ = std::vector<Slot>(1024);
    std::vector<Series> series_;
};

using forecastd::output::put;
using forecastd::output::put_derived;
using forecastd::output::put_exact;
using forecastd::output::put_time;

char* put_head(char* to, std::string_view key, std::string_view suffix, std::string_view field) {
    const std::size_t name = std::min(key.find(','), key.size());
    to = put(to, key.substr(0, name));
    to = put(to, suffix);
    to = put(to, ",field=");
    to = put(to, field);
    return put(to, key.substr(name));
}

char* answer(Table& table, const char* line, const char* end, char* to) {
    const auto* const space =
        static_cast<const char*>(std::memchr(line, ' ', static_cast<std::size_t>(end - line)));
    const std::string_view key(line, static_cast<std::size_t>(space - line));
    const auto* const equals =
        static_cast<const char*>(std::memchr(space, '=', static_cast<std::size_t>(end - space)));
    const std::string_view field(space + 1, static_cast<std::size_t>(equals - space - 1));
    double y = 0;
    const char* const value_end = fast_float::from_chars(equals + 1, end, y).ptr;
    std::int64_t time_ns = 0;
    std::from_chars(value_end + 1, end, time_ns);

    Series& s = table.find(key);
    constexpr double alpha = 0.3, beta = 0.05, phi = 0.98, memory = 0.01, threshold = 4;
    if (s.count == 0) s.level = y;
    const double expected = s.level + phi * s.trend;
    const double residual = y - expected;
    const double limit = threshold * std::sqrt(s.spread) + 1e-9;
    const double score = std::abs(residual - s.mean) / limit;
    const double center = expected + s.mean;
    const double level = expected + alpha * residual;
    s.trend = beta * (level - s.level) + (1 - beta) * phi * s.trend;
    s.level = level;
    s.variance += memory * (residual * residual - s.variance);
    const double away = residual - s.mean;
    s.mean += memory * away;
    s.spread = (1 - memory) * (s.spread + memory * away * away);
    ++s.count;

    to = put(to, {line, static_cast<std::size_t>(end - line + 1)});

    to = put_head(to, key, "_anomaly", field);
    to = put_exact(put(to, " y="), y);
    to = put_derived(put(to, ",yhat="), expected);
    to = put_derived(put(to, ",yhat_lower="), center - limit);
    to = put_derived(put(to, ",yhat_upper="), center + limit);
    to = put_derived(put(to, ",residual="), residual);
    to = put_derived(put(to, ",anomaly_score="), score);
    to = put(to, std::string_view(score > 1 ? ",is_anomaly=true" : ",is_anomaly=false"));
    to = put(to, std::string_view(residual > 0 ? ",direction=\"above_expected\" "
                                               : ",direction=\"below_expected\" "));
    to = put_time(to, time_ns);
    *to++ = '\n';

    const double next = s.level + phi * s.trend;
    const double reach = 1.96 * std::sqrt(s.variance);
    to = put_head(to, key, "_forecast", field);
    to = put_derived(put(to, " yhat="), next);
    to = put_derived(put(to, ",yhat_lower="), next - reach);
    to = put_derived(put(to, ",yhat_upper="), next + reach);
    to = put(to, ",lead_s=10 ");
    to = put_time(to, time_ns + 10'000'000'000);
    *to++ = '\n';
    return to;
}

}  // namespace

int main() {
    ::fcntl(0, F_SETPIPE_SZ, 1 << 20);  // as the host does
    ::fcntl(1, F_SETPIPE_SZ, 1 << 20);
    Table table;
    std::vector<char> in(std::size_t{1} << 20), out(std::size_t{16} << 20);
    std::size_t held = 0;
    for (;;) {
        const ssize_t count = ::read(0, in.data() + held, in.size() - held);
        if (count <= 0) return 0;
        held += static_cast<std::size_t>(count);
        const char* line = in.data();
        const char* const data_end = in.data() + held;
        char* to = out.data();
        while (const auto* end = static_cast<const char*>(
                   std::memchr(line, '\n', static_cast<std::size_t>(data_end - line)))) {
            to = answer(table, line, end, to);
            line = end + 1;
        }
        held = static_cast<std::size_t>(data_end - line);
        std::memmove(in.data(), line, held);
        for (const char* from = out.data(); from < to;) {
            const ssize_t written = ::write(1, from, static_cast<std::size_t>(to - from));
            if (written < 0) return 1;
            from += written;
        }
    }
}
