// Names between their raw form and their plain one.
#include <doctest/doctest.h>

#include "lineprotocol/names.hpp"
#include "unit/lineprotocol/reading.hpp"

namespace forecastd::lineprotocol {
namespace {

// The key of a point, read as the engine does it.
Key key_of(const std::string& raw) {
    Reader reader;
    const std::string text = raw + " v=1\n";
    std::copy(text.begin(), text.end(), reader.space(text.size()).begin());
    reader.filled(text.size());
    Points points;
    LineError error;
    const Outcome outcome = reader.next(points, error);
    REQUIRE_MESSAGE(outcome == Outcome::point, raw);
    return parse_key(points.points[0].key, points.points[0].measurement_size);
}

using Tags = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("a backslash goes where it stands before what needs it") {
    CHECK(unescape_measurement("a\\ b\\,c\\=d") == "a b,c\\=d");
    CHECK(unescape_measurement("a\\\\\\,t") == "a\\\\,t");
    CHECK(unescape_measurement("a\\b\\") == "a\\b\\");
    CHECK(unescape_name("a\\ b\\,c\\=d") == "a b,c=d");
    CHECK(unescape_name("x\\\\\\,b") == "x\\\\,b");
    CHECK(unescape_name("a\\b") == "a\\b");
    CHECK(unescape_name("") == "");
    CHECK(unescape_string("a\\\"b\\\\c\\n") == "a\"b\\c\\n");
    CHECK(unescape_string("\\\\\\\"") == "\\\"");
    CHECK(unescape_string("a\nb") == "a\nb");
}

// The one-off of Telegraf's parser, from the notes on line protocol.
TEST_CASE("an escaped quote loses its backslash only beside what needed an escape") {
    CHECK(unescape_name("\\\"x\\ y") == "\"x y");
    CHECK(unescape_name("\\\"x") == "\\\"x");
}

TEST_CASE("a key: measurement and tags, sorted, the last of a duplicate kept") {
    const Key key = key_of("cpu\\ total,zone=b,host=a,zone=c,a\\=b=\\,");
    CHECK(key.measurement == "cpu total");
    CHECK(key.tags == Tags{{"a=b", ","}, {"host", "a"}, {"zone", "c"}});
    CHECK(*key.tag("zone") == "c");
    CHECK(key.tag("zon") == nullptr);
    CHECK(key.tag("zz") == nullptr);
    CHECK(key_of("cpu").tags.empty());
    CHECK(key_of("m,b=1,a=2,b=3,a=4,b=5").tags == Tags{{"a", "4"}, {"b", "5"}});
}

TEST_CASE("tags are sorted by bytes, not by letters") {
    CHECK(key_of("m,b=1,B=2,\xc3\xa4=3,a_=4,aa=5").tags ==
          Tags{{"B", "2"}, {"a_", "4"}, {"aa", "5"}, {"b", "1"}, {"\xc3\xa4", "3"}});
}

TEST_CASE("runs of backslashes in tags count by their last") {
    CHECK(key_of("m,a=x\\\\\\,b,c=d").tags == Tags{{"a", "x\\\\,b"}, {"c", "d"}});
    CHECK(key_of("m\\\\,a=1").measurement == "m\\\\");
    CHECK(key_of("m,a\\b=c\\d").tags == Tags{{"a\\b", "c\\d"}});
}

TEST_CASE("the canonical key is the same for every order and spelling") {
    const std::string canonical = "cpu\\ x,a=1,b=2\\ 3,c=\\\"";
    for (const char* raw :
         {"cpu\\ x,a=1,b=2\\ 3,c=\\\"", "cpu\\ x,c=\\\",b=2\\ 3,a=1", "cpu\\ x,c=z,b=2\\ 3,a=0,a=1,c=\\\""})
        CHECK(canonical_key(key_of(raw)) == canonical);
    CHECK(canonical_key(key_of("m,a=\\\"x\\ y")) == canonical_key(key_of("m,a=\"x\\ y")));
    CHECK(canonical_key(key_of("m,a=1,b=2")) != canonical_key(key_of("m,a=2,b=1")));
}

TEST_CASE("a canonical key is read back as the same key") {
    for (const char* raw :
         {"m", "m\\\\", "m\\ \\,=", "m\\\\\\,,a=1", "m,a=x\\\\\\,b", "m,a\\=\\ \\,=\\=", "\"m\",\"a\"=\"b\"",
          "m,a=\\b", "m,a=\\\"x\\ y", "m,a=\\\"x", "m,a=\xff", "m\\#,#=#", "m,a=\\\\b\\\\\\ c"}) {
        CAPTURE(raw);
        const Key key = key_of(raw);
        const Key again = key_of(canonical_key(key));
        CHECK(again.measurement == key.measurement);
        CHECK(again.tags == key.tags);
    }
}

TEST_CASE("a canonical key is read back as the same key: a backslash before a quote beside a space") {
    const Key key = key_of("m,a=\\\\\"x\\ y");
    CHECK(key.tags == Tags{{"a", "\\\"x y"}});
    const Key again = key_of(canonical_key(key));
    CHECK(again.tags == key.tags);
}

TEST_CASE("a name for output: no trailing backslashes, no bytes that others reject") {
    CHECK(clean_name("plain") == "plain");
    CHECK(clean_name("a\\b\\\\") == "a\\b");
    CHECK(clean_name("\\\\") == "");
    CHECK(clean_name("") == "");
    CHECK(clean_name("a\xff"
                     "b") ==
          "a\xef\xbf\xbd"
          "b");
    CHECK(clean_name("a\x01\x7f") == "a\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(clean_name("\xc3\xa4\xe2\x82\xac\xf0\x9f\x8d\xba") == "\xc3\xa4\xe2\x82\xac\xf0\x9f\x8d\xba");
    CHECK(clean_name("\xe2\x82") == "\xef\xbf\xbd\xef\xbf\xbd");
    CHECK(clean_name("a b,c=d\"") == "a b,c=d\"");
}

TEST_CASE("escapes for writing") {
    std::string out;
    append_measurement(out, "a b,c=d\\e\"");
    CHECK(out == "a\\ b\\,c=d\\e\"");
    out.clear();
    append_name(out, "a b,c=d\\e\"");
    CHECK(out == "a\\ b\\,c\\=d\\e\"");
}

TEST_CASE("names of lines are cleaned and escaped when they are made") {
    CHECK(MeasurementName("#a b,c=d\\").text() == "_a\\ b\\,c=d");
    CHECK(MeasurementName("\\").text() == "_");
    CHECK(MeasurementName("a\nb").text() ==
          "a\xef\xbf\xbd"
          "b");
    CHECK(TagKey("a b=c\\").text() == "a\\ b\\=c");
    CHECK(TagValue("#a,").text() == "#a\\,");
    CHECK(FieldKey("").text() == "_");
    CHECK(FieldKey("a\\,b\\\\=c").text() == "a\\,b\\\\\\=c");
    const MeasurementParts parts("#a\\", " b\\");
    CHECK(parts.before == "_a");
    CHECK(parts.after == "\\ b");
}

TEST_CASE("what keeps a name from being written is told") {
    CHECK(measurement_fault("a b,c=d\"\\e#") == "");
    CHECK(measurement_fault("#a") == "it begins with '#', which makes the line a comment");
    CHECK(name_fault("#a") == "");
    CHECK(name_fault("a\\") == "it ends in a backslash, which would escape what follows the name");
    CHECK(name_fault("a\tb") == "it contains a control character, such as the end of a line");
    CHECK(name_fault("") == "it is empty");
}

TEST_CASE("a tag is inserted in its place") {
    const auto inserted = [](std::string tags, std::string_view key = "t") {
        insert_tag(tags, key, TagValue("v"));
        return tags;
    };
    CHECK(inserted("") == ",t=v");
    CHECK(inserted(",a=1\\\\\\,,z=2") ==
          ",a=1\\\\\\,,t=v,z=2");  // a value that ends in backslashes and a comma
    CHECK(inserted(",a=1\\\\,,z=2") == ",a=1\\\\,,t=v,z=2");
    CHECK(inserted(",a=\\=\\ ,z\\,=2") == ",a=\\=\\ ,t=v,z\\,=2");
    CHECK(inserted(",t=1") == ",forecastd_t=v,t=1");
    CHECK(inserted(",forecastd_t=0,t=1") == ",forecastd_forecastd_t=v,forecastd_t=0,t=1");
}

}  // namespace forecastd::lineprotocol
