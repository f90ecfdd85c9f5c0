package jmergekit.moe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.engine.InputTensors;
import jmergekit.plan.TaskInput;
import jmergekit.primitive.SourceTensor;

/// Gates from input embeddings: the direction of the sum over all tokens of an expert's prompts
/// minus the sum for its negative prompts, the same in every layer.
///
/// @param embeddings (tokens, hidden)
/// @param prompts of the experts, followed by the shared expert's
record EmbeddingRows(TaskInput embeddings, List<ExpertPrompts> prompts) implements GateRows {
    @Override
    public Stream<TaskInput> sources() {
        return Stream.of(embeddings);
    }

    @Override
    public Map<String, float[]> of(List<GateTask> gates, InputTensors inputs) {
        SourceTensor rows = inputs.open(embeddings.source());
        List<Direction> directions = new ArrayList<>();
        for (ExpertPrompts expert : prompts) {
            Direction direction = sum(expert.positive(), rows).normalise();
            if (!expert.negative().isEmpty()) {
                direction.add(sum(expert.negative(), rows).normalise(), -1);
            }
            directions.add(direction.normalise());
        }
        Map<String, float[]> values = new HashMap<>();
        gates.forEach(g -> values.put(g.tensor(), g.values(directions)));
        return values;
    }

    private Direction sum(List<int[]> texts, SourceTensor rows) {
        int hidden = Math.toIntExact(embeddings.shape().rowLength());
        float[] row = new float[hidden];
        Direction sum = new Direction(hidden);
        for (int[] ids : texts) {
            for (int id : ids) {
                rows.read((long) id * hidden, hidden, row);
                sum.add(row, 1);
            }
        }
        return sum;
    }
}
