// States that are saved and loaded.
#include <cmath>
#include <random>

#include "plugin/saves_states.hpp"
#include "verify/checks.hpp"

namespace forecastd::verify {
namespace {

Result skip_what_is_not_saved() {
    return skip("its states own memory (series_free) and it has no save, so they are not saved");
}

void flip(char& byte, unsigned bit) {
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1u << bit));
}

}  // namespace

Result check_state(const Rig& rig) {
    if (!plugin::saves_states(rig.table())) return skip_what_is_not_saved();
    const auto model = rig.model();
    const auto values = rig.usual_values(250);
    for (const std::size_t learned : {std::size_t{1}, std::size_t{30}, std::size_t{150}}) {
        Series first(*model), second(*model);
        first.advance(first.points(std::span(values).first(learned)));
        const Bytes saved = first.saved();
        require(saved == first.saved(), "saved twice, a state gives other bytes");
        const auto loaded = second.load(described(*model), saved);
        require(loaded.has_value(), loaded ? "" : "what it has saved is not loaded: " + loaded.error().text);
        require(second.saved() == saved, "loaded and saved again, a state gives other bytes");
        for (std::size_t i = learned; i < values.size(); ++i) {
            const auto step = static_cast<std::int64_t>(1000 + i);
            const fcd_verdict a = first.advance(first.point(step, values[i])),
                              b = second.advance(second.point(step, values[i]));
            require(is_same(a.expected, b.expected) && is_same(a.score, b.score) &&
                        is_same(a.deviation, b.deviation),
                    std::to_string(i - learned + 1) +
                        " points after it was loaded, a series goes on in another "
                        "way than the one that was saved");
        }
    }
    return {};
}

Result check_foreign_state(const Rig& rig) {
    if (!plugin::saves_states(rig.table())) return skip_what_is_not_saved();
    if (!rig.table().load) return skip("it has no load: the host refuses what does not fit");
    const auto model = rig.model();
    Series source(*model);
    source.advance(source.points(rig.usual_values(100)));
    const Bytes saved = source.saved();
    std::mt19937_64 random(rig.seed(3));
    for (int round = 0; round < 200; ++round) {
        Bytes bytes = saved;
        plugin::SavedModel by = described(*model);
        switch (round % 5) {
            case 0:
                bytes.resize(random() % (saved.size() + 1));
                break;
            case 1:
                bytes.resize(saved.size() + 1 + random() % 100);
                break;
            case 2:
                for (char& byte : bytes) byte = static_cast<char>(random());
                break;
            case 3:
                if (!bytes.empty()) flip(bytes[random() % bytes.size()], static_cast<unsigned>(random() % 8));
                by.version += static_cast<std::uint32_t>(random() % 2);
                break;
            default:
                by.version = static_cast<std::uint32_t>(random());
                by.interval_ns = static_cast<std::int64_t>(1 + random() % 1'000'000'000'000);
        }
        Series series(*model);
        const auto loaded = series.load(by, bytes);
        if (!loaded) {
            require(loaded.error().text.size() > 15, "it refuses a state without a sentence");
            continue;
        }
        fcd_verdict verdict{};
        for (const fcd_point& point : series.points(rig.usual_values(20)))
            if (!series.try_to_advance(point, verdict)) break;
    }
    return {};
}

}  // namespace forecastd::verify
