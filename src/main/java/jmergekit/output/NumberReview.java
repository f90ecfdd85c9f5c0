package jmergekit.output;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jmergekit.engine.Findings;
import jmergekit.engine.NonFiniteReport;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.engine.Review;
import jmergekit.plan.Plan;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;

/// Reports the NaN and infinite values that a run found, in the card and in warnings, and the errors
/// of quantised tensors and truncated factors. A strict run does not publish an output that has more of these values than
/// its inputs. No run publishes an output with inconsistent files.
public final class NumberReview implements Review {
    private final boolean strict;
    private final List<NonFiniteTensor.Input> computed;
    private final List<Problem> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /// @param strict whether an output with more NaN and infinity than its inputs is refused
    public NumberReview(boolean strict) {
        this(strict, List.of());
    }

    /// @param computed inputs of tensors that were computed before the run, by name
    public NumberReview(boolean strict, List<NonFiniteTensor.Input> computed) {
        this.strict = strict;
        this.computed = List.copyOf(computed);
    }

    @Override
    public List<OutputFile> files(Findings findings, List<OutputFile> planned) {
        NonFiniteReport found = new NonFiniteReport(findings.nonFinite()).from(computed);
        warnings.addAll(found.warnings());
        if (strict) {
            Problems problems = new Problems();
            found.grown().forEach(problems::add);
            if (problems.hasErrors()) {
                found.models().forEach(problems::add);
            }
            problems.throwIfErrors();
        }
        QuantisationReport quantised = new QuantisationReport(findings.quantised());
        quantised.line().ifPresent(notes::add);
        TruncationReport truncated = new TruncationReport(findings.truncated());
        truncated.line().ifPresent(notes::add);
        List<OutputFile> files = truncated.addedTo(quantised.addedTo(planned));
        return found.line().map(line -> CardNote.added("Numbers", line, files)).orElse(files);
    }

    /// @throws IllegalStateException if the files are inconsistent, which is a defect
    @Override
    public void finished(Plan plan, Path folder) {
        FinishedModel.check(plan, folder);
    }

    /// Further messages for the user, after publication.
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /// The findings, after publication.
    public List<Problem> warnings() {
        return List.copyOf(warnings);
    }
}
