package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A plan in a file, shards that are made of it one by one, and the model that they become.
class PartCommandTest {
    private static final String RECIPE =
            """
            merge_method: linear
            base_model: a
            models:
              - {model: a, parameters: {weight: 1}}
              - {model: b, parameters: {weight: 0.5}}
            tokenizer: {source: union}
            dtype: float32
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() throws IOException {
        MergeFolder models = new MergeFolder(folder);
        models.model("a", 8, MergeFolder.plain(8), 0);
        models.model("b", 9, TinyTokenizer.of(List.of("t1", "t0", "u", "v")), 1);
        Files.writeString(folder.resolve("recipe.yml"), RECIPE);
        done("plan", "recipe.yml", "-o", "plan.json", "--out-shard-size=16500", "--name", "whole");
    }

    private Cli.Result run(String... args) {
        return Cli.run(folder, args);
    }

    private String done(String... args) {
        Cli.Result result = run(args);
        assertThat(result.code()).as(result.err()).isZero();
        return result.err();
    }

    private Cli.Result part(String... options) {
        return run(
                Stream.concat(Stream.of("part", "plan.json", "out"), Arrays.stream(options))
                        .toArray(String[]::new));
    }

    private void assertRefused(Cli.Result result, int code, String... words) {
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.err())
                .contains(words)
                .startsWith("error: ")
                .doesNotContain("Exception", "\tat ");
    }

    private void assertPublished() throws IOException {
        done("publish", "plan.json", "out");
        done("yaml", "recipe.yml", "whole", "--out-shard-size=16500", "-q");
        assertThat(folder.resolve("out.partial")).doesNotExist();
        List<String> names = names("out");
        assertThat(names)
                .isEqualTo(names("whole"))
                .contains("model-00003-of-00003.safetensors", "tokenizer.json", "README.md");
        for (String name : names) {
            assertThat(folder.resolve("out").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
        }
    }

    private List<String> names(String inside) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(inside))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void partsMakeTheBytesOfOneRun() throws IOException {
        assertThat(part("--index=1", "--of=2").err())
                .containsPattern("^model-0000\\d-of-00003.safetensors made in \\d");
        assertThat(part("--index=0", "--of=2").code()).isZero();
        assertThat(part("--index=0", "--of=2").err().lines())
                .isNotEmpty()
                .allMatch(line -> line.endsWith("already exists"));

        assertPublished();
    }

    @Test
    void shardsAreNumberedAsTheirFilesAre() throws IOException {
        assertThat(part("--shards=3", "-j1").err()).startsWith("model-00003-of-00003");
        assertThat(names("out.partial"))
                .containsExactly(".jmergekit-run", "model-00003-of-00003.safetensors");
        assertThat(part("--shards", "1-2,3").err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("00001", "made"),
                        line -> assertThat(line).contains("00002", "made"),
                        line -> assertThat(line).contains("00003", "already exists"));

        assertPublished();
    }

    @Test
    void attemptsOfTheSamePartMayWorkAtOnce() throws IOException {
        List<CompletableFuture<Cli.Result>> attempts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            attempts.add(CompletableFuture.supplyAsync(() -> part("--index=0", "--of=1")));
        }

        assertThat(attempts)
                .allSatisfy(
                        a -> assertThat(a.join()).satisfies(r -> assertThat(r.code()).isZero()));
        assertThat(names("out.partial")).hasSize(4);
        assertPublished();
    }

    @Test
    void aPartWithoutShardsIsNoError() {
        Cli.Result result = part("--index=2000000000", "--of=2000000001");

        assertThat(result.code()).isZero();
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "part 2000000000 of 2000000001 is empty, since there are only 3 shards; "
                                + "use a smaller --out-shard-size with mergekit plan to get more");
        assertThat(folder.resolve("out.partial")).doesNotExist();
    }

    @Test
    void whichShardsIsSaidInOneWay() {
        assertRefused(part(), 2, "no shards to make were given");
        assertRefused(part("--index=0"), 2, "--index I --of N");
        assertRefused(part("--of=2"), 2, "--index I --of N");
        assertRefused(part("--of=2", "--index=0", "--shards=1"), 2, "give one of the two");
        assertRefused(part("--of=2", "--index=2"), 2, "no such part", "from 0 to 1", "found 2");
        assertRefused(part("--of=2", "--index=-1"), 2, "no such part", "found -1");
        assertRefused(part("--of=0", "--index=0"), 2, "--of: needs a positive number");
        assertRefused(part("--shards=2-4"), 2, "no such shard", "from 1 to 3", "found 4");
        for (String wrong : List.of("0", "2-1", "1,,2", "a", "1-", "-1", "99999999999", "")) {
            assertRefused(part("--shards=" + wrong), 2, "not a shard number or range");
        }
        assertThat(folder.resolve("out.partial")).doesNotExist();
    }

    @Test
    void optionsOfOneMachineAreChecked() {
        assertRefused(part("--shards=1", "-j0"), 2, "--num-threads: needs a positive number");
        assertRefused(part("--shards=1", "--device=tpu"), 2, "unknown device");
    }

    @Test
    void whatIsMissingOrDamagedIsNamedAndNothingIsPublished() throws IOException {
        assertRefused(
                run("publish", "plan.json", "out"),
                4,
                "shards are missing, 3 of 3",
                "--shards 1-3");
        part("--shards=1,3");
        Path third = folder.resolve("out.partial/model-00003-of-00003.safetensors");
        Files.write(third, Arrays.copyOf(Files.readAllBytes(third), 1000));

        assertRefused(
                run("publish", "plan.json", "out"),
                4,
                "shards are missing, 1 of 3: model-00002-of-00003.safetensors;",
                "shards are damaged, 1 of 3: model-00003-of-00003.safetensors;",
                "make them with 'mergekit part' and --shards 2-3");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(part("--shards=1-3", "-q").err()).isEmpty();
        assertPublished();
    }

    @Test
    void shardsOfAnotherPlanAreRefused() {
        part("--shards=1");
        done("plan", "recipe.yml", "-o", "other.json", "--out-shard-size=1K", "-q");

        assertRefused(run("part", "other.json", "out", "--shards=1"), 4, "belong to another plan");
        assertRefused(run("publish", "other.json", "out"), 4, "belong to another plan");
    }

    @Test
    void anEarlierModelIsReplacedIfTheUserSaysSo() throws IOException {
        done("yaml", "recipe.yml", "out", "-q");

        assertRefused(part("--shards=1"), 4, "give --overwrite");
        done("part", "plan.json", "out", "--shards=1-3", "--overwrite", "--no-sync");
        assertThat(names("out")).contains("model.safetensors");
        assertRefused(run("publish", "plan.json", "out"), 4, "give --overwrite");
        done("publish", "plan.json", "out", "--overwrite", "--no-sync");
        assertThat(names("out")).doesNotContain("model.safetensors");
    }

    @Test
    void toPublishAgainDoesNoHarm() throws IOException {
        part("--shards=1-3");
        done("publish", "plan.json", "out");
        Path config = folder.resolve("out/config.json");
        FileTime published = Files.getLastModifiedTime(config);

        for (String option : List.of("--strict", "--overwrite")) {
            assertThat(done("publish", "plan.json", "out", option)).contains("already exists");
        }
        assertThat(Files.getLastModifiedTime(config)).isEqualTo(published);

        done("plan", "recipe.yml", "-o", "other.json", "--out-shard-size=1K", "-q");
        assertRefused(run("publish", "other.json", "out"), 4, "give --overwrite");
        Files.writeString(config, "{}");
        assertRefused(run("publish", "plan.json", "out"), 4, "give --overwrite");
        Files.delete(config);
        assertRefused(run("publish", "plan.json", "out"), 4, "give --overwrite");
    }

    @Test
    void aPartThatIsKilledIsMadeByTheNextAttempt() throws Exception {
        Path part = folder.resolve("part.log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Killed.class.getName())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(part.toFile())
                        .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(part)).isEqualTo(Killed.CODE);
        assertThat(names("out.partial")).anyMatch(n -> n.contains(".writing-"));

        done("part", "plan.json", "out", "--shards=1-3");

        assertThat(names("out.partial")).hasSize(4);
        assertPublished();
    }

    /// The program: a part that ends in the middle of a shard as if it were killed.
    static final class Killed {
        static final int CODE = 9;

        private Killed() {}

        public static void main(String[] args) throws Exception {
            Thread.ofPlatform().daemon().start(Killed::haltWhenBegun);
            Cli.run(Path.of("").toAbsolutePath(), "part", "plan.json", "out", "--shards=1-3");
        }

        private static void haltWhenBegun() {
            while (true) {
                String[] names = new File("out.partial").list();
                if (names != null && Stream.of(names).anyMatch(n -> n.contains(".writing-"))) {
                    Runtime.getRuntime().halt(CODE);
                }
            }
        }
    }
}
