// A thread of the emulation's own runs all blocks, one after another. The thread that launches a
// kernel may be one of a Java virtual machine's, which would not expect to be on a fiber's stack.
#include "grid.h"

#include <link.h>
#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#include "defect.h"
#include "fibers.h"
#include "settings.h"

namespace emulated {
namespace {

// ---- crashes -----------------------------------------------------------------------------------

// SIGILL is what the checks that are compiled into the kernels raise.
constexpr int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};

struct sigaction former_actions[NSIG];
pthread_t kernel_thread;
const Launch* volatile running;

const char* what_happened(int signal, const siginfo_t& info, char* text, unsigned int bytes) {
    switch (signal) {
        case SIGILL:
            return "accesses an address that is not a multiple of what it accesses (poison, if it"
                   " was not initialised), indexes an array beyond its end, or traps";
        case SIGFPE:
            return "divides an integer by zero";
        default:
            break;
    }
    if (info.si_code == SI_KERNEL) {
        return "accesses an address that no memory can have; poison, if it was not initialised";
    }
    auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
    if (is_below_fiber_stack(address)) {
        return "needs more stack than the emulation has for a thread";
    }
    int length = std::snprintf(text, bytes, "accesses address 0x%llx, ",
            static_cast<unsigned long long>(address));
    describe_address(address, text + length, bytes - static_cast<unsigned int>(length));
    return text;
}

// Says where in which kernel it was, and leaves all else to the former handler: a Java virtual
// machine has one, and uses it for more than crashes.
void on_fatal_signal(int signal, siginfo_t* info, void* context) {
    const Launch* launch = running;
    if (launch != nullptr && pthread_equal(pthread_self(), kernel_thread)) {
        running = nullptr;  // should this crash too
        char text[300];
        say("%s: thread (%u, %u, %u) of block (%u, %u, %u) %s", launch->kernel->name,
                here.thread.x, here.thread.y, here.thread.z, here.block.x, here.block.y,
                here.block.z, what_happened(signal, *info, text, sizeof text));
    }
    const struct sigaction& former = former_actions[signal];
    if ((former.sa_flags & SA_SIGINFO) != 0) {
        former.sa_sigaction(signal, info, context);
    } else if (former.sa_handler != SIG_DFL && former.sa_handler != SIG_IGN) {
        former.sa_handler(signal);
    } else {
        // On return, the same happens again.
        ::signal(signal, SIG_DFL);
    }
}

void watch_for_crashes() {
    for (int signal : fatal_signals) {
        struct sigaction action;
        sigaction(signal, nullptr, &former_actions[signal]);
        action = former_actions[signal];
        action.sa_sigaction = on_fatal_signal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | (action.sa_flags & (SA_RESTART | SA_NODEFER));
        sigaction(signal, &action, nullptr);
    }
}

// ---- shared memory -----------------------------------------------------------------------------

// The shared variables of all kernels are thread-local ones of this library. The thread that runs
// kernels uses no others, but for this one, by which it finds them.
thread_local char anchor;

struct SharedMemory {
    void* start = nullptr;
    std::size_t bytes = 0;
};

int find_shared_memory(dl_phdr_info* info, std::size_t, void* result) {
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        auto start = static_cast<std::byte*>(info->dlpi_tls_data);
        auto place = reinterpret_cast<std::byte*>(&anchor);
        if (header.p_type == PT_TLS && start != nullptr && place >= start
                && place < start + header.p_memsz) {
            *static_cast<SharedMemory*>(result) = {start, header.p_memsz};
            return 1;
        }
    }
    return 0;
}

// ---- the thread --------------------------------------------------------------------------------

class KernelThread {
public:
    KernelThread() {
        // The process's signals are for its other threads.
        sigset_t all, former;
        sigfillset(&all);
        for (int signal : fatal_signals) {
            sigdelset(&all, signal);
        }
        pthread_sigmask(SIG_SETMASK, &all, &former);
        std::thread(&KernelThread::body, this).detach();
        pthread_sigmask(SIG_SETMASK, &former, nullptr);
    }

    void run(const Launch& launch) {
        std::unique_lock lock(mutex_);
        launch_ = &launch;
        changed_.notify_all();
        changed_.wait(lock, [&] { return launch_ == nullptr; });
    }

private:
    void body() {
        kernel_thread = pthread_self();
        // Handlers of signals, which may be those of a Java virtual machine, get room enough.
        stack_t stack{};
        stack.ss_size = 1024 * 1024;
        stack.ss_sp = std::malloc(stack.ss_size);
        sigaltstack(&stack, nullptr);
        watch_for_crashes();
        SharedMemory shared;
        anchor = 0;
        dl_iterate_phdr(find_shared_memory, &shared);

        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [&] { return launch_ != nullptr; });
            // No kernel finds what another one, or nobody, has left it in shared memory.
            std::memset(shared.start, 0xA5, shared.bytes);
            running = launch_;
            run_blocks(*launch_);
            running = nullptr;
            launch_ = nullptr;
            changed_.notify_all();
        }
    }

    static void run_blocks(const Launch& launch) {
        std::vector<void*> arguments;
        for (const std::uint64_t& argument : launch.arguments) {
            arguments.push_back(const_cast<std::uint64_t*>(&argument));
        }
        const bool backwards = settings().backwards;
        const dim3& grid = launch.grid;
        here.grid_size = grid;
        here.block_size = launch.block;
        for (unsigned int z = 0; z < grid.z; z++) {
            for (unsigned int y = 0; y < grid.y; y++) {
                for (unsigned int x = 0; x < grid.x; x++) {
                    here.block = backwards ? uint3{grid.x - 1 - x, grid.y - 1 - y, grid.z - 1 - z}
                                           : uint3{x, y, z};
                    run_block(*launch.kernel, arguments.data(), backwards);
                }
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    const Launch* launch_ = nullptr;
};

}  // namespace

void run(const Launch& launch) {
    // Never destroyed: the thread waits on it when the process ends.
    static KernelThread& thread = *new KernelThread;
    thread.run(launch);
}

}  // namespace emulated
