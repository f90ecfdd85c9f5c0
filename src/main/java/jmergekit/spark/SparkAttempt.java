package jmergekit.spark;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import jmergekit.Cancellation;
import jmergekit.cluster.Job;
import jmergekit.cluster.JobFailure;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskInterruptListener;

/// An attempt at a job, in an executor.
final class SparkAttempt {
    private SparkAttempt() {}

    /// Runs the job on the cores of the task, until Spark no longer needs a result.
    static <R extends Serializable> R run(Job<R> job) {
        TaskContext task = TaskContext.get();
        Cancellation cancellation = new Cancellation();
        TaskInterruptListener stop = (_, _) -> cancellation.cancel();
        task.addTaskInterruptListener(stop);
        return JobFailure.orResult(
                job, new Job.Attempt(task.attemptNumber(), task.cpus(), cancellation), host());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an executor";
        }
    }
}
