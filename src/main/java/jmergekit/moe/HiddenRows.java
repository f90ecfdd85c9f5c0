package jmergekit.moe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.engine.InputTensors;
import jmergekit.linalg.DecoderPass;
import jmergekit.linalg.DecoderShape;
import jmergekit.linalg.DecoderWeights;
import jmergekit.linalg.Pooling;
import jmergekit.plan.TaskInput;
import jmergekit.primitive.SourceTensor;

/// Gates from hidden states: for each layer, the direction of the mean state of an expert's prompts
/// at the layer's input, minus the mean for its negative prompts.
///
/// @param layers the base model's layers, each as tensors by name
/// @param prompts of the experts, followed by the shared expert's
record HiddenRows(
        DecoderShape shape,
        TaskInput embeddings,
        List<Map<String, TaskInput>> layers,
        Pooling pooling,
        List<ExpertPrompts> prompts)
        implements GateRows {
    /// Tokens that are processed at a time, unless a single prompt has more.
    private static final int TOKENS = 4096;

    /// A prompt, and the factor of its state for an expert.
    private record Weighted(int[] ids, int expert, double factor) {}

    @Override
    public Stream<TaskInput> sources() {
        return Stream.concat(
                Stream.of(embeddings), layers.stream().flatMap(l -> l.values().stream()));
    }

    @Override
    public Map<String, float[]> of(List<GateTask> gates, InputTensors inputs) {
        List<List<Direction>> directions =
                Stream.generate(() ->
                                prompts.stream().map(_ -> new Direction(shape.hidden())).toList())
                        .limit(shape.layers())
                        .toList();
        DecoderPass pass = new DecoderPass(shape, new Weights(inputs));
        for (List<Weighted> batch : batches()) {
            pass.run(
                    batch.stream().map(Weighted::ids).toList(),
                    pooling,
                    (layer, text, state) -> {
                        Weighted prompt = batch.get(text);
                        directions.get(layer).get(prompt.expert()).add(state, prompt.factor());
                    });
        }
        directions.forEach(layer -> layer.forEach(Direction::normalise));
        Map<String, float[]> values = new HashMap<>();
        gates.forEach(g -> values.put(g.tensor(), g.values(directions.get(g.layer()))));
        return values;
    }

    private List<List<Weighted>> batches() {
        List<Weighted> all =
                IntStream.range(0, prompts.size())
                        .boxed()
                        .flatMap(i ->
                                Stream.concat(
                                        weighted(i, prompts.get(i).positive(), 1),
                                        weighted(i, prompts.get(i).negative(), -1)))
                        .toList();
        List<List<Weighted>> batches = new ArrayList<>();
        int tokens = TOKENS;
        for (Weighted prompt : all) {
            tokens += prompt.ids().length;
            if (tokens > TOKENS) {
                batches.add(new ArrayList<>());
                tokens = prompt.ids().length;
            }
            batches.getLast().add(prompt);
        }
        return batches;
    }

    private static Stream<Weighted> weighted(int expert, List<int[]> texts, int sign) {
        double factor = (double) sign / texts.size();
        return texts.stream().map(ids -> new Weighted(ids, expert, factor));
    }

    private final class Weights implements DecoderWeights {
        private final InputTensors inputs;

        Weights(InputTensors inputs) {
            this.inputs = inputs;
        }

        @Override
        public SourceTensor embeddings() {
            return inputs.open(embeddings.source());
        }

        @Override
        public Optional<SourceTensor> find(int layer, String name) {
            return Optional.ofNullable(layers.get(layer).get(name))
                    .map(t -> inputs.open(t.source()));
        }
    }
}
