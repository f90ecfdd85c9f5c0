package jmergekit.transplant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.tokenizer.TextTokenizer;
import jmergekit.tokenizer.TokenMatches;

/// The pieces into which the model's tokenizer splits tokens of the donor.
final class Pieces {
    /// Put before a text, it prevents a tokenizer from treating the text as the beginning of a
    /// word.
    private static final String SENTINEL = "\n";

    private final TokenMatches matches;
    private final TextTokenizer tokenizer;
    private final Map<Integer, int[]> pieces = new HashMap<>();

    /// @param tokenizer the model's tokenizer
    Pieces(TokenMatches matches, TextTokenizer tokenizer) {
        this.matches = matches;
        this.tokenizer = tokenizer;
    }

    /// Finds the pieces of tokens. No thread may read pieces during the call.
    void add(int[] tokens) {
        Map<Integer, List<String>> texts = new HashMap<>();
        for (int token : tokens) {
            texts.put(token, matches.spelling(token).map(List::of).orElse(List.of()));
        }
        add(tokens, texts);
    }

    /// Finds the pieces of tokens that the model has, in two halves: otherwise each would be its
    /// only piece.
    void addHalves(int[] tokens) {
        Map<Integer, List<String>> texts = new HashMap<>();
        for (int token : tokens) {
            texts.put(token, matches.spelling(token).map(Pieces::halves).orElse(List.of()));
        }
        add(tokens, texts);
    }

    private static List<String> halves(String text) {
        int letters = text.codePointCount(0, text.length());
        if (letters < 2) {
            return List.of();
        }
        int middle = text.offsetByCodePoints(0, letters / 2);
        return List.of(text.substring(0, middle), text.substring(middle));
    }

    private void add(int[] tokens, Map<Integer, List<String>> texts) {
        List<String> all = new ArrayList<>(List.of(SENTINEL));
        boolean plain = matches.model().isByteLevel();
        for (int token : tokens) {
            for (String text : texts.get(token)) {
                all.add(text);
                if (!plain) {
                    all.add(SENTINEL + text);
                }
            }
        }
        List<int[]> ids = tokenizer.plainIds(all);
        int[] sentinel = ids.getFirst();
        int next = 1;
        for (int token : tokens) {
            IntStream own = IntStream.empty();
            for (int i = 0; i < texts.get(token).size(); i++) {
                int[] found = ids.get(next++);
                if (!plain) {
                    found = without(sentinel, ids.get(next++), found);
                }
                own = IntStream.concat(own, IntStream.of(found));
            }
            int[] found = own.filter(id -> id < matches.model().rows()).toArray();
            pieces.put(token, found.length == 0 ? matches.inBytes(token) : found);
        }
    }

    private static int[] without(int[] sentinel, int[] ids, int[] otherwise) {
        return ids.length >= sentinel.length
                        && Arrays.equals(sentinel, 0, sentinel.length, ids, 0, sentinel.length)
                ? Arrays.copyOfRange(ids, sentinel.length, ids.length)
                : otherwise;
    }

    /// Ids of the model's tokens in reading order; empty if the model cannot spell the token.
    int[] of(int token) {
        int[] found = pieces.get(token);
        return found == null ? new int[0] : found;
    }

    /// The sums of the rows of pieces.
    ///
    /// @param finite the rows that count
    SparseSolver solver(SubwordMethod method, Side side, BitSet finite) {
        return new SparseSolver() {
            @Override
            public void solve(TokenBatch batch, Sink sink) {
                for (int i = 0; i < batch.size(); i++) {
                    int[] ids = IntStream.of(of(batch.tokens()[i])).filter(finite::get).toArray();
                    sink.accept(i, ids, method.weights(ids.length, side), ids.length);
                }
            }

            @Override
            public int batchSize() {
                return 1024;
            }
        };
    }
}
