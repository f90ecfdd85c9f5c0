package jmergekit.torchfile;

import java.nio.file.Path;
import java.util.Map;

/// What a checkpoint holds: the object that was saved, and where its storages begin in the file, by
/// key. Each storage is whole.
record SavedObject(Path file, Pickled root, Map<String, Long> storageBegins) {}
