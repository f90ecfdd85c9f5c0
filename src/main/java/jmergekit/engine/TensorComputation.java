package jmergekit.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.plan.PlannedFile;
import jmergekit.plan.Source;
import jmergekit.problem.Problem;

/// Computes tensors of [Source.Computed] that are too large for a plan to hold: they go to a scratch
/// file, which the run then copies them from.
public interface TensorComputation {
    /// The tensors that are read for it.
    Stream<Source> sources();

    /// In how many pieces the work is done.
    int pieces();

    /// Bytes that are computed, piece by piece.
    long bytes();

    /// Bytes of the scratch file.
    long scratchBytes();

    /// Computes the tensors, under the names of their sources. The output does not depend on the
    /// number of threads.
    ///
    /// @param progress is told of each piece
    Outcome compute(InputTensors inputs, ScratchTensors store, int threads, Progress progress);

    /// What is known when they are computed.
    ///
    /// @param lines for the console
    /// @param warnings of what the user should know whatever is shown
    /// @param notFinite what of the inputs is NaN or infinite and was copied, by the names of the tensors
    /// @param notes texts that continue the cards of their names, or are further cards
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

        /// The cards of a plan with the notes, if it has any.
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
