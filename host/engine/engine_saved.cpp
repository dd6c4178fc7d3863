// How an engine's series are saved, and taken over.
#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "engine/series_saver.hpp"
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
    SeriesSaver saver(keys_.selector());
    const auto save_one = [&](const Series& series) {
        auto saved = saver.save(series, save, leaves_out);
        if (!saved && result) result = std::move(saved);
    };
    const auto save_cohort = [&](Pipeline& pipeline, std::uint16_t number) {
        saver.begin(pipeline, number);
        pipeline.slab_of(number).for_each([&](void* record) {
            const auto& series = *static_cast<const Series*>(record);
            if (!journal_.is_undone(series)) save_one(series);
        });
        journal_.for_each(pipeline, number, save_one);
    };
    for (const auto& pipeline : pipelines_) {
        for (const std::uint16_t nursery : {Pipeline::nursery, Pipeline::wide_nursery})
            save_cohort(*pipeline, nursery);
        const auto count = static_cast<std::uint16_t>(pipeline->cohorts().size());
        for (std::uint16_t number = 0; number < count; ++number) save_cohort(*pipeline, number);
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

// What it makes was there before the first batch.
Expected<void> Engine::load(const SavedSeries& saved) {
    auto loaded = load_one(saved, false);
    journal_.end();
    return loaded;
}

Expected<void> Engine::load_over(const SavedSeries& saved) {
    auto loaded = load_one(saved, true);
    journal_.end();
    return loaded;
}

Expected<void> Engine::load_one(const SavedSeries& saved, bool over) {
    const std::string other = renamed(saved.key);
    const auto point = key_text_.read(other.empty() ? saved.key : std::string_view(other));
    if (!point) return fail("the saved key '" + std::string(saved.key) + "' is not that of a point");
    const std::uint64_t hash = keys_.prefetch_slot(point->key);
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
                return over ? series_.load_over(key, plan, watcher, saved.cohort, saved.state)
                            : series_.load(key, plan, watcher, saved.cohort, saved.state);
    keys_.refused(key);
    return fail(gone());
}

// The key under which a saved series goes on by identity.rename; "": its own.
std::string Engine::renamed(std::string_view key) {
    if (renames_.empty()) return "";
    const auto point = key_text_.read(key);
    if (!point) return "";
    lineprotocol::Key plain = lineprotocol::parse_key(key, point->measurement_size);
    bool is_other = false;
    for (auto& [tag, value] : plain.tags)
        for (const config::Rename& rename : renames_)
            if (rename.tag == tag && rename.from == value) {
                value = rename.to;
                is_other = true;
                break;
            }
    return is_other ? lineprotocol::canonical_key(plain) : "";
}

void Engine::resume(std::int64_t away_ns) { silence_.resume(away_ns); }

}  // namespace forecastd::engine
