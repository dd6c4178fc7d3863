// How an engine's series are saved, and taken over.
#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "lineprotocol/names.hpp"

namespace forecastd::engine {

std::optional<std::int64_t> last_time_ns(const SavedSeries& saved) {
    ByteReader in(saved.state);
    if (ByteReader(saved.cohort).take<std::int64_t>() == no_interval)
        return SeriesStore::last_time_of_learner(in);
    Series core{};
    load_core(core, in);
    if (!in.complete()) return std::nullopt;
    return core.last_time_ns;
}

Expected<void> Engine::save(const std::function<void(const SavedSeries&)>& save,
                            const std::function<bool(const SeriesNames&)>& leaves_out) const {
    Expected<void> result;
    Bytes about, state;
    const Pipeline* pipeline = nullptr;
    const auto save_one = [&](const Series& series, const auto& write) {
        if (series.set_aside) return;
        const SeriesNames names{pipeline->config().name, series.key->text(),
                                keys_.selector().field_of(series.watch).name};
        if (leaves_out && leaves_out(names)) return;
        state.clear();
        if (auto saved = write(series); saved)
            save({names.pipeline, names.key, names.field, about, state});
        else if (result)
            result =
                fail("pipeline '" + std::string(names.pipeline) + "', series '" + std::string(names.key) +
                     "', field '" + std::string(names.field) + "': " + saved.error().text);
    };
    for (const auto& each : pipelines_) {
        pipeline = each.get();
        about.clear();
        ByteWriter(about).put(no_interval);
        for (const std::uint16_t nursery : {Pipeline::nursery, Pipeline::wide_nursery})
            each->nursery_slab(nursery).for_each([&](const void* record) {
                const auto& series = *static_cast<const Series*>(record);
                if (Pipeline::learner(series).count == 0) return;
                save_one(series, [&state](const Series& one) {
                    SeriesStore::save_learner(one, state);
                    return Expected<void>();
                });
            });
        for (const auto& cohort : each->cohorts()) {
            about.clear();
            cohort->describe(about);
            cohort->slab().for_each([&](const void* record) {
                const auto& series = *static_cast<const Series*>(record);
                if (series.learned == 0) return;
                save_one(series, [&](const Series& one) { return cohort->save(one, state); });
            });
        }
    }
    return result;
}

Bytes Engine::save_common() const {
    Bytes bytes;
    ByteWriter out(bytes);
    out.put(static_cast<std::uint8_t>(silence_.is_live() ? 1 : 0));
    series_.save_labels(out);
    return bytes;
}

Expected<void> Engine::load_common(std::span<const char> bytes) {
    ByteReader in(bytes);
    const bool is_live = in.take<std::uint8_t>() != 0;
    if (auto loaded = series_.load_labels(in); !loaded) return loaded;
    if (is_live) silence_.clock().resume_live();
    return {};
}

Expected<void> Engine::load(const SavedSeries& saved) {
    const auto point = key_text_.read(saved.key);
    if (!point) return fail("the saved key '" + std::string(saved.key) + "' is not that of a point");
    const std::uint64_t hash = keys_.prefetch_slot(saved.key);
    const lineprotocol::Points none;
    KeyRecord& key = keys_.find_or_add(none, *point, hash, keys_.prefetch_record(hash));
    const auto gone = [&saved] {
        return "no pipeline '" + std::string(saved.pipeline) + "' watches the field '" +
               std::string(saved.field) + "' of '" + std::string(saved.key) + "' any more";
    };
    if (key.plan->pipelines.empty()) return fail(gone() + ", or a limit of the config leaves no room for it");
    std::string field;
    lineprotocol::append_name(field, saved.field);
    const FieldPlan& plan = keys_.selector().field(*key.plan, 0, field);
    // A pipeline of this name goes before one that had it once.
    for (const auto name : {&config::Pipeline::name, &config::Pipeline::was})
        for (const FieldPlan::Watcher& watcher : plan.watchers)
            if (watcher.pipeline->config().*name == saved.pipeline)
                return series_.load(key, plan, watcher, saved.cohort, saved.state);
    return fail(gone());
}

void Engine::resume(std::int64_t away_ns) { silence_.resume(away_ns); }

}  // namespace forecastd::engine
