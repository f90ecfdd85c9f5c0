package jmergekit.torchfile;

import java.nio.file.Path;
import java.util.Map;

/// The content of a checkpoint: the object that was saved, and the offsets of its storages in the
/// file, by key. Each storage is complete.
record SavedObject(Path file, Pickled root, Map<String, Long> storageBegins) {}
