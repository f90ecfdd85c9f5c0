package jmergekit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.hub.Hub;
import jmergekit.hub.HubSettings;
import jmergekit.hub.ModelUpload;
import jmergekit.hub.RepoId;
import jmergekit.hub.UploadTarget;
import jmergekit.model.Adapter;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.model.ModelSources;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Printable;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Leftovers;
import jmergekit.remote.StoreModels;
import jmergekit.threads.TransferThreads;
import jmergekit.weights.WeightFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Uploads a model or an adapter to the hub.
@Command(
        name = "upload",
        description = "Uploads a model or adapter folder to the hub.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class UploadCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "DIR", description = "The folder to upload.")
    private String folder;

    @Parameters(
            index = "1",
            paramLabel = "REPO",
            description = "The repository: ORGANISATION/NAME or USER/NAME.")
    private String repository;

    @Option(
            names = "--private",
            description = "Make the repository private if it does not exist yet.")
    private boolean isPrivate;

    @Option(
            names = "--revision",
            paramLabel = "BRANCH",
            defaultValue = "main",
            description =
                    "The branch to upload to; created if it does not exist yet. Default: "
                            + "${DEFAULT-VALUE}.")
    private String branch;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            defaultValue = "Upload model with jmergekit",
            description = "The commit message. Default: ${DEFAULT-VALUE}.")
    private String message;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    private boolean quiet;

    UploadCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        RepoId id =
                RepoId.of(repository)
                        .filter(r -> r.text().contains("/"))
                        .orElseThrow(() ->
                                new MergeException(
                                        Problem.usage(repository, "not a repository name")
                                                .expected("ORGANISATION/NAME or USER/NAME")));
        UploadTarget target = new UploadTarget(id, isPrivate, branch, message);
        HubSettings settings =
                HubSettings.of(console.environment(), Optional.empty(), console.workingDirectory());
        TransferDisplay display = new TransferDisplay(console, quiet);
        Path model = check(settings, display);
        try (ModelUpload upload = new ModelUpload(settings, new TransferThreads(), display)) {
            console.out().println(Printable.of(upload.run(model, target)));
            console.out().flush();
        }
        return ExitCode.OK.status();
    }

    // A run that was replacing the model may have been killed halfway.
    private void bringBack(Path model) {
        try {
            Leftovers.bringBack(model)
                    .forEach(note -> console.report(Problem.input(folder, note).asWarning()));
        } catch (IOException e) {
            throw new MergeException(Problem.input(folder, "its parent folder cannot be read"), e);
        }
    }

    // An incomplete model on the hub is worse than none.
    private Path check(HubSettings settings, TransferDisplay display) {
        Path model = console.resolve(folder);
        bringBack(model);
        if (!Files.isDirectory(model)) {
            throw new MergeException(Problem.input(folder, "no such folder"));
        }
        Problems problems = new Problems();
        if (Files.exists(model.resolve(Adapter.CONFIG))
                && !Files.exists(model.resolve("config.json"))) {
            Adapter.open(WeightFolder.onDisk(model), folder, problems);
        } else {
            try (ModelSources sources =
                    new ModelSources(
                            new Hub(() -> settings, new TransferThreads(), display),
                            StoreModels.of(console.environment(), console.workingDirectory()))) {
                ModelFolder.open(
                        ModelReference.of(model.toString()),
                        new ModelLocator(console.workingDirectory(), sources),
                        problems);
            }
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return model;
    }
}
