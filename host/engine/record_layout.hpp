// Where the parts of a series' record stand: the core Series first, then one part for each stage that keeps
// something for a series. Each part is aligned to 16. A stage that is not in the pipeline adds no part, so it
// costs no byte.
//
// To find a fault in a plugin, states can stand between pages that nobody may touch: one closed page before the pages of
// the state, and one directly behind its end, up to the 15 bytes that the alignment leaves there. Whoever hands out
// records closes the pages; see slab.hpp.
//
// A part is added once, when the stages of a cohort are made, and is found through the handle that add()
// returns, or by its type. No other place knows an offset. Several parts may have one type, under different
// names: each of several detectors has a tail.
//
// Threads: one at a time while parts are added; read-only after that.
#ifndef FORECASTD_ENGINE_RECORD_LAYOUT_HPP
#define FORECASTD_ENGINE_RECORD_LAYOUT_HPP

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <vector>

#include "engine/closed_pages.hpp"
#include "engine/series.hpp"

namespace forecastd::engine {

// A part of one type, in every record of a layout.
template <class T>
class Part {
  public:
    Part() = default;
    explicit Part(std::size_t offset) : offset_(offset) {}
    [[nodiscard]] T& of(Series& series) const {
        return *reinterpret_cast<T*>(reinterpret_cast<char*>(&series) + offset_);
    }
    [[nodiscard]] const T& of(const Series& series) const {
        return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(&series) + offset_);
    }

  private:
    std::size_t offset_ = 0;
};

// A part that is bytes of a size known at run time: the state of a plugin.
class BytesPart {
  public:
    BytesPart() = default;
    BytesPart(std::size_t offset, std::size_t size, std::size_t guard_offset, std::size_t edge)
        : offset_(offset), size_(size), guard_offset_(guard_offset), edge_(edge) {}
    [[nodiscard]] char* of(Series& series) const { return reinterpret_cast<char*>(&series) + offset_; }
    [[nodiscard]] const char* of(const Series& series) const {
        return reinterpret_cast<const char*>(&series) + offset_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    // Where the bytes stand that the part's owner fills and checks. Beside others, that is directly behind the part.
    [[nodiscard]] char* guard(Series& series) const {
        return reinterpret_cast<char*>(&series) + guard_offset_;
    }
    [[nodiscard]] const char* guard(const Series& series) const {
        return reinterpret_cast<const char*>(&series) + guard_offset_;
    }
    // Between pages: bytes between the end of the part and the closed page. Else 0.
    [[nodiscard]] std::size_t edge() const { return edge_; }

  private:
    std::size_t offset_ = 0, size_ = 0, guard_offset_ = 0, edge_ = 0;
};

class RecordLayout {
  public:
    static constexpr std::size_t alignment = 16, page = ClosedPages::page;
    enum class States { beside_others, between_pages };

    // One row of the layout, in the order of the record. name: of the stage, lives for ever.
    struct Row {
        std::string_view name;
        std::size_t offset, size;
        std::size_t guard;  // bytes that the part's owner fills and checks
        std::type_index type;
    };

    explicit RecordLayout(States states = States::beside_others) : states_(states) {
        append("series", sizeof(Series), 0, typeid(Series));
    }
    [[nodiscard]] States states() const { return states_; }

    // A part for a plain type; no two of one type have the same name. Records are zeroed when they are handed
    // out.
    template <class T>
    Part<T> add(std::string_view name) {
        static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
        static_assert(alignof(T) <= alignment);
        assert(!has(name, typeid(T)));
        return Part<T>(append(name, sizeof(T), 0, typeid(T)));
    }

    // A part of `size` bytes, and directly behind them `guard` bytes that tell whether someone wrote too far. What has a
    // guard is the state of a plugin.
    BytesPart add_bytes(std::string_view name, std::size_t size, std::size_t guard = 0) {
        if (guard > 0 && states_ == States::between_pages) return add_between_pages(name, size, guard);
        const std::size_t offset = append(name, size, guard, typeid(void));
        return {offset, size, offset + size, 0};
    }

    // The part of a type, of several the first; nullopt: no stage has added it.
    template <class T>
    [[nodiscard]] std::optional<Part<T>> find() const {
        for (const Row& row : rows_)
            if (row.type == std::type_index(typeid(T))) return Part<T>(row.offset);
        return std::nullopt;
    }

    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
    [[nodiscard]] std::size_t record_size() const { return closed_.empty() ? size_ : rounded(size_, page); }
    // Pages of each record that nobody may touch; none where states stand beside others.
    [[nodiscard]] const ClosedPages& closed_pages() const { return closed_; }

  private:
    static std::size_t rounded(std::size_t bytes, std::size_t unit) {
        return (bytes + unit - 1) / unit * unit;
    }
    [[nodiscard]] bool has(std::string_view name, std::type_index type) const {
        return std::any_of(rows_.begin(), rows_.end(),
                           [&](const Row& row) { return row.name == name && row.type == type; });
    }
    std::size_t append(std::string_view name, std::size_t size, std::size_t guard, std::type_index type) {
        const std::size_t offset = size_;
        rows_.push_back({name, offset, size, guard, type});
        size_ += rounded(size + guard, alignment);
        return offset;
    }
    // Its guard stands among the other parts, where it stays as it is.
    BytesPart add_between_pages(std::string_view name, std::size_t size, std::size_t guard) {
        const std::size_t guard_offset = append("guard", guard, 0, typeid(void));
        const std::size_t before = rounded(size_, page), room = rounded(size, page),
                          behind = before + page + room, aligned = rounded(size, alignment);
        rows_.push_back({name, behind - aligned, size, guard, typeid(void)});
        closed_.add(before, page);
        closed_.add(behind, page);
        size_ = behind + page;
        return {behind - aligned, size, guard_offset, aligned - size};
    }

    const States states_;
    std::vector<Row> rows_;
    std::size_t size_ = 0;
    ClosedPages closed_;
};

}  // namespace forecastd::engine

#endif
