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

              method      some of: %s
                          (all of them)
              --dir D     folder for models and outputs; the models stay for the next time
                          (jmergekit-bench in the system's folder for temporary files)
              --rounds N  times that each method runs (3)
              --layers N  layers of the models, 88 MB each, beside 262 MB that every model has (22)
              --keep      leave the last output of each method there
              --tool T    run this program instead of scripts/mergekit-yaml
              --check     exit with status 1 when a target is missed

            `cp` leaves its bytes to the system, which brings them to the disk later. So do all merges
            that are compared: they run with --no-sync. By default a merge ends when its output is on
            the disk; the last column has the time of such a merge, and that of `cp` and `sync` of the
            copy, for the methods that are measured by copying.

            With nothing in the page cache (on Linux; no rights are needed):

              --cold      drop the inputs from the page cache before each run, and make sure that they
                          are gone; compare each merge with 8 threads that read as many bytes as it
                          needs, 4 MiB at a time, and `ties` with itself when all is cached. `cat`
                          reads whole files, of which passthrough and moe need a part
              --busy      while another process reads and writes the same disk all the time: a file of
                          1 GB, which is not cached either

            With a GPU, in another table:

              --cuda       run each merge on the CPU (--device cpu) and then on the GPU (--cuda), and
                           compare the two outputs; methods only
              --multi-gpu  and then on all GPUs (--cuda --multi-gpu)

              CPU merge, GPU merge   seconds of the whole process
              device       from the first copy to or from the GPU to the last; of several GPUs, the
                           longest
              moved        bytes of these copies
              bandwidth    their bytes in that time, for each GPU
              pinned copy  what a copy from pinned memory to that GPU reaches by itself
              bits differ  values that are not the same, of all
              largest difference
                           how many neighbouring bfloat16 values two such values are apart

            A `-` stands for what the program did not tell of the GPU. The first four of these are
            from the round with the median time, differences and memory from the worst round.

            With many cores:

              cores        merge models of 10 GB in ten files, all in the page cache, into as many
                           files, with one thread and with one for each core; linear, ties and della,
                           or the given methods. It takes 40 GB of disk and wants 45 GB of memory.
                           With a --dir in /dev/shm no disk has a part in it
              --cores N,N  with these numbers of threads (1 and that of the cores)
              --shards N   files of each model, and of each output (10)
              --layers N   as above (110)

            With more bytes than memory:

              sparse       merge two models of 13 billion parameters (26 GB each, in files that are
                           one hole) with linear, after `cp` and `sync` of as many bytes. The merge
                           brings its output to the disk, too. It takes 27 GB of disk
              --rounds N   times that it runs (1)
              --layers N   634 MB each, beside 655 MB that every model has (40)
            """
                    .formatted(String.join(" ", Options.NAMES));

    private Usage() {}
}
