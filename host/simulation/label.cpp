#include "simulation/label.hpp"

#include "simulation/number.hpp"

namespace forecastd::simulation {

std::string to_csv(std::span<const Label> labels) {
    std::string csv = "series,kind,first_time_ns,last_time_ns,size,description\n";
    for (const auto& label : labels) {
        csv.append("\"").append(label.series).append("\",").append(label.kind).append(",");
        append_integer(csv, label.first_time_ns);
        csv += ',';
        append_integer(csv, label.last_time_ns);
        csv += ',';
        if (label.size_hundredths) append_hundredths(csv, *label.size_hundredths);
        csv.append(",\"").append(label.description).append("\"\n");
    }
    return csv;
}

}  // namespace forecastd::simulation
