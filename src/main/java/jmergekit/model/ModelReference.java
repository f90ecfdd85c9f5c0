package jmergekit.model;

import java.util.Optional;
import java.util.function.Predicate;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// A model as a recipe or a command line names it: a folder or hub path with an optional revision
/// and adapter. `overrideArchitecture` is used in place of the architecture in the config.
public record ModelReference(
        String path,
        Optional<String> revision,
        Optional<AdapterReference> adapter,
        Optional<String> overrideArchitecture) {
    private static final int LONGEST = 4096;
    private static final int SHOWN = 80;

    /// A model without revision, adapter or override; `path` is not parsed.
    public static ModelReference of(String path) {
        return new ModelReference(path, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Reads `path`, `path@revision`, `base+adapter` or `base@revision+adapter@revision`.
    ///
    /// A path for which `exists` holds is never split, so a folder `base+v2` can be named directly;
    /// if several splits are possible, the longest existing model path wins.
    ///
    /// @throws MergeException if a part is empty or the text cannot be split without guessing; its
    ///     problem's `where` is `model reference '...'`, for callers that know the place
    public static ModelReference parse(String text, Predicate<String> exists) {
        return new ReferenceText(text, exists).parse();
    }

    /// The same model, treated as one of `architecture`.
    public ModelReference withOverrideArchitecture(String architecture) {
        return new ModelReference(path, revision, adapter, Optional.of(architecture));
    }

    /// The name of the model's own folder in plans: `path` or `path@revision`.
    public String folderName() {
        return path + revision.map(r -> "@" + r).orElse("");
    }

    /// As written in a recipe: `path`, then `@revision` and `+adapter` if there are any.
    @Override
    public String toString() {
        return path + revision.map(r -> "@" + r).orElse("") + adapter.map(a -> "+" + a).orElse("");
    }

    private record ReferenceText(String text, Predicate<String> exists) {
        ModelReference parse() {
            if (text.isBlank()) {
                throw refused("is empty");
            }
            if (text.length() > LONGEST) {
                String start = text.substring(0, SHOWN);
                throw new ReferenceText(start + "…", exists)
                        .refused("is longer than " + LONGEST + " characters");
            }
            if (exists.test(text)) {
                return of(text);
            }
            int plus = split();
            if (plus < 0) {
                PathAndRevision whole = part(text, "model");
                return new ModelReference(
                        whole.path(), whole.revision(), Optional.empty(), Optional.empty());
            }
            PathAndRevision model = part(text.substring(0, plus), "model");
            PathAndRevision adapter = part(text.substring(plus + 1), "adapter");
            return new ModelReference(
                    model.path(),
                    model.revision(),
                    Optional.of(new AdapterReference(adapter.path(), adapter.revision())),
                    Optional.empty());
        }

        /// Where the `+` between model and adapter is, or -1 if there is no adapter.
        private int split() {
            int first = text.indexOf('+');
            if (first < 0 || existsUpToRevision(text)) {
                return -1;
            }
            int split = first;
            for (int i = text.lastIndexOf('+'); i > first; i = text.lastIndexOf('+', i - 1)) {
                if (existsUpToRevision(text.substring(0, i))) {
                    split = i;
                    break;
                }
            }
            String adapter = text.substring(split + 1);
            if (adapter.indexOf('+') >= 0 && !existsUpToRevision(adapter)) {
                throw refused("has more than one '+' after the parts that exist on disk");
            }
            return split;
        }

        private boolean existsUpToRevision(String part) {
            return exists.test(part) || existingBeforeAt(part) >= 0;
        }

        /// The last `@` after an existing path, or -1. A revision contains no `+`.
        private int existingBeforeAt(String part) {
            for (int i = part.lastIndexOf('@'); i > 0; i = part.lastIndexOf('@', i - 1)) {
                if (part.indexOf('+', i) < 0 && exists.test(part.substring(0, i))) {
                    return i;
                }
            }
            return -1;
        }

        private PathAndRevision part(String part, String role) {
            if (part.isBlank()) {
                throw refused("has an empty " + role + " path");
            }
            if (exists.test(part)) {
                return new PathAndRevision(part, Optional.empty());
            }
            int existing = existingBeforeAt(part);
            int at = existing >= 0 ? existing : part.indexOf('@');
            if (at < 0) {
                return new PathAndRevision(part, Optional.empty());
            }
            if (existing < 0 && part.indexOf('@', at + 1) >= 0) {
                throw refused("has more than one '@' in its " + role + " path");
            }
            if (part.substring(0, at).isBlank()) {
                throw refused("has an empty " + role + " path");
            }
            if (part.substring(at + 1).isBlank()) {
                throw refused("has an empty revision after '@'");
            }
            return new PathAndRevision(part.substring(0, at), Optional.of(part.substring(at + 1)));
        }

        private MergeException refused(String what) {
            return new MergeException(
                    Problem.usage("model reference '" + text + "'", what)
                            .expected("path[@revision][+adapter[@revision]]"));
        }
    }

    private record PathAndRevision(String path, Optional<String> revision) {}
}
