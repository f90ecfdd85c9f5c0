package jmergekit.evolve;

import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import jmergekit.Tensor;
import jmergekit.evaluate.EvaluationException;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Trial;

/// How close a model is to `base + 0.3 (one - base) + 0.8 (two - base)`: minus the root of the mean
/// square of the difference, a thousand times that. It takes its time, some longer than others.
class DistanceEvaluator implements Evaluator {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    private final Map<String, Tensor> wanted;
    private final Random delays;

    /// How many models were scored.
    final AtomicInteger asked = new AtomicInteger();

    DistanceEvaluator(Map<String, Tensor> wanted, long seedOfDelays) {
        this.wanted = wanted;
        this.delays = new Random(seedOfDelays);
    }

    @Override
    public String description() {
        return "distance";
    }

    @Override
    public boolean readsFolder() {
        return false;
    }

    @Override
    public boolean hasHeldOut() {
        return true;
    }

    @Override
    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
        asked.incrementAndGet();
        pause();
        double sum = 0;
        long count = 0;
        for (Tensor tensor : trial.plan().toMemory().values()) {
            Tensor other = wanted.get(tensor.name());
            for (long i = 0; i < tensor.bytes().byteSize(); i += Float.BYTES) {
                double difference = tensor.bytes().get(FLOAT, i) - other.bytes().get(FLOAT, i);
                sum += difference * difference;
                count++;
            }
        }
        double distance = 1000 * Math.sqrt(sum / count);
        return Map.of("near", new Score(-distance, OptionalDouble.of(0.001), true, new double[0]));
    }

    private void pause() {
        try {
            Thread.sleep(delays.nextInt(15));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
    }

    @Override
    public void close() {}
}
