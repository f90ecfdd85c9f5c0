package jmergekit.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.compare.ModelDifference;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.Findings;
import jmergekit.engine.Review;
import jmergekit.engine.RunThreads;
import jmergekit.method.MergeMethods;
import jmergekit.output.CardNote;
import jmergekit.page.Plot;
import jmergekit.page.SvgFile;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.primitive.Executor;
import jmergekit.publish.OutputFile;
import jmergekit.threads.Cancellation;

/// Adds a report to the files that a run publishes, and a link with a picture to the model card.
/// The page contains times and is the only file that differs between runs.
///
/// @param numbers reviews the output first
/// @param bound the plan whose tensors were made
/// @param folder the folder with the tensors
/// @param title the model's title
/// @param times the times of earlier stages
public record ReportReview(
        Review numbers,
        BoundPlan bound,
        Path folder,
        String title,
        MergeMethods methods,
        RunThreads threads,
        Executor executor,
        StageTimes times)
        implements Review {
    /// The report.
    public static final String PAGE = "report.html";

    /// Its picture in the model card.
    public static final String PICTURE = "report.svg";

    private static final Set<String> RECIPES =
            Set.of("mergekit_config.yml", "mergekit_moe_config.yml");

    @Override
    public List<OutputFile> files(Findings found, List<OutputFile> planned) {
        List<OutputFile> files = new ArrayList<>(numbers.files(found, planned));
        times.ended("tensors: read, merged and written");
        Cancellation cancellation = new Cancellation();
        List<String> notes = new ArrayList<>();
        List<ModelDifference> parents =
                new ReportMeasures(bound, folder, threads, cancellation).parents(notes);
        boolean here = bound.inputs().states().stream().allMatch(s -> s.remote().isEmpty());
        List<RoundingError> rounding =
                here
                        ? new RoundingSample(
                                        bound, folder, methods, threads, executor, cancellation)
                                .errors()
                        : List.of();
        times.ended("report: result compared with its parents");
        MergeReport report =
                new MergeReport(
                        title,
                        bound.plan(),
                        parents,
                        rounding,
                        found,
                        times.stages(),
                        recipe(bound.plan()),
                        notes);
        // The last file makes the folder loadable, so the report goes before it.
        int last = Math.max(0, files.size() - 1);
        Optional<Plot> picture = picture(report);
        files.add(last, new OutputFile.Text(PAGE, ReportPage.html(report)));
        picture.ifPresent(p -> files.add(last, new OutputFile.Text(PICTURE, SvgFile.of(p))));
        return CardNote.added("Report", note(picture), files);
    }

    private static Optional<Plot> picture(MergeReport report) {
        ModelNames names = new ModelNames(report.plan().models());
        return report.parents().stream()
                .max(Comparator.comparingInt(m -> m.tensors().size()))
                .flatMap(m -> new ParentSection(names.of(m)).summary());
    }

    private static String note(Optional<Plot> picture) {
        String link = "[%s](%s) compares the model with its parents.".formatted(PAGE, PAGE);
        return picture.map(p -> "%s\n\n![%s](%s)".formatted(link, p.title(), PICTURE)).orElse(link);
    }

    private static Optional<String> recipe(Plan plan) {
        return plan.cards().stream()
                .filter(card -> RECIPES.contains(card.name()))
                .map(PlannedFile.Text::text)
                .findFirst();
    }

    @Override
    public void finished(Plan plan, Path written) {
        numbers.finished(plan, written);
    }
}
