package jmergekit.spark;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.cluster.JobFailure;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Reports a run that Spark gave up on, instead of Spark's own message.
///
/// @param option the option that gave the cluster
/// @param names the names of the jobs
record TaskFailure(String option, List<String> names) {
    private static final Pattern TASK =
            Pattern.compile("Task (\\d+) in stage \\S+ failed (\\d+) times");
    private static final Pattern NOT_INSTALLED =
            Pattern.compile(
                    "(ClassNotFoundException|NoClassDefFoundError): jmergekit\\S*"
                            + "|UnsupportedClassVersionError: jmergekit[^\\n]*");
    private static final Pattern REASON = Pattern.compile("Reason: ([^\\n]+)");

    RuntimeException of(@Nullable Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof JobFailure job) {
                return job.last();
            }
        }
        String text = failure == null ? "" : String.valueOf(failure.getMessage());
        return new MergeException(problem(text));
    }

    /// Spark stops on its own when no master accepts it, or its last master or executor is gone.
    static Problem stopped(String option) {
        return Problem.output(option, "Spark has given up: its master or its executors are gone")
                .hint("see the logs of the master and the workers, which also need Spark 4.2");
    }

    private Problem problem(String text) {
        Matcher missing = NOT_INSTALLED.matcher(text);
        if (missing.find()) {
            return Problem.usage(option, "the executors do not have jmergekit")
                    .found(missing.group())
                    .hint(
                            "they need Java 25, and jmergekit at the path that it has here: "
                                    + SparkSettings.programPath());
        }
        if (text.contains("stopped SparkContext")) {
            return stopped(option);
        }
        Matcher task = TASK.matcher(text);
        if (task.find()) {
            Matcher reason = REASON.matcher(text);
            return Problem.output(
                            name(Integer.parseInt(task.group(1))),
                            "could not be made in %s attempts".formatted(task.group(2)))
                    .found(reason.find() ? reason.group(1).strip() : firstLine(text))
                    .hint(
                            "see the logs of Spark's executors; spark.executor.memory is the"
                                    + " memory of each");
        }
        return Problem.output(option, "Spark has given up").found(firstLine(text));
    }

    private String name(int task) {
        return task < names.size() ? names.get(task) : "job " + task;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("no reason given");
    }
}
