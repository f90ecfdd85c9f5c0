#include "defect.h"

#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace emulated {
namespace {

// Without the C library's buffers: a signal handler may call it.
void write_line(const char* format, std::va_list arguments) {
    char line[1000];
    constexpr int most = sizeof line - 1;
    int length = std::snprintf(line, most, "emulated CUDA: ");
    length += std::max(0, std::vsnprintf(line + length, most - length, format, arguments));
    length = std::min(length, most - 1);
    line[length++] = '\n';
    if (write(STDERR_FILENO, line, static_cast<std::size_t>(length)) < 0) {
        // There is nowhere else to say it.
    }
}

}  // namespace

void say(const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void defect(const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
    std::abort();
}

}  // namespace emulated
