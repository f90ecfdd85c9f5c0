package jmergekit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import jmergekit.engine.BoundPlan;
import jmergekit.hub.FetchList;
import jmergekit.hub.Hub;
import jmergekit.hub.HubSettings;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.output.CopiedJson;
import jmergekit.output.PlanNote;
import jmergekit.output.PlannedOutput;
import jmergekit.output.SideFiles;
import jmergekit.plan.Plan;
import jmergekit.plan.PlanJson;
import jmergekit.planner.OpenedModels;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.WantedExperts;
import jmergekit.plugin.Plugins;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Destinations;
import jmergekit.remote.StoreModels;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.Sharding;
import jmergekit.threads.TransferThreads;
import jmergekit.weights.IoReason;
import jmergekit.weights.LocalPath;

/// A session of opened models. The header of a model is read when the first plan needs it, and
/// kept: further plans, with other parameters, do not read it again. Thread-safe; plans and runs
/// may proceed concurrently.
///
/// Plans do not see changes on disk made after a model was opened; runs refuse changed inputs.
public final class Models implements AutoCloseable {
    private final Path workingDirectory;
    private final Supplier<MergeMethods> methods;
    private final Listener listener;
    private final Hub hub;
    private final ModelSources sources;
    private final ModelLocator locator;
    private final OpenedModels opened = new OpenedModels();

    Models(Path workingDirectory, ModelSettings settings, MergeMethods methods) {
        this(workingDirectory, settings, methods, settings.hubEnvironment());
    }

    private Models(Path workingDirectory, ModelSettings settings, Plugins plugins) {
        this(
                workingDirectory,
                settings,
                plugins::methods,
                settings.hubEnvironment(),
                StoreModels.of(settings.hubEnvironment(), workingDirectory.toAbsolutePath()));
    }

    Models(
            Path workingDirectory,
            ModelSettings settings,
            MergeMethods methods,
            Map<String, String> environment) {
        this(
                workingDirectory,
                settings,
                () -> methods,
                environment,
                StoreModels.of(environment, workingDirectory.toAbsolutePath()));
    }

    Models(
            Path workingDirectory,
            ModelSettings settings,
            Supplier<MergeMethods> methods,
            Map<String, String> environment,
            StoreModels stores) {
        this.workingDirectory = workingDirectory.toAbsolutePath();
        this.methods = methods;
        this.listener = settings.listener();
        this.hub =
                new Hub(
                        () ->
                                HubSettings.of(
                                        environment,
                                        settings.cache().map(Path::toString),
                                        this.workingDirectory),
                        new TransferThreads(),
                        ListenerTransfers.of(listener));
        this.sources = new ModelSources(hub, stores);
        this.locator = new ModelLocator(this.workingDirectory, sources);
    }

    /// Opens a session.
    ///
    /// @param workingDirectory the base of relative paths of models and outputs
    public static Models open(Path workingDirectory) {
        return open(workingDirectory, ModelSettings.defaults());
    }

    /// Opens a session that finds models according to the settings. If their environment has
    /// `JMERGEKIT_PLUGINS`, the merge methods in these jars are loaded for the first plan.
    public static Models open(Path workingDirectory, ModelSettings settings) {
        return new Models(
                workingDirectory,
                settings,
                new Plugins(settings.environment(), workingDirectory.toAbsolutePath()));
    }

    /// Plans a recipe with the default settings.
    ///
    /// @throws MergeFailedException with everything that is wrong with the recipe and its models
    public MergePlan plan(Recipe recipe) {
        return plan(recipe, PlanSettings.defaults());
    }

