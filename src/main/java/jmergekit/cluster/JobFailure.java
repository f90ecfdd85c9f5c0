package jmergekit.cluster;

import java.io.PrintWriter;
import java.io.Serial;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.MergeCancelledException;
import jmergekit.MergeFailedException;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Severity;
import org.jspecify.annotations.Nullable;

/// Why an attempt at a job failed, in serialisable form.
public final class JobFailure extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final String job;
    private final String host;
    private final Fault[] faults;

    /// A [Problem] in serialisable form.
    private record Fault(
            ExitCode code,
            String where,
            String what,
            @Nullable String expected,
            @Nullable String found,
            @Nullable String hint)
            implements Serializable {
        static Fault of(Problem p) {
            return new Fault(p.exitCode(), p.where(), p.what(), p.expected(), p.found(), p.hint());
        }

        Problem problem(String before) {
            return new Problem(
                    Severity.ERROR, code, before + ": " + where, what, expected, found, hint, null);
        }
    }

    private JobFailure(String job, String host, String message, List<Fault> faults) {
        super(message, null, false, false);
        this.job = job;
        this.host = host;
        this.faults = faults.toArray(Fault[]::new);
    }

    /// Runs a job. Its exceptions get the names of the job and of the machine.
    ///
    /// @param host the name of this machine
    public static <R extends Serializable> R orResult(
            Job<R> job, Job.Attempt attempt, String host) {
        try {
            return job.run(attempt);
        } catch (MergeException e) {
            throw of(job.name(), host, e);
        } catch (MergeCancelledException e) {
            throw e;
        } catch (MergeFailedException e) {
            throw e.getCause() instanceof MergeException refused
                    ? of(job.name(), host, refused)
                    : defect(job.name(), host, e);
        } catch (RuntimeException e) {
            throw defect(job.name(), host, e);
        }
    }

    private static JobFailure of(String job, String host, MergeException e) {
        List<Fault> faults =
                e.problems().stream()
                        .filter(p -> p.severity() == Severity.ERROR)
                        .map(Fault::of)
                        .toList();
        return new JobFailure(job, host, String.valueOf(e.getMessage()), faults);
    }

    // A stack trace is the only information.
    private static JobFailure defect(String job, String host, RuntimeException e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return new JobFailure(job, host, trace.toString(), List.of());
    }

    /// The failure in one line, for an attempt that will be repeated.
    public String line() {
        String first = String.valueOf(getMessage()).lines().findFirst().orElse("");
        return "%s failed on %s: %s".formatted(job, host, first);
    }

    /// The exception after the last attempt: a [MergeException], or another one for a defect.
    public RuntimeException last() {
        String before = "%s on %s".formatted(job, host);
        return faults.length == 0
                ? new IllegalStateException(before + ": " + getMessage(), this)
                : new MergeException(Stream.of(faults).map(f -> f.problem(before)).toList());
    }
}
