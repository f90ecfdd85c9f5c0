package jmergekit.torchfile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;
import jmergekit.torchfile.Pickled.Mapping;
import jmergekit.torchfile.Pickled.Text;

/// The dictionary of a training checkpoint that holds the model's tensors: the object itself, the
/// value under one of the names that trainers use, or its only dictionary of tensors.
///
/// @param keys the path to it, joined by dots; empty if it is the object itself
record TensorDictionary(String keys, Mapping tensors) {
    /// In order of preference: averaged weights are the ones intended for use.
    private static final List<String> NAMES =
            List.of("state_dict", "model_state_dict", "model", "module", "params_ema", "params");

    /// More levels than any trainer wraps around a model. An object may contain itself.
    private static final int MOST_LEVELS = 4;

    private static final int SHOWN = 6;

    private static final String SAVE =
            "none of its code was run; load it where you trust its code, and save only the model's"
                    + " state_dict()";

    /// Throws a [MergeException] if there is none, or if several are possible.
    static TensorDictionary find(SavedObject saved) {
        Path file = saved.file();
        Pickled at = saved.root();
        List<String> path = new ArrayList<>();
        for (int level = 0; level <= MOST_LEVELS; level++) {
            if (!(at instanceof Mapping mapping)) {
                throw noDictionary(file, at);
            }
            Optional<String> inner = inner(file, mapping);
            if (inner.isEmpty()) {
                return new TensorDictionary(String.join(".", path), mapping);
            }
            path.add(inner.get());
            at = mapping.find(inner.get()).orElseThrow();
        }
        throw new MergeException(
                Problem.input(file.toString(), "its tensors are nested too deeply")
                        .found("under '" + String.join(".", path) + "'")
                        .hint("save only the model's state_dict()"));
    }

    // Where to continue the search; empty if this is the dictionary.
    private static Optional<String> inner(Path file, Mapping mapping) {
        for (String name : NAMES) {
            if (mapping.find(name).filter(TensorDictionary::holdsTensors).isPresent()) {
                return Optional.of(name);
            }
        }
        if (mapping.holdsOwnTensors()) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        Optional<String> whole = Optional.empty();
        for (int i = 0; i < mapping.size(); i++) {
            if (mapping.key(i) instanceof Text(String key)) {
                Pickled value = mapping.value(i);
                if (value instanceof Mapping m && m.holdsOwnTensors() && !found.contains(key)) {
                    found.add(key);
                }
                if (value instanceof Foreign object && object.isWholeModel()) {
                    whole = Optional.of("%s under '%s'".formatted(object.kind(), key));
                }
            }
            if (found.size() > SHOWN) {
                break;
            }
        }
        if (found.size() == 1) {
            return Optional.of(found.getFirst());
        }
        if (found.isEmpty() && whole.isPresent()) {
            throw new MergeException(
                    Problem.input(file.toString(), "holds a whole model, not its tensors by name")
                            .found(whole.get())
                            .hint(SAVE));
        }
        if (found.size() > 1) {
            throw new MergeException(
                    Problem.input(file.toString(), "holds several dictionaries of tensors")
                            .expected("one, or one called " + quoted(NAMES))
                            .found(quoted(found))
                            .hint("save only the one to merge"));
        }
        return Optional.empty();
    }

    private static boolean holdsTensors(Pickled value) {
        return value instanceof Mapping && value.holdsTensors();
    }

    private static String quoted(List<String> names) {
        return ShortList.of(names.stream().map(n -> "'" + n + "'").toList(), SHOWN);
    }

    private static MergeException noDictionary(Path file, Pickled found) {
        if (found instanceof Foreign object) {
            return new MergeException(
                    Problem.input(file.toString(), "holds a whole model, not its tensors by name")
                            .expected("a dictionary of tensors")
                            .found(object.kind())
                            .hint(SAVE));
        }
        return new MergeException(
                Problem.input(file.toString(), "holds no dictionary of tensors")
                        .found(found.kind())
                        .hint("save only the model's state_dict()"));
    }
}
