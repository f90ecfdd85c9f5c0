package jmergekit.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;

/// The tensors of a model folder, from the headers of its weight files.
public final class Checkpoint {
    private final WeightFolder folder;
    private final List<TensorSpec> tensors = new ArrayList<>();
    private final Map<String, TensorLocation> locations = new HashMap<>();

    private final Map<WeightHeader, String> digests = new IdentityHashMap<>();

    private boolean inFiles = true;

    private Checkpoint(WeightFolder folder) {
        this.folder = folder;
    }

    /// Whether the tensors are stored in files, not only planned.
    public boolean isInFiles() {
        return inFiles;
    }

    /// The tensors of one header, for a model that is not in any file.
    public static Checkpoint of(Path folder, WeightHeader header) {
        Checkpoint checkpoint = new Checkpoint(WeightFolder.empty(folder));
        for (TensorEntry entry : header.entries()) {
            checkpoint.locations.put(entry.spec().name(), new TensorLocation(header, entry));
        }
        checkpoint.addTensors(List.of(header));
        checkpoint.inFiles = false;
        return checkpoint;
    }

    /// The same for a folder whose files are all on disk.
    public static Checkpoint open(Path folder, List<WeightFormat> formats, Problems problems) {
        return open(WeightFolder.onDisk(folder), formats, problems);
    }

    /// Reads the headers of the files that an index (`model.safetensors.index.json`) names. Without
    /// an index, it reads the one file (`model.safetensors`), or the only file or set of shards. It
    /// uses the first of `formats` of which the folder has files or an index. All errors are added
    /// to `problems`; the checkpoint then holds what could be read.
    ///
    /// @param folder may be incomplete; if it has an index, that must exist
    public static Checkpoint open(
            WeightFolder folder, List<WeightFormat> formats, Problems problems) {
        Checkpoint checkpoint = new Checkpoint(folder);
        try {
            WeightFiles files = WeightFiles.list(folder, formats);
            WeightFormat format = files.format();
            if (folder.holds(format.index())) {
                Path index = folder.path().resolve(format.index());
                checkpoint.readIndexed(files, WeightIndex.read(index, format.suffix()), problems);
            } else {
                checkpoint.readUnindexed(files, problems);
            }
        } catch (MergeException e) {
            problems.add(e);
        }
        return checkpoint;
    }

    private void readIndexed(WeightFiles files, WeightIndex index, Problems problems) {
        List<WeightHeader> headers = read(files.format(), index.shards(folder, problems), problems);
        new IndexCheck(index, headers).report(problems);
        locate(headers, index.weightMap(), problems);
        files.warnOfUnread(new HashSet<>(index.weightMap().values()), problems);
    }

    private void readUnindexed(WeightFiles files, Problems problems) {
        List<String> names = files.withoutIndex(problems);
        locate(read(files.format(), names, problems), Map.of(), problems);
        if (!names.isEmpty()) {
            files.warnOfUnread(names, problems);
        }
    }

    private List<WeightHeader> read(WeightFormat format, List<String> names, Problems problems) {
        folder.prepare(format, names);
        List<WeightHeader> headers = new ArrayList<>();
        for (String name : names) {
            try {
                headers.add(folder.header(format, name));
            } catch (MergeException e) {
                problems.add(e);
            }
        }
        return headers;
    }

    /// If two files hold the same tensor, the file in `weightMap` counts.
    private void locate(
            List<WeightHeader> headers, Map<String, String> weightMap, Problems problems) {
        Map<String, List<String>> twice = new TreeMap<>();
        for (WeightHeader header : headers) {
            String file = header.fileName();
            for (TensorEntry entry : header.entries()) {
                String name = entry.spec().name();
                TensorLocation here = new TensorLocation(header, entry);
                TensorLocation before = locations.putIfAbsent(name, here);
                if (before == null) {
                    continue;
                }
                String named = weightMap.get(name);
                if (file.equals(named)) {
                    locations.put(name, here);
                } else if (!before.header().fileName().equals(named)) {
                    twice.computeIfAbsent(
                                    "'%s' and '%s'".formatted(before.header().fileName(), file),
                                    _ -> new ArrayList<>())
                            .add(name);
                }
            }
        }
        twice.forEach((files, names) ->
                problems.add(
                        Problem.input(
                                folder.path().toString(),
                                "%s hold the same %s".formatted(files, Names.tensors(names)))));
        addTensors(headers);
    }

    private void addTensors(List<WeightHeader> headers) {
        for (WeightHeader header : headers) {
            for (TensorEntry entry : header.entries()) {
                if (locations.get(entry.spec().name()).entry() == entry) {
                    tensors.add(entry.spec());
                }
            }
        }
    }

    public Path folder() {
        return folder.path();
    }

    /// The states of the folder's files before any of them was read.
    public FolderState state() {
        return folder.state();
    }

    /// Each name once, by file name and, within a file, by offset.
    public List<TensorSpec> tensors() {
        return List.copyOf(tensors);
    }

    /// The headers of the files that hold its tensors, in the order of the tensors.
    public List<WeightHeader> headers() {
        Set<WeightHeader> headers = Collections.newSetFromMap(new IdentityHashMap<>());
        return tensors.stream()
                .map(t -> locations.get(t.name()).header())
                .filter(headers::add)
                .toList();
    }

    /// The cached [WeightHeader#digest] of one of its headers.
    public String digest(WeightHeader header) {
        synchronized (digests) {
            return digests.computeIfAbsent(header, WeightHeader::digest);
        }
    }

    /// Whether the file of that header holds a tensor of the checkpoint.
    public boolean holds(WeightHeader header) {
        return locations.values().stream().anyMatch(l -> l.header() == header);
    }

    public Optional<TensorLocation> find(String name) {
        return Optional.ofNullable(locations.get(name));
    }
}
