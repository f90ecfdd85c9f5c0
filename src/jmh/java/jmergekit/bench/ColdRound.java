package jmergekit.bench;

import java.util.Optional;

/// One merge of files that are not in the page cache, and the time of reading them in the same
/// round.
///
/// @param catSeconds for reading them sequentially
/// @param readSeconds for reading them with several threads
/// @param cached the same merge with everything in the page cache, if that is its reference
record ColdRound(double catSeconds, double readSeconds, MergeRun merge, Optional<MergeRun> cached) {
    double ratio() {
        return merge.seconds() / cached.map(MergeRun::seconds).orElse(readSeconds);
    }

    Optional<String> failure() {
        return merge.failure().or(() -> cached.flatMap(MergeRun::failure));
    }

    @Override
    public String toString() {
        return "cat %.2f s, parallel read %.2f s, merge %.2f s, %sratio %.2f, peak %s"
                .formatted(
                        catSeconds,
                        readSeconds,
                        merge.seconds(),
                        cached.map(run -> "cached %.2f s, ".formatted(run.seconds())).orElse(""),
                        ratio(),
                        Report.mebibytes(merge.peakBytes()));
    }
}
