package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import jmergekit.threads.Workers;

/// The diagonal of the empirical Fisher information of all tensors of a decoder: the mean over texts
/// of the squared gradient of a text's log-likelihood.
///
/// Source: Matena and Raffel, "Merging Models with Fisher-Weighted Averaging", 2021
/// (<https://arxiv.org/abs/2111.09832>), with the tokens of the texts as labels.
///
/// @param slices the texts
record FisherPass(
        DecoderShape shape,
        LanguageWeights weights,
        TensorNames names,
        Workers workers,
        List<TextSlice> slices,
        StatisticsSink sink) {
    /// The work of one slice: its gradients, which are kept until those of all slices are added.
    private record SliceWork(TextSlice slice, NDManager manager, LayerGradient gradient) {}

    private long texts() {
        return slices.stream().mapToLong(s -> s.texts().size()).sum();
    }

    /// The gradient at the output of the last layer.
    ///
    /// @param states at that output
    /// @param gradients receives the gradient
    HeadGradient head(TokenStates states, TokenStates gradients) {
        HeadGradient head = new HeadGradient(shape, weights, TextSlice.tokens(slices));
        NDArray[] ofNorm = new NDArray[slices.size()];
        try (NDManager kept = Torch.newManager()) {
            each(
                    slices,
                    (slice, i) -> {
                        try (NDManager manager = Torch.newManager();
                                LinearLayer linear = new LinearLayer(manager)) {
                            RmsNorm norm = head.norm(states.read(slice, manager), linear);
                            NDArray atInput = head.atInput(slice, norm.output(), linear);
                            gradients.write(slice, norm.gradient(atInput));
                            ofNorm[i] = norm.ofWeight();
                            ofNorm[i].attach(kept);
                        }
                    });
            SquaredSums sums = new SquaredSums();
            for (int i = 0; i < ofNorm.length; i++) {
                sums.add(names.finalNorm(), slices.get(i).texts(), ofNorm[i]);
            }
            sums.write(texts(), name -> name, sink);
        }
        return head;
    }

    private void each(List<TextSlice> some, ObjIntConsumer<TextSlice> work) {
        workers.runAll(
                IntStream.range(0, some.size())
                        .<Runnable>mapToObj(i -> () -> work.accept(some.get(i), i))
                        .toList());
    }

    /// The sums of one layer.
    final class Layer implements AutoCloseable {
        private final int number;
        private final NDManager manager = Torch.newManager();
        private final Map<String, SquaredProducts> matrices = new LinkedHashMap<>();
        private final SquaredSums vectors = new SquaredSums();

        Layer(int number) {
            this.number = number;
        }

        /// Adds some texts.
        ///
        /// @param states at the layer's input
        /// @param gradients at its output; replaced by those at its input
        void add(List<TextSlice> batch, TokenStates states, TokenStates gradients) {
            List<SliceWork> works = new ArrayList<>();
            try {
                for (TextSlice slice : batch) {
                    NDManager own = Torch.newManager();
                    TokenRows rows = TokenRows.of(shape, slice.texts(), own);
                    LinearLayer linear = new LinearLayer(own);
                    LayerGradient gradient =
                            new LayerGradient(number, shape, weights, linear, rows, own);
                    works.add(new SliceWork(slice, own, gradient));
                }
                workers.runAll(
                        works.stream()
                                .<Runnable>map(w -> () -> apply(w, states, gradients))
                                .toList());
                workers.runAll(adding(works));
                for (SliceWork work : works) {
                    for (LayerGradient.Summand summand : work.gradient().summands()) {
                        vectors.add(summand.tensor(), work.slice().texts(), summand.ofTokens());
                    }
                }
            } finally {
                works.forEach(w -> w.manager().close());
            }
        }

        private void apply(SliceWork work, TokenStates states, TokenStates gradients) {
            NDArray x = states.read(work.slice(), work.manager());
            NDArray at = gradients.read(work.slice(), work.manager());
            gradients.write(work.slice(), work.gradient().apply(x, at));
        }

        private List<Runnable> adding(List<SliceWork> works) {
            List<Runnable> pieces = new ArrayList<>();
            List<LayerGradient.Product> first = works.getFirst().gradient().products();
            for (int i = 0; i < first.size(); i++) {
                LayerGradient.Product product = first.get(i);
                SquaredProducts sums =
                        matrices.computeIfAbsent(
                                product.module(),
                                _ ->
                                        new SquaredProducts(
                                                product.gradient().getShape().get(1),
                                                product.x().getShape().get(1),
                                                manager));
                int index = i;
                for (int j = 0; j < sums.blocks(); j++) {
                    int block = j;
                    pieces.add(() -> {
                        for (SliceWork work : works) {
                            LayerGradient.Product own = work.gradient().products().get(index);
                            sums.add(block, work.slice().texts(), own.x(), own.gradient());
                        }
                    });
                }
            }
            return pieces;
        }

        /// Writes the means.
        void write() {
            matrices.forEach((module, sums) ->
                    sums.write(
                            texts(),
                            Statistic.FISHER.of(names.ofLayer(number, module + ".weight")),
                            sink));
            vectors.write(texts(), tensor -> names.ofLayer(number, tensor), sink);
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    /// The embeddings and the head.
    ///
    /// @param states after the last layer
    /// @param gradients at the embeddings of the tokens
    void tables(HeadGradient head, TokenStates states, TokenStates gradients) {
        TableFisher tables = new TableFisher(shape, weights, slices, head, states, gradients);
        if (names.tied()) {
            workers.runAll(tables.work(true, true, names.embeddings(), sink));
        } else {
            workers.runAll(tables.work(true, false, names.head(), sink));
            workers.runAll(tables.work(false, true, names.embeddings(), sink));
        }
    }
}
