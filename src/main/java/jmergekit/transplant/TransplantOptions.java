package jmergekit.transplant;

/// The options of a transplant.
///
/// @param k the number of shared tokens that make up a row
/// @param kIsGiven whether `k` was given, not defaulted
/// @param cosine whether neighbours are found by cosine instead of distance
/// @param magikarp whether poorly trained tokens are excluded from the shared ones
/// @param noise the standard deviation of noise that is added to approximated rows
/// @param scale a factor for approximated rows
/// @param batchSize the most tokens that are approximated at a time; 0 to choose automatically
public record TransplantOptions(
        ApproximationMethod method,
        int k,
        boolean kIsGiven,
        boolean cosine,
        WeightScheme weights,
        SubwordMethod subword,
        MatchScope prefixMatch,
        MatchScope byteMatch,
        boolean magikarp,
        double noise,
        double scale,
        int batchSize) {
    /// The default number of shared tokens that make up a row.
    public static final int USUAL_K = 64;

    /// Limits `k` to the number of shared tokens, unless it was given.
    TransplantOptions within(int shared) {
        return kIsGiven || k <= shared
                ? this
                : new TransplantOptions(
                        method,
                        shared,
                        false,
                        cosine,
                        weights,
                        subword,
                        prefixMatch,
                        byteMatch,
                        magikarp,
                        noise,
                        scale,
                        batchSize);
    }

    /// Everything that determines the rows, in words: `omp, k = 64`.
    public String text() {
        StringBuilder text = new StringBuilder(method.text());
        if (method.usesK()) {
            text.append(", k = ").append(k);
        }
        if (method == ApproximationMethod.COMMON_INTERPOLATION) {
            text.append(", ").append(weights.text()).append(cosine ? ", cosine" : "");
        }
        if (method == ApproximationMethod.SUBWORD) {
            text.append(", ").append(subword.text());
        }
        if (prefixMatch != MatchScope.NO) {
            text.append(", prefix match ").append(prefixMatch.text());
        }
        if (byteMatch != MatchScope.NO) {
            text.append(", byte match ").append(byteMatch.text());
        }
        if (magikarp) {
            text.append(", magikarp");
        }
        if (noise != 0) {
            text.append(", noise ").append(noise);
        }
        if (scale != 1) {
            text.append(", scale ").append(scale);
        }
        return text.toString();
    }
}
