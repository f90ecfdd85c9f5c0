// Runs the threads of a block as fibers, all on the calling OS thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel.h"

namespace emulated {

inline constexpr unsigned int most_threads = 1024;
inline constexpr std::size_t fiber_stack_bytes = 64 * 1024;

// Runs the block that `here` says, to its end. With `backwards` its last thread comes first. Always
// to be called by the same OS thread: the fibers are kept for the next block.
void run_block(const Kernel& kernel, void* const* arguments, bool backwards);

// Whether the address is in the no man's land below a fiber's stack.
bool is_below_fiber_stack(std::uintptr_t address);

}  // namespace emulated
