// Runs kernels.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel.h"

namespace emulated {

struct Launch {
    const Kernel* kernel;
    dim3 grid;
    dim3 block;
    std::vector<std::uint64_t> arguments;  // the bytes of each at its beginning
};

// Runs it to its end. Launches must not overlap. A kernel that touches what it must not ends the
// process, with a line that says which thread of which kernel it was.
void run(const Launch& launch);

// Says in the given text what of the emulated devices' memory an address is in or near. The driver
// knows; it is asked in a signal handler while it waits for a kernel.
void describe_address(std::uintptr_t address, char* text, unsigned int text_bytes);

}  // namespace emulated