    /// Plans a recipe from headers alone. For models on the hub, the headers and the small files
    /// are downloaded.
    ///
    /// @throws MergeFailedException with everything that is wrong with the recipe and its models
    public MergePlan plan(Recipe recipe, PlanSettings settings) {
        return MergeFailedException.translate(() -> {
            hub.forgetFailures();
            Problems problems = new Problems();
            FetchList downloads = hub.fetchList();
            PlannedOutput planned = planned(recipe, settings, problems);
            planned.copied().forEach((folder, wanted) -> SideFiles.check(folder, wanted, problems));
            problems.throwIfErrors();
            BoundPlan plan =
                    PlanNote.in(
                            planned.plan(downloads::missing, settings.title()),
                            options(settings),
                            settings.copyTokenizer());
            CopiedJson.check(plan, problems);
            problems.throwIfErrors();
            return new MergePlan(this, plan, warnings(problems));
        });
    }

    private static Sharding sharding(PlanSettings settings) {
        return new Sharding(
                settings.safeSerialization() ? ShardFormat.SAFETENSORS : ShardFormat.PYTORCH,
                settings.shardBytes());
    }

    private PlannedOutput planned(Recipe recipe, PlanSettings settings, Problems problems) {
        return new RecipePlanner(workingDirectory, options(settings), settings, problems)
                .plan(recipe);
    }

    private PlanOptions options(PlanSettings settings) {
        return new PlanOptions(
                locator,
                opened.withoutNested(),
                methods(),
                settings.allowCrimes(),
                sharding(settings),
                settings.seed(),
                WantedExperts.valueOf(settings.expertLayout().toUpperCase(Locale.ROOT)));
    }

    /// Loads a plan that [MergePlan#toJson] wrote, in this process or another. The plan names its
    /// model folders, which are found like the models of a recipe.
    ///
    /// @throws MergeFailedException if the text is not a plan, or its files have changed since it
    ///     was made
    public MergePlan planFromJson(String json) {
        return MergeFailedException.translate(() -> {
            byte[] text = json.getBytes(StandardCharsets.UTF_8);
            return planned(PlanJson.read(text, "plan"));
        });
    }

    /// Loads a plan from a file that [MergePlan#writeJson] wrote.
    ///
    /// @throws MergeFailedException also if the file cannot be read
    public MergePlan readPlan(Path file) {
        return readPlan(file, file.toString());
    }

    /// Loads a plan from a file that [MergePlan#writeJson] wrote.
    ///
    /// @param name what messages call the file
    public MergePlan readPlan(Path file, String name) {
        return MergeFailedException.translate(() -> {
            Path path = LocalPath.of(file.toString(), workingDirectory);
            try (InputStream in = Files.newInputStream(path)) {
                return planned(PlanJson.read(in, name));
            } catch (NoSuchFileException e) {
                throw new MergeException(Problem.input(name, "no such file"), e);
            } catch (IOException e) {
                throw new MergeException(
                        Problem.input(name, "cannot be read: " + IoReason.of(e)), e);
            }
        });
    }

    private MergePlan planned(Plan plan) {
        hub.forgetFailures();
        Problems problems = new Problems();
        BoundPlan bound = new SavedPlan(plan, methods(), locator, problems).bind();
        problems.throwIfErrors();
        return new MergePlan(this, bound, warnings(problems));
    }

    static String json(Plan plan) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        PlanJson.write(plan, json);
        return json.toString(StandardCharsets.UTF_8);
    }

    private static List<MergeProblem> warnings(Problems problems) {
        return problems.warnings().stream().map(MergeProblem::of).toList();
    }

    Path workingDirectory() {
        return workingDirectory;
    }

    Destinations destinations() {
        return sources.stores().destinations();
    }

    MergeMethods methods() {
        return methods.get();
    }

    /// Downloads the files that are not there yet.
    ///
    /// @param run receives the downloads, in addition to the session's listener
    void fetch(Set<Path> files, Listener run) {
        sources.stores().require(files);
        FetchList downloads = hub.fetchList(ListenerTransfers.of(listener, run));
        downloads.add(files);
        downloads.run();
    }

    /// Closes the session. Plans that need nothing from the hub or an object store can still be
    /// run; others throw an [IllegalStateException].
    @Override
    public void close() {
        sources.close();
    }
}
