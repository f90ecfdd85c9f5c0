package jmergekit.planner;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The quantisations that `out_dtype` can request.
public enum OutputForm {
    /// Linear layers as FP8 with a scale for each block of 128 × 128.
    FLOAT8("float8_e4m3fn"),
    /// Experts as 4-bit floats with a scale for each 32 of them.
    MXFP4("mxfp4"),
    /// Each tensor as in the first model, whose other files the output gets.
    KEEP("keep");

    private final String word;

    OutputForm(String word) {
        this.word = word;
    }

    /// The value of `out_dtype`.
    public String word() {
        return word;
    }

    static Optional<OutputForm> of(String text) {
        String plain = text.startsWith("torch.") ? text.substring("torch.".length()) : text;
        return Arrays.stream(values()).filter(f -> f.word.equalsIgnoreCase(plain)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(OutputForm::word).toList();
    }
}
