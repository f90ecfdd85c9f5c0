package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import jmergekit.cli.Main;
import jmergekit.fixture.Cli;

/// Programs of Spark, from the jars of SPARK_HOME or of `target/spark-home`; tests are skipped where
/// neither is there.
///
/// @param folder where they run
/// @param home a SPARK_HOME that they may write to
/// @param more of the environment that they have
record SparkProcesses(Path folder, Path home, Map<String, String> more) {
    private static final List<String> FLAGS =
            List.of(
                    "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:TieredStopAtLevel=1",
                    "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider",
                    "-Dslf4j.internal.verbosity=WARN");

    SparkProcesses(Path folder, Path home) {
        this(folder, home, Map.of());
    }

    static SparkProcesses in(Path folder) throws IOException {
        String set = System.getenv().getOrDefault("SPARK_HOME", "target/spark-home");
        Path jars = Path.of(set).toAbsolutePath().resolve("jars");
        assumeTrue(
                Files.isDirectory(jars),
                "no Apache Spark: scripts/spark-home makes a folder of it");
        Path home = Files.createDirectories(folder.resolve("spark"));
        Files.createSymbolicLink(home.resolve("jars"), jars.toRealPath());
        return new SparkProcesses(folder, home);
    }

    /// A program that runs, and the files that it prints to.
    record Running(Process process, Path out, Path err) implements AutoCloseable {
        Cli.Result result() throws Exception {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(text()).isTrue();
            return new Cli.Result(
                    process.exitValue(), Files.readString(out), Files.readString(err));
        }

        String text() throws IOException {
            return Files.readString(out) + Files.readString(err);
        }

        /// Its executors, of which those of `local-cluster` are its children.
        List<ProcessHandle> executors() {
            return process.descendants()
                    .filter(p -> p.info().command().filter(c -> c.endsWith("java")).isPresent())
                    .toList();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    /// Begins a program that has Spark's classes and ours.
    Running start(Class<?> program, String... args) throws IOException {
        return start(program.getName(), args);
    }

    Running start(String program, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        String path = System.getProperty("java.class.path");
        command.addAll(List.of("-cp", path + ":" + home.resolve("jars") + "/*", program));
        command.addAll(List.of(args));
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_SCALA_VERSION", "2.13");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.putAll(more);
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, err);
    }

    /// Runs `mergekit spark`.
    Cli.Result merge(String... args) throws Exception {
        try (Running running =
                start(
                        Main.class,
                        Stream.concat(Stream.of("spark"), Stream.of(args))
                                .toArray(String[]::new))) {
            return running.result();
        }
    }

    /// Waits until something is so.
    static void await(BooleanSupplier condition, Running running) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(running.text()).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
