// How a block is run: a fiber runs one thread after another, to its end, as long as none comes to a
// barrier. One that does stays in its fiber, and another fiber takes up the threads that have not
// been started. When all have been, each switch at a barrier is to the next fiber that waits, so
// that a round of the waiting fibers is what happens between two barriers.
#include "fibers.h"

#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "defect.h"

namespace emulated {

Here here;

namespace {

constexpr unsigned int none = ~0u;
constexpr std::size_t guard_bytes = 64 * 1024;
constexpr std::size_t stride = guard_bytes + fiber_stack_bytes;

struct Fiber {
    jmp_buf context;    // where it goes on
    uint3 thread;       // which thread it runs
    unsigned int next;  // of the fibers that have a thread
    bool exists;
};

Fiber fibers[most_threads];
std::byte* stacks;  // below each stack, pages that nobody may touch
jmp_buf home;       // run_block

const Kernel* kernel;
void* const* arguments;
bool backwards;

unsigned int unstarted;  // threads
uint3 upcoming;          // the next one to be started, as if going forwards
unsigned int used;       // fibers
unsigned int first;      // of the fibers that have a thread
unsigned int previous;   // the one before the current, or none
unsigned int current;
int barrier_line;  // that this round's threads wait at, or 0

[[noreturn]] void fiber_body();

[[noreturn]] void create_current() {
    if (stacks == nullptr) {
        void* room = mmap(nullptr, most_threads * stride, PROT_NONE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (room == MAP_FAILED) {
            defect("no room for the stacks of the fibers");
        }
        stacks = static_cast<std::byte*>(room);
    }
    std::byte* stack = stacks + current * stride + guard_bytes;
    if (mprotect(stack, fiber_stack_bytes, PROT_READ | PROT_WRITE) != 0) {
        defect("no memory for the stack of a fiber");
    }
    ucontext_t context;
    getcontext(&context);
    context.uc_link = nullptr;
    context.uc_stack.ss_sp = stack;
    context.uc_stack.ss_size = fiber_stack_bytes;
    makecontext(&context, reinterpret_cast<void (*)()>(fiber_body), 0);
    fibers[current].exists = true;
    setcontext(&context);
    __builtin_unreachable();
}

[[noreturn]] void enter_current() {
    if (!fibers[current].exists) {
        create_current();
    }
    _longjmp(fibers[current].context, 1);
}

// Goes on with that fiber; from none it is the first one's turn again, and a new round begins.
[[noreturn]] void switch_to(unsigned int next) {
    if (next == none) {
        next = first;
        previous = none;
        barrier_line = 0;
    }
    if (next == none) {
        _longjmp(home, 1);
    }
    current = next;
    enter_current();
}

[[noreturn]] void leave_at_barrier() {
    previous = current;
    if (unstarted > 0) {
        fibers[current].next = used;
        fibers[used].next = none;
        used++;
    }
    switch_to(fibers[current].next);
}

// No thread is left for the current fiber.
[[noreturn]] void leave_block() {
    unsigned int next = fibers[current].next;
    (previous == none ? first : fibers[previous].next) = next;
    switch_to(next);
}

[[noreturn]] void fiber_body() {
    for (;;) {
        kernel->run_threads(arguments);
        if (_setjmp(fibers[current].context) == 0) {
            leave_block();
        }
        // Back in another block.
    }
}

}  // namespace

bool next_thread() {
    if (unstarted == 0) {
        return false;
    }
    --unstarted;
    const dim3& size = here.block_size;
    here.thread = backwards ? uint3{size.x - 1 - upcoming.x, size.y - 1 - upcoming.y,
                                      size.z - 1 - upcoming.z}
                            : upcoming;
    if (++upcoming.x == size.x) {
        upcoming.x = 0;
        if (++upcoming.y == size.y) {
            upcoming.y = 0;
            ++upcoming.z;
        }
    }
    return true;
}

void barrier(int line) {
    if (barrier_line == 0) {
        barrier_line = line;
    } else if (barrier_line != line) {
        // The hardware may let that pass, but CUDA does not define what happens.
        defect("%s: thread (%u, %u, %u) of block (%u, %u, %u) is at the barrier in line %d while"
               " others wait at that in line %d",
                kernel->name, here.thread.x, here.thread.y, here.thread.z, here.block.x,
                here.block.y, here.block.z, line, barrier_line);
    }
    Fiber& self = fibers[current];
    self.thread = here.thread;
    if (_setjmp(self.context) == 0) {
        leave_at_barrier();
    }
    here.thread = self.thread;
}

void run_block(const Kernel& new_kernel, void* const* new_arguments, bool new_backwards) {
    kernel = &new_kernel;
    arguments = new_arguments;
    backwards = new_backwards;
    unstarted = here.block_size.x * here.block_size.y * here.block_size.z;
    upcoming = {};
    used = 1;
    first = 0;
    current = 0;
    previous = none;
    fibers[0].next = none;
    barrier_line = 0;
    if (_setjmp(home) == 0) {
        enter_current();
    }
}

bool is_below_fiber_stack(std::uintptr_t address) {
    auto start = reinterpret_cast<std::uintptr_t>(stacks);
    return stacks != nullptr && address >= start && address - start < most_threads * stride
            && (address - start) % stride < guard_bytes;
}

}  // namespace emulated
