// Whether a type holds an address, which would mean nothing once it is saved and loaded.
//
// It looks into aggregates of up to 32 members, into the structs and arrays in them, and into std::array,
// std::pair and std::tuple. It sees nothing in classes with private members or constructors, in unions, in
// structs with a base, and in larger aggregates. A struct that it cannot look at (one with an anonymous
// union) says `static constexpr bool forecastd_plain_bytes = true;`.
#ifndef FORECASTD_DETAIL_PLAIN_BYTES_HPP
#define FORECASTD_DETAIL_PLAIN_BYTES_HPP

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace forecastd::detail {

// The types of the members of an aggregate.
template <class... T>
struct Types {};
template <class... T>
Types<T...> types(const T&...) {
    return {};
}

// Converts to any base of T: whether the first element of the aggregate T is a base.
template <class T>
struct AnyBaseOf {
    template <class Base>
    requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>) operator Base() const;
};

// The number of members, 33 for more than 32. One line for each number: neither {} nor names come from a
// pack.
#define FCD_8 \
    {}, {}, {}, {}, {}, {}, {}, {}
template <class T>
constexpr std::size_t member_count() {
    // clang-format off
    if constexpr (requires { T{FCD_8, FCD_8, FCD_8, FCD_8, {}}; }) return 33;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, FCD_8}; }) return 32;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, {}, {}, {}, {}, {}, {}, {}}; }) return 31;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, {}, {}, {}, {}, {}, {}}; }) return 30;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, {}, {}, {}, {}, {}}; }) return 29;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, {}, {}, {}, {}}; }) return 28;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, {}, {}, {}}; }) return 27;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, {}, {}}; }) return 26;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8, {}}; }) return 25;
    else if constexpr (requires { T{FCD_8, FCD_8, FCD_8}; }) return 24;
    else if constexpr (requires { T{FCD_8, FCD_8, {}, {}, {}, {}, {}, {}, {}}; }) return 23;
    else if constexpr (requires { T{FCD_8, FCD_8, {}, {}, {}, {}, {}, {}}; }) return 22;
    else if constexpr (requires { T{FCD_8, FCD_8, {}, {}, {}, {}, {}}; }) return 21;
    else if constexpr (requires { T{FCD_8, FCD_8, {}, {}, {}, {}}; }) return 20;
    else if constexpr (requires { T{FCD_8, FCD_8, {}, {}, {}}; }) return 19;
    else if constexpr (requires { T{FCD_8, FCD_8, {}, {}}; }) return 18;
    else if constexpr (requires { T{FCD_8, FCD_8, {}}; }) return 17;
    else if constexpr (requires { T{FCD_8, FCD_8}; }) return 16;
    else if constexpr (requires { T{FCD_8, {}, {}, {}, {}, {}, {}, {}}; }) return 15;
    else if constexpr (requires { T{FCD_8, {}, {}, {}, {}, {}, {}}; }) return 14;
    else if constexpr (requires { T{FCD_8, {}, {}, {}, {}, {}}; }) return 13;
    else if constexpr (requires { T{FCD_8, {}, {}, {}, {}}; }) return 12;
    else if constexpr (requires { T{FCD_8, {}, {}, {}}; }) return 11;
    else if constexpr (requires { T{FCD_8, {}, {}}; }) return 10;
    else if constexpr (requires { T{FCD_8, {}}; }) return 9;
    else if constexpr (requires { T{FCD_8}; }) return 8;
    else if constexpr (requires { T{{}, {}, {}, {}, {}, {}, {}}; }) return 7;
    else if constexpr (requires { T{{}, {}, {}, {}, {}, {}}; }) return 6;
    else if constexpr (requires { T{{}, {}, {}, {}, {}}; }) return 5;
    else if constexpr (requires { T{{}, {}, {}, {}}; }) return 4;
    else if constexpr (requires { T{{}, {}, {}}; }) return 3;
    else if constexpr (requires { T{{}, {}}; }) return 2;
    else if constexpr (requires { T{{}}; }) return 1;
    else return 0;
    // clang-format on
}
#undef FCD_8

