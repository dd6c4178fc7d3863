#include "output/line_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "config/name_template.hpp"
#include "config/units.hpp"
#include "lineprotocol/names.hpp"
#include "output/number.hpp"
#include "output/text.hpp"

namespace forecastd::output {
namespace {

// The fields of a line, one after the other; a name comes with the comma before it and the '=' behind it.
// What is not finite is left out.
class Fields {
  public:
    explicit Fields(char* begin) : begin_(begin), to_(begin) {}

    template <class Name>
    void add_text(const Name& name, std::string_view text) {
        to_ = put(put(to_, name), text);
    }
    template <class Name>
    void add_quoted(const Name& name, std::string_view text) {
        to_ = put(to_, name);
        *to_++ = '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') *to_++ = '\\';
            *to_++ = c;
        }
        *to_++ = '"';
    }
    template <class Name>
    void add_integer(const Name& name, std::int64_t value) {
        to_ = put(put_time(put(to_, name), value), "i");
    }
    template <class Name>
    void add(const Name& name, double value) {
        if (std::isfinite(value)) to_ = put_derived(put(to_, name), value);
    }
    template <class Name>
    void add_exact(const Name& name, double value) {
        if (std::isfinite(value)) to_ = put_exact(put(to_, name), value);
    }
    [[nodiscard]] bool empty() const { return to_ == begin_; }
    // The first comma is the space between the tags and the fields.
    char* end() {
        *begin_ = ' ';
        return to_;
    }

  private:
    char* const begin_;
    char* to_;
};

// By the number of the side.
constexpr std::string_view side_texts[] = {R"("none")", R"("above_expected")", R"("below_expected")"};

// By the number of the state.
constexpr std::string_view state_texts[] = {"open", "update", "closed"};
constexpr std::string_view watching_texts[] = {"warming", "watched", "paused", "skipped", "failing"};

// A string field's value.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

}  // namespace

LineWriter::Style& LineWriter::make_style(const engine::SeriesView& series) {
    const config::Pipeline& config = series.config;
    const config::Output& output = config.output;
    const auto name_of = [&output](const std::string& pattern) {
        const config::NameTemplate plain(pattern, config::measurement_placeholder);
        if (plain.is_plain)
            return Name{lineprotocol::MeasurementName(pattern).text(), "", false, output.field_tag};
        lineprotocol::MeasurementParts parts(plain.before, plain.after);
        return Name{std::move(parts.before), std::move(parts.after), true, output.field_tag};
    };
    auto style = std::make_unique<Style>(Style{name_of(output.forecast),
                                               name_of(output.anomaly),
                                               name_of(output.model),
                                               name_of(output.threshold),
                                               {},
                                               {},
                                               {},
                                               {},
                                               LeadNamesOfPipeline(config),
                                               {},
                                               {},
                                               0});
    if (output.change) style->change = name_of(*output.change);
    if (output.event) style->event = name_of(*output.event);
    if (output.state) style->state = name_of(*output.state);
    if (config.forecast) {
        style->range = config.forecast->data_range;
        for (const config::Threshold& threshold : config.forecast->thresholds)
            style->threshold_names.emplace_back(threshold.name);
        for (const fcd_diagnostic* row : config.forecast->model.algorithm->diagnostics.rows) {
            Diagnostic& one = style->diagnostics.emplace_back(
                Diagnostic{row->type, "," + lineprotocol::FieldKey(row->name).text() + "=", {}});
            std::size_t size = max_number_size;
            for (auto choice = row->choices; choice && *choice; ++choice)
                size = std::max(size, one.choices.emplace_back(quoted(*choice)).size());
            style->diagnostics_size += one.name.size() + size + 1;
        }
    }
    if (config.detect && style->range == config::DataRange{}) style->range = config.detect->data_range;
    if (series.pipeline >= styles_.size()) styles_.resize(series.pipeline + 1);
    return *(styles_[series.pipeline] = std::move(style));
}

void LineWriter::original(const lineprotocol::PointView& point) {
    ++lines_;
    if (point.newline_follows) return buffer_.append({point.bytes.data(), point.bytes.size() + 1});
    char* const to = put(buffer_.reserve(point.bytes.size() + 1), point.bytes);
    *to = '\n';
    buffer_.finish(to + 1);
}

