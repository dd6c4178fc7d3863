#include "engine/cohort.hpp"

#include <algorithm>
#include <new>
#include <string>

#include "plugin/guard.hpp"
#include "plugin/messages.hpp"

namespace forecastd::engine {

Expected<std::unique_ptr<Cohort>> Cohort::make(const CohortSetup& setup, std::int64_t interval_ns) {
    std::unique_ptr<Cohort> cohort(new Cohort(interval_ns, setup.states));
    StageContext context{setup.pipeline,  setup.widths,   interval_ns,   setup.measures_accuracy,
                         cohort->layout_, setup.counters, setup.failures};
    for (const StageMaker& make : setup.stages) {
        auto stage = make(context);
        if (!stage) return fail(std::move(stage.error().text));
        if (*stage) cohort->stages_.push_back(std::move(*stage));
    }
    cohort->forecaster_ = context.forecaster;
    cohort->calibration_ = context.calibration;
    cohort->voters_ = context.voters;
    cohort->watching_ = context.watching;
    cohort->detectors_ = context.detectors;
    cohort->forecasts_ = context.forecasts;
    cohort->diagnostics_ = context.diagnostics;
    cohort->accuracy_ = context.accuracy;
    cohort->alarm_ = context.alarm;
    cohort->no_data_ = context.no_data;
    cohort->labels_ = context.labels;
    cohort->slab_ = std::make_unique<Slab>(cohort->layout_.record_size(), cohort->layout_.closed_pages());
    return cohort;
}

Cohort::~Cohort() {
    if (slab_) slab_->for_each([this](void* record) { end(*static_cast<Series*>(record), stages_.size()); });
}

Expected<Series*> Cohort::create(const SeriesInfo& info) {
    auto* const series = ::new (slab_->allocate()) Series();
    for (std::size_t i = 0; i < stages_.size(); ++i) {
        auto begun = stages_[i]->begin(*series, info);
        if (begun) continue;
        end(*series, i);
        slab_->release(series);
        return fail(std::move(begun.error().text));
    }
    return series;
}

void Cohort::destroy(Series* series) {
    end(*series, stages_.size());
    slab_->release(series);
}

// Ends the parts of the first stages.
void Cohort::end(Series& series, std::size_t stages) {
    while (stages-- > 0) stages_[stages]->end(series);
}

void Cohort::describe(Bytes& bytes) const {
    ByteWriter out(bytes);
    out.put(interval_ns_);
    Bytes part;
    for (const auto& stage : stages_) {
        part.clear();
        ByteWriter to(part);
        stage->describe(to);
        if (part.empty()) continue;
        out.put(std::span<const char>(stage->name()));
        out.put(std::span<const char>(part));
    }
}

void Cohort::copy_shared(Bytes& bytes) const {
    for (const auto& stage : stages_) {
        const std::span<const char> shared = stage->shared();
        bytes.insert(bytes.end(), shared.begin(), shared.end());
    }
}

void Cohort::put_shared(std::span<const char> bytes) {
    for (const auto& stage : stages_) {
        const std::span<char> shared = stage->shared();
        std::copy_n(bytes.begin(), shared.size(), shared.begin());
        bytes = bytes.subspan(shared.size());
    }
}

Expected<void> Cohort::save(const Series& series, Bytes& bytes) const {
    ByteWriter out(bytes);
    save_core(series, out);
    Bytes part;
    for (const auto& stage : stages_) {
        part.clear();
        ByteWriter to(part);
        if (auto saved = stage->save(series, to); !saved) return fail(std::move(saved.error().text));
        if (part.empty()) continue;
        out.put(std::span<const char>(stage->name()));
        out.put(std::span<const char>(part));
    }
    return {};
}

namespace {

// The part of this name among the parts that a reader comes to; empty: there is none.
std::span<const char> part_named(std::string_view name, ByteReader in) {
    while (in.complete() && !in.at_end()) {
        const std::span<const char> found = in.take_bytes(), part = in.take_bytes();
        if (in.complete() && std::string_view(found.data(), found.size()) == name) return part;
    }
    return {};
}

}  // namespace

Expected<void> Cohort::load(Series& series, std::span<const char> about, std::span<const char> bytes) {
    ByteReader described(about), in(bytes);
    const auto interval_ns = described.take<std::int64_t>();
    if (interval_ns != interval_ns_)
        return fail("the series was saved with an interval of " + std::to_string(interval_ns) +
                    " ns, expected " + std::to_string(interval_ns_) + " ns");
    load_core(series, in);
    // Parts are found by the name of their stage, so that a pipeline with one more or less still loads the
    // others.
    while (in.complete() && !in.at_end()) {
        const std::span<const char> name_bytes = in.take_bytes();
        const std::string_view name(name_bytes.data(), name_bytes.size());
        ByteReader part(in.take_bytes());
        if (!in.complete()) break;
        for (const auto& stage : stages_) {
            if (stage->name() != name) continue;
            auto loaded = stage->load(series, part, part_named(name, described));
            if (!loaded) return fail(std::move(loaded.error().text));
            if (!part.at_end())
                return fail("the saved part of the stage '" + std::string(name) +
                            "' has another size than this version reads");
        }
    }
    if (!in.complete()) return fail("the saved series ends in the middle of a value");
    return {};
}

}  // namespace forecastd::engine
