package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.threads.AsyncValue;

/// What the options say to compute on, opened while the recipe is read.
final class OpenedDevice implements AutoCloseable {
    private final AsyncValue<DeviceOptions.Choice> opening;

    OpenedDevice(DeviceOptions options) {
        this.opening = AsyncValue.start(options::open);
    }

    DeviceOptions.Choice choice() {
        return opening.get();
    }

    /// A failure, with what is wrong with the device as well.
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
