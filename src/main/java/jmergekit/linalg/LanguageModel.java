package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A Llama-like decoder with its head, in float32: it scores texts and continues them.
///
/// All texts of a call go through a layer before the next one is read, so each weight is read once;
/// memory use grows with the number of tokens. Several calls may run at the same time.
public final class LanguageModel {
    private final DecoderShape shape;
    private final LanguageWeights weights;

    /// Receives tokens while texts are continued.
    public interface Continuation {
        /// @param token [NextTokens#NONE] ends the text: the probabilities are not numbers
        /// @return whether to continue the text after this token
        boolean next(int text, int token);
    }

    public LanguageModel(DecoderShape shape, LanguageWeights weights) {
        this.shape = shape;
        this.weights = weights;
    }

    /// The model's predictions for the scored tokens of each text.
    ///
    /// @param texts not empty; fastest if texts of equal length are adjacent
    /// @throws jmergekit.problem.MergeException if a computation fails, for example for lack of
    ///     memory
    public List<NextTokens> score(List<ScoredText> texts) {
        return Torch.run(() -> scored(texts));
    }

    private List<NextTokens> scored(List<ScoredText> texts) {
        try (NDManager manager = Torch.newManager();
                LinearLayer linear = new LinearLayer(manager)) {
            // The last token is not fed to the model.
            List<int[]> inputs =
                    texts.stream().map(t -> Arrays.copyOf(t.ids(), t.ids().length - 1)).toList();
            NDArray x = layers(inputs, TokenRows.of(shape, inputs, manager), linear, manager);
            int[] tokens =
                    texts.stream()
                            .flatMapToInt(t -> IntStream.of(t.ids()).skip(t.from()))
                            .toArray();
            NextTokens all =
                    new OutputHead(shape, weights, linear).next(scoredRows(x, texts), tokens);
            List<NextTokens> parts = new ArrayList<>();
            int first = 0;
            for (ScoredText text : texts) {
                int end = first + text.ids().length - text.from();
                parts.add(all.part(first, end));
                first = end;
            }
            return parts;
        }
    }

    private static NDArray scoredRows(NDArray x, List<ScoredText> texts) {
        List<Long> rows = new ArrayList<>();
        long first = 0;
        for (ScoredText text : texts) {
            long end = first + text.ids().length - 1;
            for (long row = first + text.from() - 1; row < end; row++) {
                rows.add(row);
            }
            first = end;
        }
        return rows(x, rows.stream().mapToLong(Long::longValue).toArray());
    }

    private static NDArray rows(NDArray x, long[] rows) {
        long bytes = x.getShape().get(1) * Float.BYTES;
        NDArray some =
                x.getManager()
                        .create(new Shape(rows.length, x.getShape().get(1)), DataType.FLOAT32);
        MemorySegment from = MemorySegment.ofBuffer(x.toByteBuffer(true));
        MemorySegment into = MemorySegment.ofBuffer(some.toByteBuffer(true));
        for (int i = 0; i < rows.length; i++) {
            MemorySegment.copy(from, rows[i] * bytes, into, i * bytes, bytes);
        }
        return some;
    }

    private NDArray layers(
            List<int[]> texts, TokenRows rows, LinearLayer linear, NDManager manager) {
        NDArray x = linear.embed(texts, weights.embeddings(), shape.hidden(), manager);
        for (int layer = 0; layer < shape.layers(); layer++) {
            x = new DecoderLayer(layer, shape, weights, linear).apply(x, rows);
        }
        return x;
    }

    /// Continues texts by greedy decoding.
    ///
    /// @param texts not empty, with at least one token each
    /// @param most maximum number of tokens to add to each
    /// @param continuation receives each token, and decides where a text ends
    /// @throws jmergekit.problem.MergeException if a computation fails, for example for lack of
    ///     memory
    public void continueTexts(List<int[]> texts, int most, Continuation continuation) {
        Torch.run(() -> {
            write(texts, most, continuation);
            return texts;
        });
    }

    private void write(List<int[]> texts, int most, Continuation continuation) {
        try (NDManager manager = Torch.newManager();
                LinearLayer linear = new LinearLayer(manager)) {
            List<Group> groups = groups(texts, manager);
            for (int step = 0; step < most && !groups.isEmpty(); step++) {
                try (NDManager owner = manager.newSubManager()) {
                    step(groups, linear, owner, continuation);
                }
                groups.removeIf(Group::ended);
            }
        }
    }

    /// Texts of equal length: the cache of the tokens processed so far, and the tokens still to
    /// process.
    private static final class Group {
        private final int[] texts;
        private final boolean[] ended;
        private final KeyValues past;
        private List<int[]> next;

        Group(int[] texts, List<int[]> next, KeyValues past) {
            this.texts = texts;
            this.ended = new boolean[texts.length];
            this.next = next;
            this.past = past;
        }

        int length() {
            return next.getFirst().length;
        }

        void take(int[] tokens, int first, Continuation continuation) {
            past.advance(length());
            List<int[]> taken = new ArrayList<>();
            for (int i = 0; i < texts.length; i++) {
                int token = tokens[first + i];
                ended[i] =
                        ended[i] || !continuation.next(texts[i], token) || token == NextTokens.NONE;
                taken.add(new int[] {Math.max(token, 0)});
            }
            next = taken;
        }

        boolean ended() {
            for (boolean e : ended) {
                if (!e) {
                    return false;
                }
            }
            past.close();
            return true;
        }
    }

    private List<Group> groups(List<int[]> texts, NDManager manager) {
        int[] order =
                IntStream.range(0, texts.size())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> texts.get(i).length))
                        .mapToInt(Integer::intValue)
                        .toArray();
        List<Group> groups = new ArrayList<>();
        for (int first = 0, end; first < order.length; first = end) {
            int length = texts.get(order[first]).length;
            end = first + 1;
            while (end < order.length && texts.get(order[end]).length == length) {
                end++;
            }
            int[] own = Arrays.copyOfRange(order, first, end);
            groups.add(
                    new Group(
                            own,
                            IntStream.of(own).mapToObj(texts::get).toList(),
                            new KeyValues(manager, shape.layers())));
        }
        return groups;
    }

    private void step(
            List<Group> groups, LinearLayer linear, NDManager owner, Continuation continuation) {
        List<int[]> inputs = new ArrayList<>();
        List<TokenRows.Run> runs = new ArrayList<>();
        List<Long> last = new ArrayList<>();
        int row = 0;
        for (Group group : groups) {
            runs.add(new TokenRows.Run(row, group.texts.length, group.length(), group.past));
            for (int[] tokens : group.next) {
                row += tokens.length;
                last.add(row - 1L);
            }
            inputs.addAll(group.next);
        }
        NDArray x = layers(inputs, new TokenRows(shape, runs, owner), linear, owner);
        NDArray states = rows(x, last.stream().mapToLong(Long::longValue).toArray());
        int[] best =
                new OutputHead(shape, weights, linear).next(states, new int[last.size()]).best();
        int first = 0;
        for (Group group : groups) {
            group.take(best, first, continuation);
            first += group.texts.length;
        }
    }
}
