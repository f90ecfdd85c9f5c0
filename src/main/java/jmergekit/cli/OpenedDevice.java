package jmergekit.cli;

import jmergekit.engine.Ahead;

/// What the options say to compute on, opened while the recipe is read.
final class OpenedDevice implements AutoCloseable {
    private final Ahead<DeviceOptions.Choice> opening;

    OpenedDevice(DeviceOptions options) {
        this.opening = Ahead.make(options::open);
    }

    DeviceOptions.Choice choice() {
        return opening.get();
    }

    @Override
    public void close() {
        choice().executor().close();
    }
}
