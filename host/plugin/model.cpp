#include "plugin/model.hpp"

#include <cstring>
#include <exception>
#include <limits>
#include <string_view>

#include "plugin/array.hpp"
#include "plugin/at_work.hpp"
#include "plugin/saves_states.hpp"

namespace forecastd::plugin {
namespace {

// Of a state. More is a mistake of the plugin, such as a size that went below 0.
constexpr std::size_t most_bytes = std::size_t{1} << 32;

// Calls a plugin: body(error). If it throws although it must not, that is a failure like others.
template <class Result, class Body>
Result guarded(const Algorithm& algorithm, fcd_error& error, Result failed, Body&& body) {
    const AtWork at_work(algorithm.name.c_str());
    const auto write = [&](const char* text) {
        error.text[std::string_view(text).copy(error.text, sizeof error.text - 1)] = '\0';
    };
    error.struct_size = sizeof error;
    error.code = FCD_SET_ASIDE;
    error.text[0] = '\0';  // not all of it, since this is done for each call
    error.text[sizeof error.text - 1] = '\0';
    try {
        return body();
    } catch (const std::exception& exception) {
        write(exception.what());
    } catch (...) {
        write("threw something that is not a std::exception");
    }
    return failed;
}

std::string text_of(const fcd_error& error) {
    const std::string_view text(error.text, ::strnlen(error.text, sizeof error.text - 1));
    return std::string(text.empty() ? "failed and gave no reason" : text);
}

Failure failure_of(const fcd_error& error) {
    const bool known = error.code == FCD_BEGIN_AGAIN || error.code == FCD_ASK_LATER;
    return {known ? error.code : FCD_SET_ASIDE, text_of(error)};
}

std::string named(const Algorithm& algorithm, const fcd_error& error) {
    return "plugin '" + algorithm.name + "': " + text_of(error);
}

}  // namespace

Expected<std::unique_ptr<Model>> Model::make(const Algorithm& algorithm, std::span<const fcd_value> values,
                                             Grid grid) {
    const fcd_grid shown{sizeof(fcd_grid), grid.flags, grid.interval_ns};
    std::size_t series_size = 0;
    fcd_error error;
    fcd_model* const made = guarded(algorithm, error, static_cast<fcd_model*>(nullptr), [&] {
        return algorithm.table->model_new(values.data(), &shown, &series_size, &error);
    });
    if (!made) return fail(named(algorithm, error));
    if (series_size > most_bytes)
        return fail("plugin '" + algorithm.name + "': it wants " + std::to_string(series_size) +
                    " bytes for each series, expected at most " + std::to_string(most_bytes));
    return std::unique_ptr<Model>(
        new Model(algorithm, made, series_size, grid.interval_ns, saved_params(algorithm, values)));
}

Model::~Model() {
    fcd_error ignored;
    guarded(algorithm_, ignored, 0, [&] {
        table().model_free(model_);
        return 0;
    });
}

Expected<void> Model::begin(void* state, std::uint64_t id_hash, std::int64_t first_time_ns) const {
    if (!table().series_init) return {};
    const fcd_series_info info{sizeof(fcd_series_info), 0, id_hash, first_time_ns};
    fcd_error error;
    if (guarded(algorithm_, error, FCD_ERROR,
                [&] { return table().series_init(model_, state, &info, &error); }) == FCD_OK)
        return {};
    return fail(named(algorithm_, error));
}

void Model::end(void* state) const {
    if (!table().series_free) return;
    fcd_error ignored;
    guarded(algorithm_, ignored, 0, [&] {
        table().series_free(model_, state);
        return 0;
    });
}

std::size_t Model::advance(const fcd_point* points, std::size_t count, fcd_verdict* verdicts,
                           Failure& failure) const {
    fcd_error error;
    const std::size_t done = guarded(algorithm_, error, std::size_t{0}, [&] {
        return table().advance(model_, points, count, verdicts, &error);
    });
    if (done == count) return count;
    if (done > count) {
        failure = {FCD_SET_ASIDE,
                   "said that it did " + std::to_string(done) + " points of " + std::to_string(count)};
        return 0;
    }
    failure = failure_of(error);
    return done;
}

std::int32_t Model::forecast(const void* state, const fcd_horizon& horizon, fcd_prediction* out,
                             Failure& failure) const {
    fcd_error error;
    const std::int32_t result = guarded(
        algorithm_, error, FCD_ERROR, [&] { return table().forecast(model_, state, &horizon, out, &error); });
    if (result == FCD_OK || result == FCD_NOT_YET) return result;
    failure = failure_of(error);
    return FCD_ERROR;
}

Expected<void> Model::diagnose(const void* state, std::vector<fcd_value>& values) const {
    const Diagnostics& diagnostics = algorithm_.diagnostics;
    values.resize(diagnostics.rows.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (diagnostics.rows[i]->type == FCD_REAL)
            values[i].real = std::numeric_limits<double>::quiet_NaN();
        else
            values[i].integer = FCD_UNKNOWN;
    }
    fcd_error error;
    if (guarded(algorithm_, error, FCD_ERROR,
                [&] { return diagnostics.table->diagnose(model_, state, values.data(), &error); }) == FCD_OK)
        return {};
    return fail(text_of(error));
}

void Model::describe(ByteWriter& out) const {
    SavedModel{std::string(algorithm_.id()), table().state_version, interval_ns_, params_}.write(out);
}

Expected<void> Model::save(const void* state, ByteWriter& out) const {
    if (!saves_states(table()))
        return fail("plugin '" + std::string(algorithm_.id()) + "': its states own memory, so none is saved");
    if (!table().save) {
        out.put(std::span(static_cast<const char*>(state), series_size_));
        return {};
    }
    // The first call tells the size. It may grow until the second, but not for ever.
    std::vector<char> bytes(series_size_);
    for (int tries = 0; tries < 3; ++tries) {
        fcd_error error;
        const std::size_t size = guarded(algorithm_, error, std::size_t{0}, [&] {
            return table().save(model_, state, bytes.data(), bytes.size(), &error);
        });
        if (size == 0) return fail(named(algorithm_, error));
        const bool fitted = size <= bytes.size();
        bytes.resize(size);
        if (!fitted) continue;
        out.put(std::span<const char>(bytes));
        return {};
    }
    return fail("plugin '" + std::string(algorithm_.id()) + "': its save needs more bytes at each call");
}

Expected<void> Model::load(void* state, const SavedModel& saved_by, ByteReader& in) const {
    const std::span<const char> bytes = in.take_bytes();
    if (!in.complete()) return fail("the saved state ends in the middle of a value");
    if (saved_by.algorithm != algorithm_.id())
        return fail("plugin '" + std::string(algorithm_.id()) + "': the state was saved by '" +
                    saved_by.algorithm + "'");
    if (!saves_states(table()))
        return fail("plugin '" + std::string(algorithm_.id()) +
                    "': its states own memory, so none is loaded");
    if (table().save) return migrate(state, saved_by, bytes);  // the handshake saw that there is a load
    auto copied = copy_plain(state, saved_by, bytes);
    return copied || !table().load ? copied : migrate(state, saved_by, bytes);
}

Expected<void> Model::migrate(void* state, const SavedModel& saved_by, std::span<const char> bytes) const {
    // Laid out in the plugin's size of an element.
    Array<fcd_saved_param> params(algorithm_.library->saved_param_size);
    std::vector<fcd_integers> lists(saved_by.params.size());
    params.resize(saved_by.params.size());
    for (std::size_t i = 0; i < saved_by.params.size(); ++i) {
        const SavedParam& param = saved_by.params[i];
        lists[i] = {param.list.size(), param.list.data()};
        params[i] = {param.name.c_str(), param.type, 0, param.value,
                     param.type == FCD_CHOICE ? param.choice.c_str() : nullptr};
        if (param.type == FCD_INTEGERS) params[i].value.integers = &lists[i];
    }
    // The contract aligns the bytes to 16, as operator new does; in a snapshot they stand anywhere.
    static_assert(__STDCPP_DEFAULT_NEW_ALIGNMENT__ >= 16);
    const std::vector<char> aligned(bytes.begin(), bytes.end());
    const fcd_saved shown{sizeof(fcd_saved),
                          saved_by.version,
                          saved_by.interval_ns,
                          static_cast<std::uint32_t>(saved_by.params.size()),
                          0,
                          params.data(),
                          aligned.data(),
                          aligned.size()};
    fcd_error error;
    if (guarded(algorithm_, error, FCD_ERROR, [&] { return table().load(model_, state, &shown, &error); }) ==
        FCD_OK)
        return {};
    return fail(named(algorithm_, error));
}

// What the host does for an algorithm without save. After an error the state is as it was.
Expected<void> Model::copy_plain(void* state, const SavedModel& saved_by, std::span<const char> bytes) const {
    const auto refuse = [&](const std::string& what) {
        return fail("plugin '" + std::string(algorithm_.id()) + "': the state was saved " + what);
    };
    if (saved_by.version != table().state_version)
        return refuse("in version " + std::to_string(saved_by.version) + ", expected version " +
                      std::to_string(table().state_version));
    if (saved_by.interval_ns != interval_ns_)
        return refuse("with an interval of " + std::to_string(saved_by.interval_ns) + " ns, expected " +
                      std::to_string(interval_ns_) + " ns");
    if (saved_by.params != params_) return refuse("with other parameters");
    if (bytes.size() != series_size_)
        return refuse("in " + std::to_string(bytes.size()) + " bytes, expected " +
                      std::to_string(series_size_));
    if (series_size_ > 0) std::memcpy(state, bytes.data(), series_size_);
    return {};
}

}  // namespace forecastd::plugin
