package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jmergekit.threads.Workers;
import jmergekit.weights.ScratchFile;

/// Measures a decoder on texts, in float32.
///
/// All texts go through a layer before the next one is read. The states of their tokens are in a
/// scratch file, so that memory use does not depend on the number of texts: the statistics of one
/// layer, and the intermediate results for some thousand tokens.
public final class DecoderStatistics {
    /// Tokens whose intermediate results are in memory at a time, unless a single text has more.
    private static final int TOKENS = 2048;

    /// The work of a pass backward, compared with one forward.
    private static final int BACKWARD = 4;

    private final DecoderShape shape;
    private final LanguageWeights weights;
    private final TensorNames names;
    private final Workers workers;

    /// Receives the progress.
    public interface Steps {
        /// Some texts went through a layer.
        ///
        /// @param work as in [#work]
        void part(long work);

        /// All texts went through a layer.
        void pass();
    }

    /// @param workers the statistics do not depend on their number
    public DecoderStatistics(
            DecoderShape shape, LanguageWeights weights, TensorNames names, Workers workers) {
        this.shape = shape;
        this.weights = weights;
        this.names = names;
        this.workers = workers;
    }

    /// The bytes of scratch file that a run uses.
    public static long scratchBytes(DecoderShape shape, long tokens, Set<Statistic> kinds) {
        long states = kinds.contains(Statistic.FISHER) ? shape.layers() + 2L : 1;
        return states * tokens * shape.hidden() * Float.BYTES;
    }

    /// The number of passes through a layer, forward or backward.
    public static int passes(DecoderShape shape, Set<Statistic> kinds) {
        return kinds.contains(Statistic.FISHER) ? 2 * shape.layers() + 2 : shape.layers();
    }

    /// The work of all passes, in bytes of states that go through layers. A pass backward is as much
    /// work as several forward.
    public static long work(DecoderShape shape, long tokens, Set<Statistic> kinds) {
        long passes =
                shape.layers()
                        + (kinds.contains(Statistic.FISHER) ? BACKWARD * shape.layers() + 2L : 0);
        return passes * tokens * shape.hidden() * Float.BYTES;
    }

    /// @param texts token ids, at least two for each text
    /// @param sink receives all statistics of these kinds
    /// @throws jmergekit.problem.MergeException if a computation fails, for example for lack of
    ///     memory, or if the scratch file cannot be written
    public void run(
            List<int[]> texts,
            Set<Statistic> kinds,
            ScratchFile scratch,
            StatisticsSink sink,
            Steps steps) {
        List<TextSlice> slices = TextSlice.of(texts);
        Torch.run(() -> {
            try (Run run = new Run(slices, kinds, scratch, sink, steps)) {
                run.forward();
                if (kinds.contains(Statistic.FISHER)) {
                    run.backward();
                }
                return run;
            }
        });
    }

    /// The statistics of one set of texts.
    private final class Run implements AutoCloseable {
        private final List<TextSlice> slices;
        private final Set<Statistic> kinds;
        private final ScratchFile scratch;
        private final StatisticsSink sink;
        private final Steps steps;
        private final long tokens;

        /// At the inputs of the layers so far; without gradients, only of the next layer.
        private final List<TokenStates> states = new ArrayList<>();

        Run(
                List<TextSlice> slices,
                Set<Statistic> kinds,
                ScratchFile scratch,
                StatisticsSink sink,
                Steps steps) {
            this.slices = slices;
            this.kinds = kinds;
            this.scratch = scratch;
            this.sink = sink;
            this.steps = steps;
            this.tokens = TextSlice.tokens(slices);
        }

        private boolean has(Statistic kind) {
            return kinds.contains(kind);
        }