void LineWriter::forecast(const engine::SeriesView& series, const engine::Origin& origin,
                          std::span<const engine::Lead> leads, std::span<const double> reaches) {
    Style& style = style_of(series);
    const std::size_t levels = series.config.forecast->level.size();
    const auto clip = [&](double value) { return std::clamp(value, style.range.low, style.range.high); };
    const auto add = [&](Fields& fields, const LeadNames& names, const engine::Lead& lead) {
        const auto add_one = [&fields, complete = names.complete](const std::string& name, double value) {
            if (complete || !name.empty()) fields.add(name, value);
        };
        add_one(names.yhat, clip(lead.mean));
        const std::span<const double> of_lead =
            reaches.subspan(static_cast<std::size_t>(&lead - leads.data()) * levels, levels);
        for (std::size_t i = levels; i-- > 0;) {
            add_one(names.limits[i].first, clip(lead.mean - of_lead[i]));
            add_one(names.limits[i].second, clip(lead.mean + of_lead[i]));
        }
    };
    const auto write_change = [&](std::int64_t time_ns) {
        const double change = std::abs(clip(leads.back().mean) - origin.y);
        if (!std::isfinite(change)) return;
        char* to = begin_line(*style.change, series, series.escaped_field.size() + max_number_size);
        *to++ = ' ';
        to = put(to, series.escaped_field);
        *to++ = '=';
        end_line(put_derived(to, change), time_ns);
    };

    if (series.config.forecast->stamp == config::Stamp::target) {
        const LeadNames& names = style.lead_names.at_target(series.escaped_field);
        for (const engine::Lead& lead : leads) {
            if (series.config.forecast->lead_tag) {
                later_tags_ = series.tags_after;
                lineprotocol::insert_tag(later_tags_, "lead",
                                         lineprotocol::TagValue(config::format_duration(lead.lead_ns)));
            }
            Fields fields(begin_line(style.forecast, series, names.bytes,
                                     series.config.forecast->lead_tag ? later_tags_ : series.tags_after));
            add(fields, names, lead);
            if (!names.lead_s.empty()) fields.add(names.lead_s, static_cast<double>(lead.lead_ns) / 1e9);
            if (!fields.empty()) end_line(fields.end(), lead.time_ns);
            if (style.change) write_change(lead.time_ns);
        }
        return;
    }
    std::size_t bytes = 0;
    for (const engine::Lead& lead : leads)
        bytes += style.lead_names.at_origin(series.escaped_field, lead.lead_ns).bytes;
    Fields fields(begin_line(style.forecast, series, bytes));
    for (const engine::Lead& lead : leads)
        add(fields, style.lead_names.at_origin(series.escaped_field, lead.lead_ns), lead);
    if (!fields.empty()) end_line(fields.end(), origin.time_ns);
    if (style.change) write_change(origin.time_ns);
}

void LineWriter::judgement(const engine::SeriesView& series, const engine::Judgement& judgement) {
    constexpr std::size_t most_bytes = 600;  // ten fields with short names, but for the reason's text
    const std::size_t field_bytes = most_bytes + 2 * judgement.reason.size();
    Fields fields(begin_line(style_of(series).anomaly, series, field_bytes));
    fields.add_exact(",y=", judgement.y);
    fields.add(",yhat=", judgement.yhat);
    fields.add(",yhat_lower=", judgement.lower);
    fields.add(",yhat_upper=", judgement.upper);
    fields.add(",residual=", judgement.y - judgement.yhat);
    fields.add(",anomaly_score=", judgement.score);
    fields.add_text(",is_anomaly=", judgement.is_anomaly ? "true" : "false");
    fields.add_text(",direction=", side_texts[static_cast<std::size_t>(judgement.side)]);
    if (judgement.warming_up) fields.add_text(",warmup=", "true");
    if (!judgement.reason.empty()) fields.add_quoted(",reason=", judgement.reason);
    end_line(fields.end(), judgement.time_ns);
}

