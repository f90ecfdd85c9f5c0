package jmergekit.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/// One merge, and the time of moving the same bytes in the same round.
///
/// @param catSeconds for reading the inputs
/// @param copySeconds for copying a file as large as the output
/// @param linearSeconds for a linear merge, if that is the reference
/// @param merge without waiting for the disk, like a copy
/// @param synced for merges whose reference is copying
record Round(
        double catSeconds,
        double copySeconds,
        OptionalDouble linearSeconds,
        MergeRun merge,
        Optional<Synced> synced) {
    double ratio() {
        return merge.seconds() / linearSeconds.orElse(catSeconds + copySeconds);
    }

    Optional<String> failure() {
        return merge.failure().or(() -> synced.flatMap(s -> s.merge().failure()));
    }

    @Override
    public String toString() {
        return "cat %.2f s, cp %.2f s, %smerge %.2f s, ratio %.2f, peak %s (%s with mapped files)%s"
                .formatted(
                        catSeconds,
                        copySeconds,
                        linearSeconds.isPresent()
                                ? "linear %.2f s, ".formatted(linearSeconds.getAsDouble())
                                : "",
                        merge.seconds(),
                        ratio(),
                        Report.mebibytes(merge.peakBytes()),
                        Report.mebibytes(merge.process().peak().peakResident()),
                        synced.map(s -> "; " + s).orElse(""));
    }
}
