package jmergekit.safetensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private Checkpoint(WeightFolder folder) {
        this.folder = folder;
    }

    /// Reads the headers of the files that `model.safetensors.index.json` names, or else of
    /// `model.safetensors`, or else of the only file or set of shards. Whatever is wrong is added
    /// to `problems`; the checkpoint then holds what could be read.
    public static Checkpoint open(Path folder, Problems problems) {
        return open(WeightFolder.onDisk(folder), problems);
    }

    /// The same for a folder that may not be all there yet; its index must be, if it has one.
    public static Checkpoint open(WeightFolder folder, Problems problems) {
        Checkpoint checkpoint = new Checkpoint(folder);
        try {
            WeightFiles files = WeightFiles.list(folder);
            if (folder.holds(WeightFiles.INDEX)) {
                Path index = folder.path().resolve(WeightFiles.INDEX);
                checkpoint.readIndexed(files, WeightIndex.read(index), problems);
            } else {
                checkpoint.readUnindexed(files, problems);
            }
        } catch (MergeException e) {
            problems.add(e);
        }
        return checkpoint;
    }

    private void readIndexed(WeightFiles files, WeightIndex index, Problems problems) {
        List<SafetensorsHeader> headers = read(index.shards(folder, problems), problems);
        new IndexCheck(index, headers).report(problems);
        locate(headers, index.weightMap(), problems);
        files.warnOfUnread(new HashSet<>(index.weightMap().values()), problems);
    }

    private void readUnindexed(WeightFiles files, Problems problems) {
        List<String> names = files.withoutIndex(problems);
        locate(read(names, problems), Map.of(), problems);
        if (!names.isEmpty()) {
            files.warnOfUnread(names, problems);
        }
    }

    private List<SafetensorsHeader> read(List<String> names, Problems problems) {
        folder.prepare(names);
        List<SafetensorsHeader> headers = new ArrayList<>();
        for (String name : names) {
            try {
                headers.add(folder.header(name));
            } catch (MergeException e) {
                problems.add(e);
            }
        }
        return headers;
    }

    /// Of a tensor that two files hold, the one in the file that `weightMap` names is taken.
    private void locate(
            List<SafetensorsHeader> headers, Map<String, String> weightMap, Problems problems) {
        Map<String, List<String>> twice = new TreeMap<>();
        for (SafetensorsHeader header : headers) {
            String file = IndexCheck.name(header);
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
                } else if (!IndexCheck.name(before.header()).equals(named)) {
                    twice.computeIfAbsent(
                                    "'%s' and '%s'"
                                            .formatted(IndexCheck.name(before.header()), file),
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

    private void addTensors(List<SafetensorsHeader> headers) {
        for (SafetensorsHeader header : headers) {
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

    /// Each name once, by file name and, within a file, by offset.
    public List<TensorSpec> tensors() {
        return List.copyOf(tensors);
    }

    public Optional<TensorLocation> find(String name) {
        return Optional.ofNullable(locations.get(name));
    }
}