void LineWriter::crossing(const engine::SeriesView& series, std::int64_t origin_ns, std::int64_t interval_ns,
                          const engine::Crossing& crossing) {
    constexpr std::size_t field_bytes = 256;  // four of them, with short names
    const Style& style = style_of(series);
    const auto& thresholds = series.config.forecast->thresholds;
    const auto index = static_cast<std::size_t>(crossing.threshold - thresholds.data());
    later_tags_ = series.tags_after;
    lineprotocol::insert_tag(later_tags_, "threshold", style.threshold_names[index]);
    const auto seconds = [&](double steps) { return steps * (static_cast<double>(interval_ns) / 1e9); };
    Fields fields(begin_line(style.threshold, series, field_bytes, later_tags_));
    fields.add(",time_to_threshold_s=", seconds(crossing.mean));
    fields.add(",time_to_threshold_s_lower=", seconds(crossing.earliest));
    fields.add(",time_to_threshold_s_upper=", seconds(crossing.latest));
    fields.add_exact(",threshold_value=", crossing.threshold->value);
    end_line(fields.end(), origin_ns);
}

// What is not known is left out; if that is all, so is the line.
void LineWriter::diagnostics(const engine::SeriesView& series, std::int64_t time_ns,
                             std::span<const fcd_value> values) {
    const Style& style = style_of(series);
    Fields fields(begin_line(style.model, series, style.diagnostics_size));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Diagnostic& row = style.diagnostics[i];
        const std::int64_t integer = values[i].integer;
        if (row.type == FCD_REAL)
            fields.add(row.name, values[i].real);
        else if (row.type == FCD_CHOICE && integer >= 0 && integer < std::ssize(row.choices))
            fields.add_text(row.name, row.choices[static_cast<std::size_t>(integer)]);
        else if (row.type == FCD_INTEGER && integer != FCD_UNKNOWN)
            fields.add_integer(row.name, integer);
    }
    if (!fields.empty()) end_line(fields.end(), time_ns);
}

void LineWriter::event(const engine::SeriesView& series, const engine::Event& event) {
    constexpr std::size_t most_bytes = 400;  // nine fields with short names, but for the reason's text
    const Style& style = style_of(series);
    if (!style.event) return;
    Fields fields(begin_line(*style.event, series, most_bytes + 2 * event.reason.size()));
    char id[17];
    std::snprintf(id, sizeof id, "%016llx", static_cast<unsigned long long>(event.id));
    fields.add_quoted(",event_id=", id);
    fields.add_quoted(",state=", state_texts[static_cast<std::size_t>(event.state)]);
    fields.add_integer(",start=", event.start_ns);
    fields.add_exact(",duration_s=", static_cast<double>(event.last_ns - event.start_ns) / 1e9);
    fields.add(",peak_score=", event.peak_score);
    fields.add_exact(",peak_value=", event.peak_value);
    fields.add_quoted(",direction=", engine::name_of(event.direction));
    if (!event.reason.empty()) fields.add_quoted(",reason=", event.reason);
    fields.add_integer(",points=", event.points);
    end_line(fields.end(), event.time_ns);
}

void LineWriter::state(const engine::SeriesView& series, const engine::SeriesState& state) {
    constexpr std::size_t most_bytes = 50;  // but for the reason's text
    const Style& style = style_of(series);
    if (!style.state) return;
    Fields fields(begin_line(*style.state, series, most_bytes + 2 * state.reason.size()));
    fields.add_quoted(",state=", watching_texts[static_cast<std::size_t>(state.watching)]);
    if (!state.reason.empty()) fields.add_quoted(",reason=", state.reason);
    end_line(fields.end(), state.time_ns);
}

char* LineWriter::begin_line(const Name& name, const engine::SeriesView& series, std::size_t field_bytes,
                             std::string_view later_tags) {
    const std::string_view tag = series.has_field_tag ? engine::other_field_tag : engine::field_tag;
    char* to = buffer_.reserve(name.prefix.size() + series.measurement.size() + name.suffix.size() +
                               series.tags_before.size() + tag.size() + series.escaped_field.size() +
                               later_tags.size() + field_bytes + max_number_size + 8);
    to = put(to, name.prefix);
    if (name.has_original) to = put(to, series.measurement);
    to = put(to, name.suffix);
    to = put(to, series.tags_before);
    if (name.has_field_tag) {
        *to++ = ',';
        to = put(to, tag);
        *to++ = '=';
        to = put(to, series.escaped_field);
    }
    return put(to, later_tags);
}

void LineWriter::end_line(char* to, std::int64_t time_ns) {
    *to++ = ' ';
    to = put_time(to, time_ns);
    *to++ = '\n';
    buffer_.finish(to);
    ++lines_;
}

}  // namespace forecastd::output
