package jmergekit.remote;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import jmergekit.problem.ByteSize;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;

/// Selects the objects of a model that are fetched when it is opened: files that a plan reads
/// other than the weights, and files that may be copied to the output. Fetching them all is faster
/// than finding out which are needed.
final class SmallFiles {
    private static final Pattern COMPANION =
            Pattern.compile(".+\\.(json|txt|model|jinja|py|tiktoken|spm|vocab|bpe)");
    private static final Pattern LEGAL = Pattern.compile("(license|notice|use_policy).*");
    private static final Pattern OF_TRAINING =
            Pattern.compile("(trainer_state|(all|train|eval)_results|.*\\.plan)\\.json");

    /// Chat templates, and the parts of a sentence encoder, such as `1_Pooling`, with their weights.
    private static final Pattern IN_FOLDER =
            Pattern.compile(
                    "additional_chat_templates/[^/]+\\.(jinja|json|txt)"
                            + "|[0-9]{1,2}_[A-Za-z0-9]+/[^/]+\\.(json|txt|safetensors|bin)");

    /// Far larger than any tokenizer.
    private static final long MOST_BYTES = 256 << 20;

    private static final long MOST_BYTES_TOGETHER = 1 << 30;
    private static final int MOST_FILES = 1000;

    private SmallFiles() {}

    /// @param found objects of one model
    /// @throws MergeException if there are too many for one model
    static List<ObjectStore.Found> of(ObjectPath model, List<ObjectStore.Found> found) {
        List<ObjectStore.Found> small =
                found.stream().filter(f -> f.size() <= MOST_BYTES && isSmall(f.name())).toList();
        long bytes = small.stream().mapToLong(ObjectStore.Found::size).sum();
        if (small.size() > MOST_FILES || bytes > MOST_BYTES_TOGETHER) {
            throw new MergeException(
                    Problem.input(
                                    model.toString(),
                                    "holds too many files other than weights for one model")
                            .expected(
                                    "at most %d files of %s together"
                                            .formatted(
                                                    MOST_FILES, ByteSize.text(MOST_BYTES_TOGETHER)))
                            .found("%d files of %s".formatted(small.size(), ByteSize.text(bytes)))
                            .hint("name the folder of one model"));
        }
        return small;
    }

    private static boolean isSmall(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        if (name.indexOf('/') >= 0) {
            return IN_FOLDER.matcher(name).matches();
        }
        return !OF_TRAINING.matcher(name).matches()
                && (COMPANION.matcher(name).matches() || LEGAL.matcher(name).matches());
    }
}