        void forward() {
            states.add(new TokenStates(scratch, tokens, shape.hidden()));
            each(slices, this::embed);
            for (int layer = 0; layer < shape.layers(); layer++) {
                TokenStates from = states.getLast();
                if (has(Statistic.FISHER)) {
                    states.add(new TokenStates(scratch, tokens, shape.hidden()));
                }
                try (LayerGrams grams = new LayerGrams()) {
                    for (List<TextSlice> batch : TextSlice.batches(slices, TOKENS)) {
                        forward(layer, batch, from, grams);
                        done(batch, 1);
                    }
                    steps.pass();
                    grams.write(layer, tokens, names, sink);
                }
            }
            if (has(Statistic.GRAM) && !names.tied()) {
                headGram();
            }
        }

        private void done(List<TextSlice> batch, int passes) {
            steps.part(passes * TextSlice.tokens(batch) * shape.hidden() * Float.BYTES);
        }

        private void each(List<TextSlice> some, Consumer<TextSlice> work) {
            workers.runAll(some.stream().<Runnable>map(s -> () -> work.accept(s)).toList());
        }

        private void embed(TextSlice slice) {
            try (NDManager manager = Torch.newManager();
                    LinearLayer linear = new LinearLayer(manager)) {
                NDArray x =
                        linear.embed(slice.texts(), weights.embeddings(), shape.hidden(), manager);
                states.getFirst().write(slice, x);
            }
        }

        private void forward(int layer, List<TextSlice> batch, TokenStates from, LayerGrams grams) {
            if (!has(Statistic.GRAM)) {
                each(batch, s -> apply(layer, s, from, LinearInputs.NONE));
                return;
            }
            Map<TextSlice, LayerGrams.Kept> inputs = new LinkedHashMap<>();
            try {
                batch.forEach(s -> inputs.put(s, new LayerGrams.Kept()));
                each(batch, s -> apply(layer, s, from, inputs.get(s)));
                workers.runAll(grams.adding(List.copyOf(inputs.values())));
            } finally {
                inputs.values().forEach(LayerGrams.Kept::close);
            }
        }

        private void apply(int layer, TextSlice slice, TokenStates from, LinearInputs inputs) {
            try (NDManager manager = Torch.newManager();
                    LinearLayer linear = new LinearLayer(manager)) {
                TokenRows rows = TokenRows.of(shape, slice.texts(), manager);
                DecoderLayer run = new DecoderLayer(layer, shape, weights, linear, inputs);
                states.getLast().write(slice, run.apply(from.read(slice, manager), rows));
            }
        }

        void backward() {
            TokenStates last = states.getLast();
            TokenStates gradients = new TokenStates(scratch, tokens, shape.hidden());
            states.add(gradients);
            FisherPass pass = new FisherPass(shape, weights, names, workers, slices, sink);
            HeadGradient head = pass.head(last, gradients);
            done(slices, 1);
            steps.pass();
            for (int layer = shape.layers() - 1; layer >= 0; layer--) {
                try (FisherPass.Layer sums = pass.new Layer(layer)) {
                    for (List<TextSlice> batch : TextSlice.batches(slices, TOKENS)) {
                        sums.add(batch, states.get(layer), gradients);
                        done(batch, BACKWARD);
                    }
                    sums.write();
                }
                steps.pass();
            }
            pass.tables(head, last, gradients);
            done(slices, 1);
            steps.pass();
        }

        private void headGram() {
            try (NDManager manager = Torch.newManager();
                    LinearLayer linear = new LinearLayer(manager)) {
                Gram gram = new Gram(shape.hidden(), manager);
                for (TextSlice slice : slices) {
                    try (NDManager step = manager.newSubManager()) {
                        NDArray x = states.getLast().read(slice, step);
                        NDArray input = linear.norm(x, weights.finalNorm(), shape.normEpsilon());
                        for (int panel = 0; panel < gram.panels(); panel++) {
                            gram.add(panel, input);
                        }
                    }
                }
                gram.write(tokens, Statistic.GRAM.of(names.head()), sink);
            }
        }

        @Override
        public void close() {
            states.forEach(TokenStates::close);
        }
    }
}
