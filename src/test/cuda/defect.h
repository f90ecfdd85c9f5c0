// What the emulation says of defects in a program or its kernels, and where it says it.
#pragma once

namespace emulated {

// One line on standard error.
[[gnu::format(printf, 1, 2)]] void say(const char* format, ...);

// Says it and ends the process. A defect must not pass for a failed GPU, which a program may make
// up for.
[[noreturn, gnu::format(printf, 1, 2)]] void defect(const char* format, ...);

}  // namespace emulated
