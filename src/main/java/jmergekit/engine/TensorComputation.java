package jmergekit.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.plan.PlannedFile;
import jmergekit.plan.Source;
import jmergekit.problem.Problem;

/// Computes tensors of [Source.Computed] that are too large to store in a plan: they go to a
/// scratch file, from which the run copies them.
public interface TensorComputation {
    /// The tensors that the computation reads.
    Stream<Source> sources();

    /// The number of pieces that the work is divided into.
    int pieces();

    /// The bytes that are computed.
    long bytes();

    /// The size of the scratch file in bytes.
    long scratchBytes();

    /// Computes the tensors, under the names of their sources. The output does not depend on the
    /// number of threads.
    ///
    /// @param progress receives each finished piece
    Outcome compute(InputTensors inputs, ScratchTensors store, int threads, Progress progress);

    /// The result of the computation.
    ///
    /// @param lines for the console
    /// @param warnings that the user should see regardless of verbosity
    /// @param notFinite NaN and infinity of the inputs that was copied, by tensor name
    /// @param notes texts that are appended to the cards of their names, or become further cards
    record Outcome(
            List<String> lines,
            List<Problem> warnings,
            List<NonFiniteTensor.Input> notFinite,
            List<PlannedFile.Text> notes) {
        public Outcome {
            lines = List.copyOf(lines);
            warnings = List.copyOf(warnings);
            notFinite = List.copyOf(notFinite);
            notes = List.copyOf(notes);
        }

        /// The cards of a plan with the notes, if there are any.
        List<PlannedFile.Text> noted(List<PlannedFile.Text> cards) {
            if (cards.isEmpty()) {
                return cards;
            }
            Map<String, String> texts = new LinkedHashMap<>();
            cards.forEach(c -> texts.put(c.name(), c.text()));
            notes.forEach(n -> texts.merge(n.name(), n.text(), String::concat));
            return texts.entrySet().stream()
                    .map(e -> new PlannedFile.Text(e.getKey(), e.getValue()))
                    .toList();
        }
    }
}
