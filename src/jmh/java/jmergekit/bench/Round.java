package jmergekit.bench;

/// One merge, and what moving the same bytes takes at the same time.
///
/// @param catSeconds for reading the inputs
/// @param copySeconds for copying a file as large as the output
record Round(double catSeconds, double copySeconds, MergeRun merge) {
    double ratio() {
        return merge.seconds() / (catSeconds + copySeconds);
    }

    @Override
    public String toString() {
        return "cat %.2f s, cp %.2f s, merge %.2f s, ratio %.2f, peak %s (%s with mapped files)"
                .formatted(
                        catSeconds,
                        copySeconds,
                        merge.seconds(),
                        ratio(),
                        Report.mebibytes(merge.peakBytes()),
                        Report.mebibytes(merge.process().peak().peakResident()));
    }
}
