package jmergekit.moe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.engine.InputTensors;
import jmergekit.plan.TaskInput;
import jmergekit.source.NormalNoise;
import jmergekit.tile.CounterRandom;

/// Gates drawn at random from a seed: standard normal numbers, or uniform ones within one over the
/// square root of the hidden size, as in a newly initialised linear layer.
///
/// @param hidden the hidden size
record RandomRows(long hidden, boolean uniform, long seed) implements GateRows {
    @Override
    public Stream<TaskInput> sources() {
        return Stream.empty();
    }

    @Override
    public Map<String, float[]> of(List<GateTask> gates, InputTensors inputs) {
        Map<String, float[]> values = new HashMap<>();
        for (GateTask gate : gates) {
            float[] drawn = new float[Math.toIntExact(gate.rows() * hidden)];
            long key = CounterRandom.key(seed, gate.tensor(), 0);
            if (uniform) {
                double bound = 1 / Math.sqrt(hidden);
                for (int i = 0; i < drawn.length; i++) {
                    drawn[i] = (float) (bound * (2 * CounterRandom.uniform(key, i) - 1));
                }
            } else {
                new NormalNoise(key, drawn.length).read(0, drawn.length, drawn);
            }
            values.put(gate.tensor(), drawn);
        }
        return values;
    }
}
