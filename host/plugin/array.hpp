// An array whose elements have the size that a plugin was built with, which is at least that of the type
// here: how a host of a later minor version hands points to a plugin of an earlier one, and the other way
// round.
#ifndef FORECASTD_PLUGIN_ARRAY_HPP
#define FORECASTD_PLUGIN_ARRAY_HPP

#include <cstddef>
#include <vector>

namespace forecastd::plugin {

template <class Element>
class Array {
  public:
    explicit Array(std::size_t element_size) : stride_(element_size) {}
    void clear() { size_ = 0; }
    Element& append() {
        if ((size_ + 1) * stride_ > bytes_.size()) bytes_.resize(2 * (size_ + 1) * stride_);
        ++size_;
        return (*this)[size_ - 1];
    }
    void resize(std::size_t size) {
        if (size * stride_ > bytes_.size()) bytes_.resize(2 * size * stride_);
        size_ = size;
    }
    Element& operator[](std::size_t i) { return *reinterpret_cast<Element*>(bytes_.data() + i * stride_); }
    Element* data() { return reinterpret_cast<Element*>(bytes_.data()); }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    const std::size_t stride_;
    std::size_t size_ = 0;
    std::vector<char> bytes_;
};

}  // namespace forecastd::plugin

#endif
