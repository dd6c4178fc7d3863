#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "engine/judged_leads.hpp"

namespace forecastd::engine {
namespace {

std::vector<std::int64_t> steps_of(const JudgedLeads& leads) {
    std::vector<std::int64_t> steps;
    for (const JudgedLead& lead : leads.all()) steps.push_back(lead.steps);
    return steps;
}

}  // namespace

TEST_CASE("the leads that are judged") {
    CHECK(steps_of(JudgedLeads(1, 0, {})) == std::vector<std::int64_t>{1});
    CHECK(JudgedLeads(1, 0, {}).slots() == 0);
    CHECK(steps_of(JudgedLeads(2, 0, {})) == std::vector<std::int64_t>{1, 2});
    CHECK(steps_of(JudgedLeads(48, 0, {})) == std::vector<std::int64_t>{1, 6, 16, 32, 48});
    // with a search for thresholds up to 4,800 steps: 480 is the geometric mean
    CHECK(steps_of(JudgedLeads(48, 4800, {})) == std::vector<std::int64_t>{1, 6, 16, 32, 48, 480, 4800});
    CHECK(steps_of(JudgedLeads(48, 48, {})) == std::vector<std::int64_t>{1, 6, 16, 32, 48});
}

TEST_CASE(
    "a stride goes through all phases of each season, and every forecast has a slot until its value comes") {
    const std::vector<std::int64_t> seasons{24, 168};
    const JudgedLeads leads(48, 0, seasons);
    std::set<std::size_t> all;
    for (const JudgedLead& lead : leads.all()) {
        if (lead.slots == 0) continue;
        CHECK(std::gcd(std::int64_t{lead.stride}, std::int64_t{168}) == 1);
        CHECK(lead.slots <= 2);
        for (std::int64_t step = 0; step < 1000; ++step) {
            if (!JudgedLeads::begins_at(lead, step)) continue;
            const std::size_t slot = JudgedLeads::slot(lead, step);
            all.insert(slot);
            // the next forecast in this slot is made when the value of this one is there
            for (std::int64_t later = step + 1; later < step + lead.steps; ++later)
                if (JudgedLeads::begins_at(lead, later)) REQUIRE(JudgedLeads::slot(lead, later) != slot);
        }
    }
    CHECK(all.size() == leads.slots());
    CHECK(leads.any_begins_at(0));
}

TEST_CASE("leads in between are placed by the logarithm of their steps") {
    const JudgedLeads leads(48, 0, {});
    CHECK(leads.between(1).place == 0);
    CHECK(leads.between(1).part == 0);
    CHECK(leads.between(6).place == 1);
    CHECK(leads.between(6).part == 0);
    CHECK(leads.between(3).place == 0);
    CHECK(leads.between(3).part == doctest::Approx(std::log(3) / std::log(6)));
    CHECK(leads.between(48).place == 4);
    CHECK(leads.between(1000).place == 4);
    CHECK(leads.between(1000).part == 0);
}

}  // namespace forecastd::engine
