package jmergekit.linalg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Texts that go through a layer together.
///
/// @param texts token ids
/// @param first the number of tokens of the slices before it
record TextSlice(List<int[]> texts, long first) {
    /// Enough to amortise reading the weights. A longer text is a slice of its own.
    private static final int TOKENS = 512;

    /// Divides texts in order of length, so that texts of equal length are adjacent. The slices do
    /// not depend on the number of threads.
    static List<TextSlice> of(List<int[]> texts) {
        List<int[]> sorted = new ArrayList<>(texts);
        sorted.sort(Comparator.comparingInt(t -> t.length));
        List<TextSlice> slices = new ArrayList<>();
        List<int[]> own = new ArrayList<>();
        long first = 0;
        int tokens = 0;
        for (int[] text : sorted) {
            if (!own.isEmpty() && tokens + text.length > TOKENS) {
                slices.add(new TextSlice(List.copyOf(own), first));
                first += tokens;
                own.clear();
                tokens = 0;
            }
            own.add(text);
            tokens += text.length;
        }
        slices.add(new TextSlice(List.copyOf(own), first));
        return slices;
    }

    /// The number of tokens.
    int tokens() {
        return texts.stream().mapToInt(t -> t.length).sum();
    }

    static long tokens(List<TextSlice> slices) {
        return slices.stream().mapToLong(TextSlice::tokens).sum();
    }

    /// Groups slices of at most this many tokens, unless a single slice has more.
    static List<List<TextSlice>> batches(List<TextSlice> slices, int most) {
        List<List<TextSlice>> batches = new ArrayList<>();
        int tokens = most;
        for (TextSlice slice : slices) {
            tokens += slice.tokens();
            if (tokens > most) {
                batches.add(new ArrayList<>());
                tokens = slice.tokens();
            }
            batches.getLast().add(slice);
        }
        return batches;
    }
}
