package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.threads.AsyncValue;

/// The requested device, opened while the recipe is read.
final class OpenedDevice implements AutoCloseable {
    private final AsyncValue<DeviceOptions.Choice> opening;

    OpenedDevice(DeviceOptions options) {
        this.opening = AsyncValue.start(options::open);
    }

    DeviceOptions.Choice choice() {
        return opening.get();
    }

    /// The failure, with any problem of the device added.
    MergeException with(MergeException failure) {
        if (choice().problem().isEmpty()) {
            return failure;
        }
        List<Problem> problems = new ArrayList<>(failure.problems());
        problems.add(choice().problem().get());
        return new MergeException(problems);
    }

    @Override
    public void close() {
        choice().executor().close();
    }
}
