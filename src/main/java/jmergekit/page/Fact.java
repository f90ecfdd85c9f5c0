package jmergekit.page;

/// A key figure.
///
/// @param name its name
/// @param value the figure, or a few words
/// @param note its meaning, in a short sentence; may be empty
/// @param warns whether it needs attention
public record Fact(String name, String value, String note, boolean warns) {
    /// A figure that needs no attention.
    public static Fact of(String name, String value, String note) {
        return new Fact(name, value, note, false);
    }
}
