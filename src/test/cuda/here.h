// What a kernel and the fibers that run it share: which thread is running, and what it may ask for.
#pragma once

struct uint3 {
    unsigned int x, y, z;
};

struct dim3 {
    unsigned int x = 1, y = 1, z = 1;
};

namespace emulated {

// All kernels run on one OS thread, one block at a time, so this needs no thread-local storage.
struct Here {
    uint3 thread{};
    uint3 block{};
    dim3 block_size;
    dim3 grid_size;
};

extern Here here;

// Makes the running fiber the next thread of its block, unless all threads have been started.
bool next_thread();

// __syncthreads in the given line.
void barrier(int line);

}  // namespace emulated
