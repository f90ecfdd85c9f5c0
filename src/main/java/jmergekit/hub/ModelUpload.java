package jmergekit.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.threads.Jobs;
import tools.jackson.databind.JsonNode;

/// Uploads a folder to a repository of the hub, as one commit. Files that reached the hub's storage
/// before an upload was stopped are not sent again by the next one.
public final class ModelUpload implements AutoCloseable {
    private final HubClient client;
    private final Jobs jobs;
    private final TransferProgress progress;

    /// @param jobs runs transfers in parallel
    public ModelUpload(HubSettings settings, Jobs jobs, TransferProgress progress) {
        this(settings, jobs, progress, Thread::sleep);
    }

    ModelUpload(HubSettings settings, Jobs jobs, TransferProgress progress, Retries.Pause pause) {
        this.client = new HubClient(settings, progress, pause);
        this.jobs = jobs;
        this.progress = progress;
    }

    /// Uploads all files of a folder except hidden ones, and returns the page of the commit. The
    /// weights of an earlier model that are not replaced are removed.
    ///
    /// @throws MergeException if the hub refuses the upload
    public String run(Path folder, UploadTarget target) {
        if (client.settings().offline()) {
            throw new MergeException(
                    Problem.usage("HF_HUB_OFFLINE", "nothing can be uploaded while it is set"));
        }
        client.settings().exposed().ifPresent(p -> progress.note("warning: " + p));
        if (!client.hasToken()) {
            throw new MergeException(
                    Problem.usage(
                                    "HF_TOKEN",
                                    "uploading needs an access token with write permission")
                            .hint("set it, or log in with 'hf auth login'"));
        }
        List<UploadFile> files = UploadFile.of(folder);
        try {
            return upload(files, target);
        } catch (MergeException e) {
            throw asOutput(e);
        }
    }

    // For an upload, the hub is the output.
    private static MergeException asOutput(MergeException e) {
        List<Problem> problems =
                e.problems().stream()
                        .map(p ->
                                p.exitCode() != ExitCode.INPUT
                                        ? p
                                        : new Problem(
                                                p.severity(),
                                                ExitCode.OUTPUT,
                                                p.where(),
                                                p.what(),
                                                p.expected(),
                                                p.found(),
                                                p.hint(),
                                                p.location()))
                        .toList();
        return new MergeException(problems);
    }

    private String upload(List<UploadFile> files, UploadTarget target) {
        RepoWriter repository = new RepoWriter(client, target, progress);
        boolean isNew = repository.create();
        if (!target.isMain()) {
            repository.createBranch();
        }
        Map<UploadFile, Boolean> large = repository.areLarge(files);
        Map<UploadFile, String> stored = store(having(files, large, true), target);
        List<String> stale = isNew ? List.of() : repository.staleWeights(files);
        return repository.commit(having(files, large, false), stored, stale);
    }

    private static List<UploadFile> having(
            List<UploadFile> files, Map<UploadFile, Boolean> large, boolean value) {
        return files.stream().filter(f -> Boolean.valueOf(value).equals(large.get(f))).toList();
    }

    /// Uploads large files to the hub's storage, and returns their hashes.
    private Map<UploadFile, String> store(List<UploadFile> files, UploadTarget target) {
        Map<UploadFile, String> hashes = new ConcurrentHashMap<>();
        transfer("hashing", files, file -> hashes.put(file, file.sha256(progress)));
        Map<UploadFile, JsonNode> actions = new LfsBatch(client, target).actions(hashes);
        int known = Set.copyOf(hashes.values()).size() - actions.size();
        if (known > 0) {
            progress.note(known + " file(s) are already in the hub's storage");
        }
        transfer(
                "uploading",
                List.copyOf(actions.keySet()),
                file ->
                        new LfsUpload(
                                        client,
                                        target.where(file),
                                        file,
                                        hashes.get(file),
                                        actions.get(file),
                                        progress)
                                .run());
        return hashes;
    }

    private void transfer(String verb, List<UploadFile> files, Consumer<UploadFile> job) {
        if (files.isEmpty()) {
            return;
        }
        progress.begin(verb, files.size(), files.stream().mapToLong(UploadFile::size).sum());
        try {
            Transfers transfers = new Transfers();
            files.forEach(file -> transfers.add(() -> job.accept(file)));
            transfers.runAll(jobs);
        } finally {
            progress.end();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
