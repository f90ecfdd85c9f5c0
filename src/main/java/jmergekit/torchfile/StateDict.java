package jmergekit.torchfile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.Shape;
import jmergekit.tensor.Strides;
import jmergekit.tensor.TensorSpec;
import jmergekit.torchfile.Pickled.Mapping;
import jmergekit.torchfile.Pickled.Tensor;
import jmergekit.torchfile.Pickled.Text;
import jmergekit.weights.TensorEntry;

/// The tensors in a dictionary of a saved object, by name. Other values are skipped.
final class StateDict {
    private static final String NESTED = "state_dict";

    /// Cannot be a tensor's name in the output: safetensors uses it for metadata.
    private static final String METADATA = "__metadata__";

    private final SavedObject saved;
    private final List<String> leftAside = new ArrayList<>();

    private StateDict(SavedObject saved) {
        this.saved = saved;
    }

    /// The tensors of a model's weights: the object itself is a dictionary of them, or contains one
    /// under `state_dict`, as in training checkpoints. Throws a [MergeException] for any other
    /// object, and for a tensor that exceeds its storage.
    static TorchHeader weights(SavedObject saved, long fileSize) {
        StateDict dict = new StateDict(saved);
        return dict.header(fileSize, "", dict.mapping());
    }

    /// The tensors of a training checkpoint in any of the forms that [TensorDictionary] finds.
    static TorchHeader training(SavedObject saved, long fileSize) {
        TensorDictionary found = TensorDictionary.find(saved);
        return new StateDict(saved).header(fileSize, found.keys(), found.tensors());
    }

    private TorchHeader header(long fileSize, String keys, Mapping tensors) {
        List<TensorEntry> entries = entries(tensors);
        return new TorchHeader(saved.file(), fileSize, entries, keys, leftAside);
    }

    /// By offset.
    private List<TensorEntry> entries(Mapping tensors) {
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            Pickled value = tensors.value(i);
            if (value instanceof Tensor tensor) {
                TensorEntry entry = entry(name(tensors.key(i)), tensor);
                entries.put(entry.spec().name(), entry);
            } else if (value instanceof Foreign object) {
                passOver(tensors.key(i), object);
            } else if (value.holdsTensors()) {
                throw nested(tensors.key(i), value);
            }
        }
        List<TensorEntry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(TensorEntry::begin));
        return sorted;
    }

    // An object of an unknown class that contains a tensor must not disappear from a model.
    private void passOver(Pickled key, Foreign object) {
        String shown = key instanceof Text(String name) ? "'" + name + "'" : key.kind();
        if (object.holdsTensors() || object.isOfTorch()) {
            throw new MergeException(
                    Problem.input(
                                    saved.file().toString(),
                                    "has %s under %s, where a tensor should be"
                                            .formatted(object.kind(), shown))
                            .hint("save it as a plain tensor"));
        }
        leftAside.add("%s, %s".formatted(shown, object.kind()));
    }

    private Mapping mapping() {
        if (!(saved.root() instanceof Mapping root)) {
            throw refused("holds %s, not a dictionary of tensors".formatted(saved.root().kind()));
        }
        return root.find(NESTED).orElse(root) instanceof Mapping nested ? nested : root;
    }

    private String name(Pickled key) {
        if (key instanceof Text(String name) && !name.equals(METADATA)) {
            return name;
        }
        throw refused(
                "has a tensor under %s, which is not a valid name"
                        .formatted(key instanceof Text ? "'" + METADATA + "'" : key.kind()));
    }

    private MergeException nested(Pickled key, Pickled value) {
        String shown = key instanceof Text(String name) ? "'" + name + "'" : key.kind();
        return new MergeException(
                Problem.input(
                                saved.file().toString(),
                                "has %s of tensors under %s, where a tensor should be"
                                        .formatted(value.kind(), shown))
                        .hint("save the model's own state dict"));
    }

    private TensorEntry entry(String name, Tensor tensor) {
        TensorSpec spec;
        long storageBytes = tensor.storage().bytes();
        long span;
        long begin;
        Strides strides = new Strides(tensor.steps());
        try {
            spec = new TensorSpec(name, tensor.dtype(), new Shape(tensor.sizes()));
            span = Math.multiplyExact(strides.span(spec.shape()), (long) tensor.dtype().bytes());
            begin = Math.multiplyExact(tensor.offset(), (long) tensor.dtype().bytes());
        } catch (ArithmeticException _) {
            throw refused(
                    "tensor '%s': shape %s of %s is larger than any file"
                            .formatted(name, tensor.sizes(), tensor.dtype()));
        }
        if (spec.bytes() > 0 && (begin > storageBytes || span > storageBytes - begin)) {
            throw new MergeException(
                    Problem.input(
                                    saved.file().toString(),
                                    "tensor '%s': shape %s with strides %s from element %d on needs"
                                                    .formatted(
                                                            name,
                                                            tensor.sizes(),
                                                            tensor.steps(),
                                                            tensor.offset())
                                            + " more than the %d bytes of storage '%s'"
                                                    .formatted(
                                                            storageBytes, tensor.storage().key()))
                            .hint("the file is damaged: download or copy it again"));
        }
        long storageAt = saved.storageBegins().get(tensor.storage().key());
        if (strides.areRowMajor(spec.shape())) {
            return new TensorEntry(spec, spec.bytes() > 0 ? storageAt + begin : storageAt);
        }
        return new TensorEntry(spec, storageAt + begin, Optional.of(strides));
    }

    private MergeException refused(String what) {
        return new MergeException(Problem.input(saved.file().toString(), what));
    }
}
