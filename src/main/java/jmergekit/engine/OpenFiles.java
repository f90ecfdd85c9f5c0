package jmergekit.engine;

import java.util.HashMap;
import java.util.Map;
import jmergekit.safetensors.SafetensorsFile;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.safetensors.TensorLocation;
import jmergekit.tensor.TensorView;

/// The input files of a run, each opened and mapped once, at its first use.
final class OpenFiles implements AutoCloseable {
    private final Map<SafetensorsHeader, SafetensorsFile> files = new HashMap<>();

    TensorView view(TensorLocation location) {
        return file(location.header()).view(location.entry());
    }

    private synchronized SafetensorsFile file(SafetensorsHeader header) {
        return files.computeIfAbsent(header, SafetensorsFile::open);
    }

    @Override
    public synchronized void close() {
        files.values().forEach(SafetensorsFile::close);
        files.clear();
    }
}
