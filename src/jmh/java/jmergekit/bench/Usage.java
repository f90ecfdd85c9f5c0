package jmergekit.bench;

/// What `--help` prints.
final class Usage {
    static final String TEXT =
            """
            usage: scripts/bench [method...] [OPTION...]
                   scripts/bench --cold [--busy] [method...] [OPTION...]
                   scripts/bench --cuda [--multi-gpu] [method...] [OPTION...]
                   scripts/bench cores [method...] [--cores N,N] [--shards N] [OPTION...]
                   scripts/bench sparse [OPTION...]

            Times merges of random models of 1.1 billion parameters, as whole processes, against
            `cat` of the inputs and `cp` of a file as large as the output.

              method      any of: %s
                          (all of them)
              --dir D     folder for models and outputs; the models are kept for later runs
                          (jmergekit-bench in the system's folder for temporary files)
              --rounds N  number of runs of each method (3)
              --layers N  layers of the models, 88 MB each, in addition to 262 MB per model (22)
              --keep      keep the last output of each method
              --tool T    run this program instead of scripts/mergekit-yaml
              --check     exit with status 1 when a target is missed

            `cp` does not wait until the system has written its bytes to disk. Neither do the merges
            that are compared: they run with --no-sync. By default a merge ends when its output is on
            disk; for methods whose target is relative to copying, the last column has the time of such
            a merge, and of `cp` and `sync` of the copy.

            With an empty page cache (on Linux; no privileges are needed):

              --cold      drop the inputs from the page cache before each run, and verify that they
                          are gone; compare each merge with 8 threads that read as many bytes as it
                          needs, 4 MiB at a time, and `ties` with a cached run of itself. `cat` reads
                          whole files, of which passthrough and moe only need parts
              --busy      the same, while another process keeps reading and writing an uncached file of
                          1 GB on the same disk

            With a GPU, in a separate table:

              --cuda       run each merge on the CPU (--device cpu) and then on the GPU (--cuda), and
                           compare the two outputs; methods only
              --multi-gpu  and then on all GPUs (--cuda --multi-gpu)

              CPU merge, GPU merge   seconds of the whole process
              device       from the first copy to or from the GPU to the last; for several GPUs, the
                           longest
              moved        bytes of these copies
              bandwidth    their bytes per second of that time, for each GPU
              pinned copy  bandwidth of a separate copy from pinned memory to that GPU
              bits differ  values that differ, of all values
              largest difference
                           in steps between adjacent bfloat16 values

            A `-` means that the program did not report the value. The first four of these are
            from the round with the median time, and differences and memory are from the worst round.

            With many cores:

              cores        merge models of 10 GB in ten files, all in the page cache, into as many
                           files, with one thread and with one per core; linear, ties and della,
                           or the given methods. This needs 40 GB of disk space and 45 GB of memory.
                           With a --dir in /dev/shm no disk is involved
              --cores N,N  with these numbers of threads (1 and the number of cores)
              --shards N   files of each model, and of each output (10)
              --layers N   as above (110)

            With more bytes than memory:

              sparse       merge two models of 13 billion parameters (26 GB each, in sparse files) with
                           linear, after `cp` and `sync` of as many bytes. The merge also waits until
                           its output is on disk. This needs 27 GB of disk space
              --rounds N   number of runs (1)
              --layers N   634 MB each, in addition to 655 MB per model (40)
            """
                    .formatted(String.join(" ", Options.NAMES));

    private Usage() {}
}
