package jmergekit.spark;

import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;
import jmergekit.plugin.Plugins;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;
import org.apache.spark.SparkConf;

/// Spark's settings: from the command, from the program's launcher (`spark-submit` uses system
/// properties), from `spark-defaults.conf`, and defaults that suit the jobs.
final class SparkSettings {
    /// JVM options for executors that the launcher knows, separated by blanks.
    private static final String LAUNCHED = "jmergekit.executor.options";

    private static final String CLASS_PATH = "spark.executor.extraClassPath";
    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";
    private static final String EXECUTOR_VARIABLES = "spark.executorEnv.";
    private static final String JVM =
            "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
                    + " -Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider";

    private SparkSettings() {}

    static SparkConf of(String address, Map<String, String> given) {
        SparkConf conf = new SparkConf();
        given.forEach(conf::set);
        defaults(System.getenv())
                .forEach((key, value) -> conf.setIfMissing(text(key), text(value)));
        // Executors load the same plugins, unless the user has set this too.
        Optional.ofNullable(System.getenv(Plugins.VARIABLE))
                .ifPresent(
                        paths -> conf.setIfMissing(EXECUTOR_VARIABLES + Plugins.VARIABLE, paths));
        conf.setMaster(address);
        conf.setIfMissing("spark.app.name", "jmergekit");
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.log.level", "ERROR");
        conf.setIfMissing("spark.locality.wait", "0");
        conf.setIfMissing("spark.scheduler.mode", "FAIR");
        // The default codec is native code, which stays in /tmp when a process is killed.
        conf.setIfMissing("spark.io.compression.codec", "lzf");
        // Ours first: the executors need the program, at the path that it has here.
        conf.set(CLASS_PATH, joined(programPath(), conf.get(CLASS_PATH, "")));
        conf.set(
                JAVA_OPTIONS,
                "%s %s %s"
                        .formatted(
                                JVM, System.getProperty(LAUNCHED, ""), conf.get(JAVA_OPTIONS, ""))
                        .strip());
        return conf;
    }

    private static String joined(String first, String second) {
        return second.isEmpty() ? first : first + System.getProperty("path.separator") + second;
    }

    private static String text(Object value) {
        return String.valueOf(value).strip();
    }

    // spark-submit reads the file itself; a plain JVM does not.
    private static Properties defaults(Map<String, String> environment) {
        Properties properties = new Properties();
        String home = environment.getOrDefault("SPARK_HOME", "");
        Path folder = Path.of(environment.getOrDefault("SPARK_CONF_DIR", home + "/conf"));
        Path file = folder.resolve("spark-defaults.conf");
        if (Files.isRegularFile(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new MergeException(
                        Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
            }
        }
        return properties;
    }

    /// The class path that an executor needs in addition to Spark: the jar, which lists its
    /// libraries, or for a program that was packaged differently the class path of this process.
    static String programPath() {
        CodeSource source = SparkSettings.class.getProtectionDomain().getCodeSource();
        try {
            Path place = Path.of(source.getLocation().toURI());
            return Files.isRegularFile(place) ? place.toString() : classPath();
        } catch (URISyntaxException e) {
            return classPath();
        }
    }

    private static String classPath() {
        String separator = System.getProperty("path.separator");
        String spark = System.getenv().getOrDefault("SPARK_HOME", "no such folder");
        StringJoiner path = new StringJoiner(separator);
        for (String entry : System.getProperty("java.class.path").split(separator)) {
            if (!entry.startsWith(spark) && !entry.contains("slf4j-simple")) {
                path.add(entry);
            }
        }
        return path.toString();
    }
}
