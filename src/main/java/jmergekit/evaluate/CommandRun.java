package jmergekit.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.Cancellation;
import jmergekit.weights.IoReason;

/// Runs a command until it ends.
///
/// @param timeout after which it fails
/// @param cancellation stops it
record CommandRun(
        CommandTemplate.Command command,
        OptionalInt gpu,
        Optional<Duration> timeout,
        Cancellation cancellation) {
    private static final int LINES = 12;
    private static final int NOT_FOUND = 127;

    /// @param log the file for its output
    /// @return the end of its standard output
    /// @throws EvaluationException if it fails
    String run(Path log) throws EvaluationException {
        try (LogFile file = LogFile.create(log)) {
            return run(file);
        } catch (IOException e) {
            throw new EvaluationException(
                    "cannot write the log %s: %s".formatted(log, IoReason.of(e)), e);
        }
    }

    String run(LogFile log) throws EvaluationException {
        Stop stop = Stop.of(timeout, cancellation);
        try (ChildProcess process = ChildProcess.start(command, gpu, log)) {
            while (process.isAlive()) {
                process.follow();
                stop.check(log);
            }
            process.finish();
            int status = process.status();
            if (status != 0) {
                String reason = status == NOT_FOUND ? " (program not found)" : "";
                throw new EvaluationException(
                        "the command ended with status " + status + reason + log.end(LINES));
            }
            return process.outputText();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluationException("interrupted", e);
        }
    }
}
