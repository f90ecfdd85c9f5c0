package jmergekit.transplant;

/// What the command line says about a transplant.
///
/// @param k how many shared tokens a row is made of
/// @param kIsGiven whether that was asked for, not only usual
/// @param cosine whether neighbours are found by cosine instead of distance
/// @param magikarp whether poorly trained tokens are left out of the shared ones
/// @param noise standard deviation of what is added to approximated rows
/// @param scale what approximated rows are multiplied by
/// @param batchSize most tokens that are approximated at a time; 0 to choose
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
    /// How many shared tokens a row is made of where nothing is said.
    public static final int USUAL_K = 64;

    /// With no more shared tokens for a row than there are, unless that was asked for.
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

    /// All that decides the rows, in words: `omp, k = 64`.
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
