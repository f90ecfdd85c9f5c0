package jmergekit.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// A limit other than the time of a large merge, and the result of a run.
///
/// @param failed whether a merge failed
record Check(String what, String result, String target, boolean met, boolean failed) {
    static final String START_UP = "start-up";
    static final String LARGE_TENSOR = "large-tensor";
    static final String LORA = "lora";
    static final String DIFF = "diff";

    private static final int START_UP_RUNS = 5;
    private static final double START_UP_SECONDS = 0.4;

    private static final int DIFF_ROUNDS = 5;
    private static final double DIFF_RATIO = 1.5;

    private static final int RANK = 32;
    private static final double LORA_SECONDS = 60;
    private static final long LORA_BYTES = 1L << 30;

    /// The fastest of five merges of a model that is too small to take time itself. This includes
    /// the program's start-up to its first byte of output.
    static Check startUp(Workspace workspace, Merges merges)
            throws IOException, InterruptedException {
        workspace.make(ModelSet.TINY);
        Path recipe = workspace.recipe(Scenario.named("linear"), ModelSet.TINY);
        double best = Double.MAX_VALUE;
        String failure = "";
        for (int i = 0; i < START_UP_RUNS && failure.isEmpty(); i++) {
            MergeRun run = merges.run(START_UP, recipe, ModelSet.TINY.bytes(), Map.of());
            best = Math.min(best, run.seconds());
            failure = run.failure().orElse("");
        }
        merges.discard(START_UP);
        return new Check(
                "a tiny merge, whole process, best of " + START_UP_RUNS,
                failure.isEmpty() ? "%.2f s".formatted(best) : failure,
                "≤ %.1f s".formatted(START_UP_SECONDS),
                failure.isEmpty() && best <= START_UP_SECONDS,
                !failure.isEmpty());
    }

    /// A merge of models that are one tensor of 3 GiB, in a heap of 256 MiB.
    static Check largeTensor(Workspace workspace, Merges merges, String method)
            throws IOException, InterruptedException {
        workspace.make(ModelSet.LARGE_TENSOR);
        Path recipe = workspace.recipe(Scenario.named(method), ModelSet.LARGE_TENSOR);
        Merges.settle();
        String options = System.getenv().getOrDefault("JMERGEKIT_OPTS", "") + " -Xmx256m";
        MergeRun run =
                merges.run(
                        LARGE_TENSOR,
                        recipe,
                        ModelSet.LARGE_TENSOR.bytes(),
                        Map.of("JMERGEKIT_OPTS", options));
        merges.discard(LARGE_TENSOR);
        String done = "%.1f s, peak %s".formatted(run.seconds(), Report.mebibytes(run.peakBytes()));
        return new Check(
                method + " of one 3 GiB tensor, `-Xmx256m`",
                run.failure().orElse(done),
                "succeeds",
                !run.failed(),
                run.failed());
    }

    /// Extracts factors of all matrices in the layers of a model whose changes have flat spectra,
    /// the slowest case. The first extraction on a machine also unpacks PyTorch.
    static Check lora(Workspace workspace, Merges merges) throws IOException, InterruptedException {
        workspace.make(workspace.models());
        Merges.settle();
        LlamaShape shape = workspace.models().shape();
        MergeRun run =
                merges.extract(
                        LORA,
                        workspace.folder(workspace.models()).resolve("a"),
                        workspace.folder(workspace.models()).resolve("base"),
                        RANK,
                        shape.factorBytes(RANK));
        merges.discard(LORA);
        String done = "%.1f s, peak %s".formatted(run.seconds(), Report.mebibytes(run.peakBytes()));
        boolean met = run.seconds() <= LORA_SECONDS && run.peakBytes() <= LORA_BYTES;
        return new Check(
                "an adapter of rank %d, %d matrices".formatted(RANK, shape.layers() * 7),
                run.failure().orElse(done),
                "≤ %.0f s, ≤ %s".formatted(LORA_SECONDS, Report.mebibytes(LORA_BYTES)),
                !run.failed() && met,
                run.failed());
    }

    /// A comparison of two models, relative to a `linear` merge of them that runs just before.
    static Check diff(Workspace workspace, Merges merges) throws IOException, InterruptedException {
        workspace.make(workspace.models());
        Path recipe = workspace.recipe(Scenario.named("linear"), workspace.models());
        Path models = workspace.folder(workspace.models());
        List<Double> ratios = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        String failure = "";
        long peak = 0;
        for (int i = 0; i < DIFF_ROUNDS && failure.isEmpty(); i++) {
            Merges.settle();
            MergeRun merge = merges.unsynced(DIFF, recipe, workspace.models().bytes());
            merges.discard(DIFF);
            TimedRun diff = merges.compare(DIFF, models.resolve("a"), models.resolve("b"));
            ratios.add(diff.seconds() / merge.seconds());
            seconds.add(diff.seconds());
            peak = Math.max(peak, diff.peak().anonymous());
            failure =
                    diff.status() == 0
                            ? merge.failure().orElse("")
                            : "ended with status " + diff.status();
        }
        Collections.sort(ratios);
        Collections.sort(seconds);
        double ratio = ratios.get(ratios.size() / 2);
        return new Check(
                "`mergekit diff` of two models, against `linear`, median of " + DIFF_ROUNDS,
                failure.isEmpty()
                        ? "%.2f× (%.1f s), peak %s"
                                .formatted(
                                        ratio,
                                        seconds.get(seconds.size() / 2),
                                        Report.mebibytes(peak))
                        : failure,
                "≤ %.1f×".formatted(DIFF_RATIO),
                failure.isEmpty() && ratio <= DIFF_RATIO,
                !failure.isEmpty());
    }
}
