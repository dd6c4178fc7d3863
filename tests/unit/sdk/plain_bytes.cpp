// What the layer sees of a Series that holds an address.
#include <complex>
#include <forecastd/plugin.hpp>

namespace {
using forecastd::detail::holds_address;

struct Empty {};
struct Pointer {
    int a;
    const char* b;
};
struct Nested {
    double x;
    Pointer inner[2];
};
struct InArray {
    std::array<int*, 3> a;
};
struct InTuple {
    std::tuple<int, char*> a;
};
struct Span {
    std::span<double> a;
};
struct View {
    int before = 0;
    std::string_view a;
};
struct Function {
    void (*a)();
};
struct Member {
    int Pointer::*a;
};
static_assert(holds_address<Pointer>() && holds_address<Nested>() && holds_address<InArray>());
static_assert(holds_address<InTuple>() && holds_address<Span>() && holds_address<View>());
static_assert(holds_address<Function>() && holds_address<Member>());

struct Large {
    double a[200];
    double b[3][4][5];
    std::array<double, 168> c;
    std::optional<int> d;
    std::complex<double> e;
    int f : 3;
    unsigned g : 2;
    bool h = false;
};
union Either {
    int a;
    void* b;
};
struct Base {
    int a;
};
struct Derived : Base {  // not looked into
    void* b;
};
struct Anonymous {
    static constexpr bool forecastd_plain_bytes = true;
    union {
        int a;
        double b;
    };
};
struct Unseen {
    Either a;
    Derived b;
    Anonymous c;
};
static_assert(!holds_address<Empty>() && !holds_address<Large>() && !holds_address<Unseen>());
}  // namespace
