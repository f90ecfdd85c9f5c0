package jmergekit.hub;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Received;
import jmergekit.fixture.hub.Repository;
import jmergekit.fixture.hub.Repository.Access;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.threads.TransferThreads;
import jmergekit.weights.WeightFolder;

/// A hub on this machine with one model, and clients of it that do not wait but note how long they
/// would have.
final class HubFixture implements AutoCloseable {
    static final String ID = "org/tiny";

    /// Of 4 layers; its weights are far longer than what is read to see their header.
    static final TinyModel MODEL = TinyModel.llama(4, 2000, false, 1);

    final Path folder;
    final HubServer server;
    final Repository repository;
    final Path model;
    final Map<String, String> environment = new HashMap<>();
    final List<Duration> waits = new CopyOnWriteArrayList<>();
    final List<String> notes = new CopyOnWriteArrayList<>();
    final AtomicLong moved = new AtomicLong();
    final Problems problems = new Problems();

    HubFixture(Path folder) {
        this(folder, Access.PUBLIC);
    }

    HubFixture(Path folder, Access access) {
        this.folder = folder;
        this.model = folder.resolve("model");
        MODEL.write(model, "F32");
        this.server = new HubServer(folder);
        this.repository = server.add(ID, access, model);
        environment.put("HF_ENDPOINT", server.endpoint());
        environment.put("HF_HOME", folder.resolve("home").toString());
        // A machine that is busy with other tests is no fault.
        environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "100");
    }

    Path cache() {
        return folder.resolve("home/hub/models--org--tiny");
    }

    Path weights() {
        return model.resolve("model.safetensors");
    }

    Hub hub() {
        return new Hub(
                () -> HubSettings.of(environment, Optional.empty(), folder),
                new TransferThreads(),
                new Listener(),
                waits::add);
    }

    WeightFolder open(Hub hub) {
        return open(hub, Optional.empty());
    }

    WeightFolder open(Hub hub, Optional<String> revision) {
        return hub.open(
                new RepoId(ID),
                revision,
                new DownloadScope(path -> path.endsWith(".json"), true),
                "org/tiny",
                problems);
    }

    /// Uploads the model, and gives the commit's page.
    String upload(UploadTarget target) {
        HubSettings settings = HubSettings.of(environment, Optional.empty(), folder);
        try (ModelUpload upload =
                new ModelUpload(settings, new TransferThreads(), new Listener(), waits::add)) {
            return upload.run(model, target);
        }
    }

    /// Opens the model, downloads its weights, and gives its folder.
    Path download() {
        try (Hub hub = hub()) {
            WeightFolder opened = open(hub);
            opened.header(SafetensorsHeader.FORMAT, "model.safetensors");
            FetchList list = hub.fetchList();
            list.add(List.of(opened.path().resolve("model.safetensors")));
            list.run();
            return opened.path();
        }
    }

    /// The requests for the weights, as `GET RANGE`, with nothing for the whole file.
    List<String> requestsForWeights() {
        List<String> ranges = new ArrayList<>();
        for (Received r : server.receivedByStorage()) {
            ranges.add(r.method() + r.range().map(range -> " " + range).orElse(""));
        }
        return ranges;
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Listener implements TransferProgress {
        @Override
        public void note(String line) {
            notes.add(line);
        }

        @Override
        public void begin(String verb, int files, long bytes) {
            notes.add("%s %d files".formatted(verb, files));
        }

        @Override
        public void moved(long bytes) {
            moved.addAndGet(bytes);
        }

        @Override
        public void end() {}
    }
}
