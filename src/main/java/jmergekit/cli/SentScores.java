package jmergekit.cli;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import jmergekit.evaluate.EvaluationException;
import jmergekit.evaluate.Score;
import org.jspecify.annotations.Nullable;

/// Serialisable scores, or the reason why there are none, for sending between processes.
record SentScores(LinkedHashMap<String, Value> byTask, @Nullable String failure)
        implements Serializable {
    /// A serialisable [Score].
    ///
    /// @param error NaN if unknown
    private record Value(double value, double error, boolean higherIsBetter, double[] items)
            implements Serializable {
        static Value of(Score s) {
            double error = s.standardError().orElse(Double.NaN);
            return new Value(s.value(), error, s.higherIsBetter(), s.items());
        }

        Score score() {
            OptionalDouble known =
                    Double.isNaN(error) ? OptionalDouble.empty() : OptionalDouble.of(error);
            return new Score(value, known, higherIsBetter, items);
        }
    }

    static SentScores of(Map<String, Score> scores) {
        LinkedHashMap<String, Value> values = new LinkedHashMap<>();
        scores.forEach((task, score) -> values.put(task, Value.of(score)));
        return new SentScores(values, null);
    }

    static SentScores failure(String reason) {
        return new SentScores(new LinkedHashMap<>(), reason);
    }

    /// The scores, in their original order.
    ///
    /// @throws EvaluationException if there are none
    Map<String, Score> scores() throws EvaluationException {
        if (failure != null) {
            throw new EvaluationException(failure);
        }
        Map<String, Score> scores = new LinkedHashMap<>();
        byTask.forEach((task, value) -> scores.put(task, value.score()));
        return scores;
    }
}
