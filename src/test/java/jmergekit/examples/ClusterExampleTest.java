package jmergekit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The job files make the bytes of one run, as far as that can be seen on one machine.
@DisabledOnOs(OS.WINDOWS)
class ClusterExampleTest {
    private static final Path FILES = Path.of("examples", "cluster").toAbsolutePath();
    private static final String SHARD_SIZE = "--out-shard-size=20K";

    /// Runs the tasks of an array at once and one after the other, as Slurm may.
    private static final String SBATCH =
            """
            #!/usr/bin/env bash
            set -eu
            echo "$*" >> sbatch.log
            tasks=
            while [[ $1 == --* ]]; do
                case $1 in --array=0-*) tasks=$(seq 0 "${1#--array=0-}") ;; esac
                shift
            done
            for task in ${tasks:-none}; do
                SLURM_ARRAY_TASK_ID=$task bash "$@" > "task-$task.log" 2>&1
            done
            echo "7;cluster"
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeInputs() throws IOException {
        Path models = Path.of("examples", "models");
        try (Stream<Path> files = Files.walk(models)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(file);
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Files.copy(Path.of("examples", "ties.yml"), folder.resolve("recipe.yml"));
        program(
                "mergekit",
                """
                #!/usr/bin/env bash
                exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' jmergekit.cli.Main "$@"
                """
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path")));
    }

    private void program(String name, String text) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(bin.resolve(name), text).toFile().setExecutable(true);
    }

    private String run(int code, String... command) throws Exception {
        Path log = folder.resolve("script.log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("MERGEKIT", folder.resolve("bin/mergekit").toString());
        environment.put("JOBS", "2");
        environment.put("HOME", folder.toString());
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(log);
        assertThat(process.exitValue()).as(said).isEqualTo(code);
        return said;
    }

    private void assertMerged(String shardSize) throws IOException {
        Files.move(folder.resolve("merged"), folder.resolve("parts"));
        assertThat(Cli.run(folder, "yaml", "recipe.yml", "merged", "-q", shardSize).code())
                .isZero();
        try (Stream<Path> files = Files.list(folder.resolve("merged"))) {
            List<Path> whole = files.toList();
            assertThat(folder.resolve("parts").toFile().list()).hasSameSizeAs(whole);
            assertThat(whole)
                    .allSatisfy(file ->
                            assertThat(folder.resolve("parts").resolve(file.getFileName()))
                                    .hasSameBinaryContentAs(file));
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Test
    @Tag("cluster")
    void partsRunByGnuParallel() throws Exception {
        assumeThat(isInstalled("parallel")).as("GNU parallel is installed").isTrue();
        String script = FILES.resolve("parallel.sh").toString();

        assertThat(run(2, script, "recipe.yml")).startsWith("usage: ");
        String said = run(0, script, "recipe.yml", "merged", "3");

        assertThat(said).contains("0\tmodel.safetensors made in", "part 2 of 3 has no shards");
        assertMerged("--out-shard-size=5B");
    }

    @Test
    @Tag("cluster")
    void aPartThatFailsUnderGnuParallelKeepsTheModelFromBeingPublished() throws Exception {
        assumeThat(isInstalled("parallel")).as("GNU parallel is installed").isTrue();
        program(
                "mergekit-once",
                """
                #!/usr/bin/env bash
                [[ $1 != part ]] || exit 4
                exec bin/mergekit "$@"
                """);

        run(
                2,
                "env",
                "MERGEKIT=" + folder.resolve("bin/mergekit-once"),
                FILES.resolve("parallel.sh").toString(),
                "recipe.yml",
                "merged",
                "2");

        assertThat(folder.resolve("merged")).doesNotExist();
    }

    @Test
    @Tag("cluster")
    void partsRunByAnArrayJob() throws Exception {
        program("sbatch", SBATCH);
        String script = FILES.resolve("slurm.sh").toString();

        assertThat(run(2, script, "recipe.yml", "merged")).startsWith("usage: ");
        assertThat(run(0, script, "recipe.yml", "merged", "3", SHARD_SIZE))
                .contains("3 part(s): ", "parts: job 7, publish: job 7");

        assertThat(Files.readAllLines(folder.resolve("sbatch.log")))
                .satisfiesExactly(
                        job -> assertThat(job).contains("--array=0-2 ").endsWith(" 3"),
                        job -> assertThat(job).contains("--dependency=afterok:7 "));
        assertThat(folder.resolve("task-2.log")).content().contains("made in");
        assertMerged(SHARD_SIZE);
    }

    /// What the containers of the Jobs are given, in the order of the file.
    private List<List<String>> arguments() throws IOException {
        List<List<String>> all = new ArrayList<>();
        String text = Files.readString(FILES.resolve("kubernetes.yaml"));
        for (Object job : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            Object container = at(job, "spec", "template", "spec", "containers", 0);
            assertThat(at(container, "workingDir"))
                    .isEqualTo(at(container, "volumeMounts", 0, "mountPath"));
            List<?> arguments = (List<?>) at(container, "args");
            all.add(arguments.stream().map(String.class::cast).toList());
            if (arguments.contains("--of")) {
                assertThat(arguments.getLast()).isEqualTo("" + at(job, "spec", "completions"));
            }
        }
        return all;
    }

    private static Object at(Object node, Object... keys) {
        Object found = node;
        for (Object key : keys) {
            found =
                    found instanceof List<?> list
                            ? list.get((int) key)
                            : ((Map<?, ?>) found).get(key);
        }
        return found;
    }

    @Test
    void partsRunByAnIndexedJob() throws IOException {
        List<List<String>> jobs = arguments();
        assertThat(jobs).hasSize(3);
        run(jobs.getFirst());
        for (int index = 0; index < 64; index += 21) {
            String number = "" + index;
            run(
                    jobs.get(1).stream()
                            .map(a -> a.equals("$(JOB_COMPLETION_INDEX)") ? number : a)
                            .toList());
        }
        run(jobs.getLast());

        assertMerged("--out-shard-size=5B");
    }

    private void run(List<String> arguments) {
        Cli.Result result = Cli.run(folder, arguments.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
    }
}