// Types<...> of an aggregate of 1 to 32 members.
template <class T>
auto members(T& value) {
    constexpr std::size_t n = member_count<T>();
    // clang-format off
    if constexpr (n == 1) { auto& [a] = value; return types(a); }
    else if constexpr (n == 2) { auto& [a,b] = value; return types(a,b); }
    else if constexpr (n == 3) { auto& [a,b,c] = value; return types(a,b,c); }
    else if constexpr (n == 4) { auto& [a,b,c,d] = value; return types(a,b,c,d); }
    else if constexpr (n == 5) { auto& [a,b,c,d,e] = value; return types(a,b,c,d,e); }
    else if constexpr (n == 6) { auto& [a,b,c,d,e,f] = value; return types(a,b,c,d,e,f); }
    else if constexpr (n == 7) { auto& [a,b,c,d,e,f,g] = value; return types(a,b,c,d,e,f,g); }
    else if constexpr (n == 8) { auto& [a,b,c,d,e,f,g,h] = value; return types(a,b,c,d,e,f,g,h); }
    else if constexpr (n == 9) { auto& [a,b,c,d,e,f,g,h,i] = value; return types(a,b,c,d,e,f,g,h,i); }
    else if constexpr (n == 10) { auto& [a,b,c,d,e,f,g,h,i,j] = value; return types(a,b,c,d,e,f,g,h,i,j); }
    else if constexpr (n == 11) {
        auto& [a,b,c,d,e,f,g,h,i,j,k] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k);
    }
    else if constexpr (n == 12) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l);
    }
    else if constexpr (n == 13) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m);
    }
    else if constexpr (n == 14) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o);
    }
    else if constexpr (n == 15) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p);
    }
    else if constexpr (n == 16) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q);
    }
    else if constexpr (n == 17) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r);
    }
    else if constexpr (n == 18) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s);
    }
    else if constexpr (n == 19) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t);
    }
    else if constexpr (n == 20) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u);
    }
    else if constexpr (n == 21) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v);
    }
    else if constexpr (n == 22) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w);
    }
    else if constexpr (n == 23) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x);
    }
    else if constexpr (n == 24) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y);
    }
    else if constexpr (n == 25) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z);
    }
    else if constexpr (n == 26) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A);
    }
    else if constexpr (n == 27) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B);
    }
    else if constexpr (n == 28) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C);
    }
    else if constexpr (n == 29) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D);
    }
    else if constexpr (n == 30) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D,E] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D,E);
    }
    else if constexpr (n == 31) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D,E,F] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D,E,F);
    }
    else if constexpr (n == 32) {
        auto& [a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D,E,F,G] = value;
        return types(a,b,c,d,e,f,g,h,i,j,k,l,m,o,p,q,r,s,t,u,v,w,x,y,z,A,B,C,D,E,F,G);
    }
    // clang-format on
}

// ---- What is an address -------------------------------------------------------------------------------

template <class T>
inline constexpr bool is_view = false;
template <class T, std::size_t N>
inline constexpr bool is_view<std::span<T, N>> = true;
template <class T, class Traits>
inline constexpr bool is_view<std::basic_string_view<T, Traits>> = true;

template <class T>
concept TupleLike = requires {
    std::tuple_size<T>::value;
};
template <class T>
concept SaysPlain = requires {
    T::forecastd_plain_bytes;
};
template <class T>
concept HasBase = requires {
    T{AnyBaseOf<T>{}};
};

template <class T>
constexpr bool holds_address();

template <class... T>
constexpr bool any_holds_address(Types<T...>) {
    return (holds_address<T>() || ...);
}

template <class T>
constexpr bool holds_address() {
    // A condition may only be looked at where those before it did not hold. NOLINTBEGIN(bugprone-branch-clone)
    if constexpr (std::is_const_v<T> || std::is_volatile_v<T>)
        return holds_address<std::remove_cv_t<T>>();
    else if constexpr (std::is_array_v<T>)
        return holds_address<std::remove_all_extents_t<T>>();
    else if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> || is_view<T>)
        return true;
    else if constexpr (!std::is_class_v<T> || std::is_empty_v<T> || SaysPlain<T>)
        return false;
    else if constexpr (TupleLike<T>)
        return []<std::size_t... I>(std::index_sequence<I...>) {
            // An array has elements of one type.
            if constexpr (std::is_aggregate_v<T> && sizeof...(I) > 0)
                return holds_address<std::tuple_element_t<0, T>>();
            else
                return (holds_address<std::tuple_element_t<I, T>>() || ...);
        }
    (std::make_index_sequence<std::tuple_size_v<T>>());
    else if constexpr (!std::is_aggregate_v<T> || HasBase<T>) return false;
    else if constexpr (member_count<T>() == 0 || member_count<T>() > 32) return false;
    else return any_holds_address(decltype(members(std::declval<T&>())){});
    // NOLINTEND(bugprone-branch-clone)
}

}  // namespace forecastd::detail

#endif  // FORECASTD_DETAIL_PLAIN_BYTES_HPP
