// The table of kernels, as the driver looks them up. scripts/emulate-cuda generates the table.
#pragma once

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include "here.h"

namespace emulated {

struct Parameter {
    std::size_t bytes;
    bool is_pointer;
};

struct Kernel {
    const char* name;
    unsigned int most_threads;  // in a block
    const Parameter* parameters;
    std::size_t parameter_count;
    // Runs threads of the present block until none is left to be started.
    void (*run_threads)(void* const* arguments);
};

extern const Kernel* const kernels;
extern const std::size_t kernel_count;

template <typename T>
constexpr Parameter parameter() {
    static_assert(std::is_arithmetic_v<T> || std::is_pointer_v<T>, "numbers and pointers only");
    return {sizeof(T), std::is_pointer_v<T>};
}

template <auto Function>
struct Entry;

template <typename... P, void (*Function)(P...)>
struct Entry<Function> {
    // One more than there are: an array cannot be empty.
    static constexpr Parameter parameters[sizeof...(P) + 1] = {parameter<P>()..., {}};

    static void run_threads(void* const* arguments) {
        run(arguments, std::index_sequence_for<P...>());
    }

    template <std::size_t... I>
    static void run([[maybe_unused]] void* const* arguments, std::index_sequence<I...>) {
        while (next_thread()) {
            Function(*static_cast<const P*>(arguments[I])...);
        }
    }
};

template <auto Function>
constexpr Kernel table_entry(const char* name, unsigned int most_threads = 1024) {
    using E = Entry<Function>;
    return {name, most_threads, E::parameters, std::size(E::parameters) - 1, E::run_threads};
}

}  // namespace emulated
