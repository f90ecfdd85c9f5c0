package jmergekit.bench;

import java.util.Optional;

/// One merge as a separate process.
///
/// @param failure why it does not count, in words
record MergeRun(TimedRun process, Optional<String> failure) {
    boolean failed() {
        return failure.isPresent();
    }

    double seconds() {
        return process.seconds();
    }

    long peakBytes() {
        return process.peak().anonymous();
    }
}
