package jmergekit.linalg;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The spaces in which adapters' changes of a module can be merged.
public enum Space {
    /// Square matrices, one for each adapter: see [CoreSpace].
    CORE,
    /// Wide matrices, one for each adapter: see [KnotsSpace].
    KNOTS;

    /// The word for it in recipes.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// All words.
    public static List<String> words() {
        return Arrays.stream(values()).map(Space::word).toList();
    }

    /// The space with this word.
    public static Optional<Space> of(String word) {
        return Arrays.stream(values()).filter(s -> s.word().equals(word)).findFirst();
    }

    /// The space of some changes of one matrix.
    ///
    /// @param rows of the matrix
    /// @param columns of the matrix
    public SmallSpace of(List<FactorPair> changes, int rows, int columns) {
        return switch (this) {
            case CORE -> CoreSpace.of(changes, rows, columns);
            case KNOTS -> KnotsSpace.of(changes, rows, columns);
        };
    }
}
