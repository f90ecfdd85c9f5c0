package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.fixture.hub.HubServer;
import jmergekit.fixture.hub.Repository.Access;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models of the hub, whose weights are larger than what is read to see their headers.
class TokensurgeonHubTest {
    private static final String HEADER = "0-131071";

    @TempDir private Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private HubServer server;

    @BeforeEach
    void start() throws IOException {
        server = new HubServer(folder);
        for (String name : List.of("model", "donor")) {
            Path model = folder.resolve("models").resolve(name);
            TinyModel.llama(4, 2000, false, 1).write(model, "F32");
            TinyTokenizer.of(List.of("Ġ", "a", "b", "Ġ" + name)).write(model);
            server.add("org/" + name, Access.PUBLIC, model);
        }
        environment.put("HF_ENDPOINT", server.endpoint());
        environment.put("HF_HOME", folder.resolve("home").toString());
        environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "100");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result run(String... args) {
        Stream<String> all =
                Stream.concat(
                        Stream.of("tokensurgeon", "org/model", "org/donor", "out"),
                        Stream.of(args));
        return Cli.run(folder, environment, all.toArray(String[]::new));
    }

    private List<String> weightRequests() {
        return server.receivedByStorage().stream()
                .map(r -> r.range().orElse("whole"))
                .sorted()
                .toList();
    }

    @Test
    void aPlanReadsHeadersOnly() {
        Cli.Result result = run("-k", "2", "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("3 shared", "1 approximated");
        assertThat(weightRequests()).containsExactly(HEADER, HEADER);
    }

    @Test
    void theDonorsWeightsAreDownloadedOnlyIfTheMethodLooksAtThem() {
        assertThat(run("-a", "mean").code()).isZero();
        assertThat(weightRequests()).containsExactly(HEADER, HEADER, "whole");

        assertThat(run("-k", "2", "--overwrite").code()).isZero();
        assertThat(weightRequests()).endsWith("whole", "whole");
    }
}
