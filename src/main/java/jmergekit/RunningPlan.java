package jmergekit;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.InputFiles;
import jmergekit.engine.PartRun;
import jmergekit.engine.PlanRun;
import jmergekit.engine.Review;
import jmergekit.engine.RunThreads;
import jmergekit.output.NumberReview;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Executor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Destination;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartialOutput;
import jmergekit.publish.RunRecord;
import jmergekit.report.ReportReview;
import jmergekit.report.StageTimes;
import jmergekit.s3.ObjectPath;
import jmergekit.shards.ShardLayout;
import jmergekit.weights.LocalPath;

/// One run of a plan. The output's place and the device, which may have to be refused, are checked
/// before inputs are downloaded.
///
/// @param complete downloads what the plan reads, and returns the plan with its computed values
record RunningPlan(
        Models models, BoundPlan planned, RunSettings settings, Supplier<BoundPlan> complete) {
    private Listener listener() {
        return settings.listener();
    }

    private Destination destination(Path output) {
        return models.destinations()
                .of(
                        output.toString(),
                        () -> LocalPath.of(output.toString(), models.workingDirectory()),
                        settings.overwrite(),
                        settings.sync());
    }

    private List<String> shards() {
        return planned.plan().shards().shards().stream().map(ShardLayout.Shard::fileName).toList();
    }

    private PlanRun run(BoundPlan plan, Executor executor) {
        return new PlanRun(
                plan,
                models.methods(),
                threads(),
                executor,
                new ListenerProgress(listener()),
                settings.cancellation().inner());
    }

    private void announce(List<TensorTask> tasks) {
        listener().merging(tasks.size(), tasks.stream().mapToLong(t -> t.output().bytes()).sum());
    }

    void write(Path output) {
        try (Destination destination = destination(output)) {
            write(destination);
        }
    }

    private void write(Destination destination) {
        OutputPlace place = destination.place();
        List<String> tidied = new ArrayList<>(place.tidy());
        try {
            check(destination);
            // What becomes of the partial output is reported below.
            tidied.remove(place.partialOutput().whereabouts());
        } finally {
            tidied.forEach(this::note);
        }
        NumberReview numbers = new NumberReview(settings.strict());
        StageTimes times = new StageTimes(System.nanoTime());
        try (Executor executor = Devices.open(settings.device())) {
            BoundPlan plan = complete.get();
            times.ended("downloads, gates");
            RunRecord record = FolderRun.record(plan);
            earlierProblem(place, record).ifPresent(RunningPlan::refuse);
            if (!settings.resume()) {
                place.partialOutput().text(record).ifPresent(this::note);
            }
            destination.begin(record, plan.plan().shards(), settings.resume());
            try (OutputFolder folder = OutputFolder.create(place, record, settings.resume())) {
                folder.notes().forEach(this::note);
                announce(FolderRun.left(plan.plan(), folder));
                Review review =
                        settings.report()
                                ? report(plan, place, folder, numbers, executor, times)
                                : numbers;
                new FolderRun(plan, run(plan, executor)).write(folder, review);
                folder.notes().forEach(this::note);
            }
            destination.deliver();
        }
        numbers.notes().forEach(this::note);
        numbers.warnings().forEach(this::warn);
    }

    private Review report(
            BoundPlan plan,
            OutputPlace place,
            OutputFolder folder,
            NumberReview numbers,
            Executor executor,
            StageTimes times) {
        return new ReportReview(
                numbers,
                plan,
                folder.partial(),
                String.valueOf(place.target().getFileName()),
                models.methods(),
                threads(),
                executor,
                times);
    }

    private RunThreads threads() {
        return new RunThreads(settings.threads(), settings.readThreads());
    }

    boolean publish(Path output) {
        try (Destination destination = destination(output)) {
            return publish(destination);
        }
    }

    private boolean publish(Destination destination) {
        OutputPlace place = destination.place();
        List<String> tidied = new ArrayList<>(place.tidy());
        tidied.remove(place.partialOutput().whereabouts());
        tidied.forEach(this::note);
        if (isPublished(destination)) {
            return false;
        }
        Problems problems = new Problems();
        place.check(models.workingDirectory(), problems);
        destination.check(new ArrayList<>(planned.inputs().folders().values()), 0, problems);
        problems.throwIfErrors();
        BoundPlan plan = planned.plan().missing().isEmpty() ? planned : complete.get();
        models.fetch(plan.copiedFiles(), listener());
        RunRecord record = PartRun.record(plan);
        ShardLayout layout = plan.plan().shards();
        destination.collect(record, layout);
        PartialOutput made = place.partialOutput();
        made.publishProblem(record, layout, destination.shards()).ifPresent(RunningPlan::refuse);
        NumberReview numbers = new NumberReview(settings.strict());
        try (Executor executor = Devices.open("cpu");
                OutputFolder folder = OutputFolder.create(place, record, true)) {
            new FolderRun(plan, run(plan, executor)).publish(folder, numbers, destination.shards());
            folder.notes().forEach(this::note);
            destination.deliver();
        }
        numbers.notes().forEach(this::note);
        numbers.warnings().forEach(this::warn);
        return true;
    }

    // A scheduler that lost track of a job may start the publication again.
    private boolean isPublished(Destination destination) {
        String hash = planned.plan().hash();
        return planned.plan().cards().stream()
                .filter(card -> card.name().endsWith(".plan.json") && card.text().contains(hash))
                .anyMatch(card ->
                        destination.holds(
                                card.name(), card.text().getBytes(StandardCharsets.UTF_8)));
    }

    private void check(Destination destination) {
        OutputPlace place = destination.place();
        Problems problems = new Problems();
        if (settings.report() && ObjectPath.isMeant(destination.name())) {
            problems.add(
                    Problem.usage(destination.name(), "a report needs an output on this machine"));
        }
        place.check(models.workingDirectory(), problems);
        destination.check(settings.resume(), problems);
        List<Path> read = new ArrayList<>(planned.inputs().folders().values());
        destination.check(read, localBytes(destination), problems);
        if (planned.plan().missing().isEmpty()) {
            earlierProblem(place, PartRun.record(planned)).ifPresent(problems::add);
        }
        problems.throwIfErrors();
    }

    private long localBytes(Destination destination) {
        return destination.localBytes(
                planned.plan().shards(), planned.plan().outputBytes(), settings.threads());
    }

    private Optional<Problem> earlierProblem(OutputPlace place, RunRecord record) {
        PartialOutput earlier = place.partialOutput();
        return earlier.exists() ? earlier.problem(record, settings.resume()) : Optional.empty();
    }

    private static void refuse(Problem problem) {
        throw new MergeException(problem);
    }

    boolean makePart(String shard, Path output) {
        try (Destination destination = destination(output)) {
            return makePart(shard, destination);
        }
    }

    private boolean makePart(String shard, Destination destination) {
        OutputPlace place = destination.place();
        Problems problems = new Problems();
        place.check(models.workingDirectory(), problems);
        problems.throwIfErrors();
        try (Executor executor = Devices.open(settings.device())) {
            BoundPlan plan = ofShard(shard);
            destination.join(PartRun.record(plan), plan.plan().shards(), List.of(shard));
            announce(plan.plan().tasksByFile().get(shard));
            Set<Path> read = PartRun.files(plan, models.methods(), shard);
            return new PartRun(plan, run(plan, executor), shard, read).make(place);
        }
    }

    // The gates of a mixture may be computed from any of its files.
    private BoundPlan ofShard(String shard) {
        if (!planned.plan().missing().isEmpty()) {
            return complete.get();
        }
        settings.cancellation().inner().check();
        models.fetch(PartRun.files(planned, models.methods(), shard), listener());
        return planned;
    }

    void make(TensorSink sink) {
        List<String> all = shards();
        try (Executor executor = Devices.open(settings.device())) {
            BoundPlan plan = complete.get();
            InputFiles used = InputFiles.of(plan.inputs().states(), plan.weightFiles(), List.of());
            used.check();
            announce(plan.plan().tasks());
            PlanRun run = run(plan, executor);
            run.make(all, sink, RunningPlan::scratch, used::check);
            used.check();
            NumberReview numbers = new NumberReview(settings.strict());
            numbers.files(run.findings(), List.of());
            numbers.notes().forEach(this::note);
            numbers.warnings().forEach(this::warn);
        } finally {
            sink.close();
        }
    }

    /// All tensors, in the order of the plan.
    ///
    /// @param arenas supplies the arena of each tensor
    Map<String, Tensor> tensors(Supplier<Arena> arenas) {
        Map<String, Tensor> made = new HashMap<>();
        make(TensorSink.keeping(planned.plan(), arenas, t -> made.put(t.name(), t)));
        Map<String, Tensor> inOrder = new LinkedHashMap<>();
        for (TensorTask task : planned.plan().tasks()) {
            String name = task.output().name();
            inOrder.put(name, made.get(name));
        }
        return inOrder;
    }

    private static Path scratch() {
        return Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("jmergekit-inner-" + UUID.randomUUID());
    }

    private void warn(Problem problem) {
        listener().warning(MergeProblem.of(problem));
    }

    private void note(String text) {
        listener().note(text);
    }
}
