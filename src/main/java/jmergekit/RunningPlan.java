package jmergekit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.InputFiles;
import jmergekit.engine.NonFiniteReport;
import jmergekit.engine.PartRun;
import jmergekit.engine.PlanRun;
import jmergekit.output.NumberReview;
import jmergekit.primitive.Executor;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartialOutput;
import jmergekit.publish.RunRecord;
import jmergekit.safetensors.ShardLayout;

/// One run of a plan whose inputs are all there, and whose values are computed.
record RunningPlan(Models models, BoundPlan plan, RunSettings settings) {
    private Listener listener() {
        return settings.listener();
    }

    private OutputPlace place(Path output) {
        return OutputPlace.of(
                models.workingDirectory().resolve(output), settings.overwrite(), settings.sync());
    }

    private List<String> shards() {
        return plan.plan().shards().shards().stream().map(ShardLayout.Shard::fileName).toList();
    }

    private PlanRun run(Executor executor) {
        return new PlanRun(
                plan,
                models.methods(),
                settings.threads(),
                executor,
                listener()::merged,
                settings.cancellation().inner());
    }

    private void announce(List<String> made) {
        int[] tensors = {0};
        long[] bytes = {0};
        plan.plan()
                .tasksByFile()
                .forEach((file, tasks) -> {
                    if (made.contains(file)) {
                        tensors[0] += tasks.size();
                        bytes[0] += tasks.stream().mapToLong(t -> t.output().bytes()).sum();
                    }
                });
        listener().merging(tensors[0], bytes[0]);
    }

    void write(Path output) {
        OutputPlace place = place(output);
        place.tidy().forEach(this::note);
        RunRecord record = FolderRun.record(plan);
        check(place, record);
        NumberReview numbers = new NumberReview(settings.strict());
        try (Executor executor = Devices.open(settings.device());
                OutputFolder folder = OutputFolder.create(place, record, settings.resume())) {
            folder.notes().forEach(this::note);
            List<String> left = new ArrayList<>(shards());
            left.removeAll(folder.finished(plan.plan().shards()).keySet());
            announce(left);
            new FolderRun(plan, run(executor)).write(folder, numbers);
            folder.notes().forEach(this::note);
        }
        numbers.warnings().forEach(this::warn);
    }

    private void check(OutputPlace place, RunRecord record) {
        Problems problems = new Problems();
        place.check(models.workingDirectory(), problems);
        List<Path> read = new ArrayList<>(plan.inputs().folders().values());
        place.check(read, plan.plan().outputBytes(), problems);
        PartialOutput earlier = place.partialOutput();
        if (earlier.exists()) {
            earlier.problem(record, settings.resume()).ifPresent(problems::add);
        }
        problems.throwIfErrors();
    }

    boolean makePart(String shard, Path output) {
        OutputPlace place = place(output);
        Problems problems = new Problems();
        place.check(models.workingDirectory(), problems);
        problems.throwIfErrors();
        try (Executor executor = Devices.open(settings.device())) {
            announce(List.of(shard));
            return new PartRun(plan, run(executor)).make(place, shard);
        }
    }

    void make(TensorSink sink) {
        List<String> all = shards();
        InputFiles used = InputFiles.of(plan.inputs().states(), plan.weightFiles(), List.of());
        used.check();
        try (Executor executor = Devices.open(settings.device())) {
            announce(all);
            PlanRun run = run(executor);
            run.make(all, sink, RunningPlan::scratch, used::check);
            used.check();
            review(run.nonFinite());
        } finally {
            sink.close();
        }
    }

    private static Path scratch() {
        return Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("jmergekit-inner-" + UUID.randomUUID());
    }

    private void review(NonFiniteReport found) {
        Problems problems = new Problems();
        if (settings.strict()) {
            found.grown().forEach(problems::add);
        }
        problems.throwIfErrors();
        found.warnings().forEach(this::warn);
    }

    private void warn(Problem problem) {
        listener().warning(MergeProblem.of(problem));
    }

    private void note(String text) {
        listener().note(text);
    }
}
