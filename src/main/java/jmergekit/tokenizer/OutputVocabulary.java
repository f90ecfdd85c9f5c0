package jmergekit.tokenizer;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The vocabulary of the merged model. It is some model's, whose ids it keeps, less the tokens that
/// have no row there, and with new tokens at its end.
///
/// @param source whose tokenizer files it is made from
/// @param removed tokens that its files must no longer know of themselves; some may be back as new ones
public record OutputVocabulary(ModelTokenizer source, Vocabulary vocabulary, Set<String> removed) {
    public OutputVocabulary {
        removed = Set.copyOf(removed);
    }

    /// Whether the source's files describe it as they are.
    public boolean isUnchanged() {
        return vocabulary.isSame(source.vocabulary());
    }

    /// Whether a token of the source is gone for good.
    boolean lacks(String token) {
        return removed.contains(token) && vocabulary.id(token).isEmpty();
    }

    /// One model's vocabulary, with the tokens of `more` that it lacks at its end.
    ///
    /// @param rows ids from here on are left out
    /// @throws MergeException if tokens cannot be added to that model's tokenizer
    public static OutputVocabulary of(ModelTokenizer source, long rows, Collection<String> more) {
        Builder builder = new Builder(source, rows);
        builder.addMissing(more);
        return builder.build();
    }

    /// The first model's vocabulary, then what it lacks: the ordinary tokens of the others in order
    /// of the models and, in one model, by id; then the added tokens of all in the same order; then
    /// `more`. What is an added token in any model is one here, with the settings of the first.
    ///
    /// @param rows for each model, the ids from which on it has no rows: such a token is left out
    ///     unless another model has it, or `more`
    public static OutputVocabulary union(
            List<ModelTokenizer> models, long[] rows, Collection<String> more) {
        Builder builder = new Builder(models.getFirst(), rows[0]);
        Set<String> named = Set.copyOf(more);
        Set<String> added = new HashSet<>();
        for (int m = 0; m < models.size(); m++) {
            for (AddedToken token : models.get(m).vocabulary().added()) {
                if (token.id() < rows[m] || named.contains(token.content())) {
                    added.add(token.content());
                }
            }
        }
        for (int m = 1; m < models.size(); m++) {
            Vocabulary vocabulary = models.get(m).vocabulary();
            for (int id = 0; id < vocabulary.size(); id++) {
                String token = vocabulary.token(id).orElse("");
                boolean wanted = id < rows[m] || named.contains(token);
                if (wanted && !token.isEmpty() && !builder.has(token) && !added.contains(token)) {
                    builder.addOrdinary(token);
                }
            }
        }
        for (int m = 1; m < models.size(); m++) {
            for (AddedToken token : models.get(m).vocabulary().added()) {
                if (added.contains(token.content()) || builder.has(token.content())) {
                    builder.addAdded(token);
                }
            }
        }
        builder.addMissing(more);
        return builder.build();
    }

    private static final class Builder {
        private final ModelTokenizer source;
        private final Map<String, Integer> ids = new HashMap<>();
        private final Map<String, AddedToken> added = new HashMap<>();
        private final Set<String> removed = new HashSet<>();
        private final BitSet taken = new BitSet();
        private int next;

        Builder(ModelTokenizer source, long rows) {
            this.source = source;
            source.vocabulary()
                    .ids()
                    .forEach((token, id) -> {
                        if (id < rows) {
                            ids.put(token, id);
                            taken.set(id);
                        } else {
                            removed.add(token);
                        }
                    });
            int end = (int) Math.min(rows, source.vocabulary().size());
            next = source.modelIds().get(0, end).cardinality();
            for (AddedToken token : source.vocabulary().added()) {
                if (token.id() < rows) {
                    added.put(token.content(), token);
                    next = Math.max(next, token.id() + 1);
                }
            }
        }

        boolean has(String token) {
            return ids.containsKey(token);
        }

        void addOrdinary(String token) {
            int id = newId(token);
            ids.put(token, id);
            added.put(token, AddedToken.ordinary(token, id));
        }

        // Tokens that are there stay what they are; see
        // docs/divergences.md#rules-leave-tokens-as-they-are.
        void addMissing(Collection<String> tokens) {
            tokens.stream().filter(t -> !t.isEmpty() && !has(t)).forEach(this::addOrdinary);
        }

        // Readers pass over an added token without text.
        void addAdded(AddedToken token) {
            if (token.content().isEmpty()) {
                return;
            }
            int id = ids.computeIfAbsent(token.content(), this::newId);
            added.putIfAbsent(token.content(), token.withId(id));
        }

        // A reader of tokenizer.json numbers added tokens itself, by this rule.
        private int newId(String token) {
            if (taken.get(next) || next > Vocabulary.MAX_ID) {
                throw new MergeException(
                        Problem.input(
                                source.label(),
                                "token '%s' cannot be added to its tokenizer, as id %d is taken"
                                        .formatted(token, next)));
            }
            taken.set(next);
            return next++;
        }

        OutputVocabulary build() {
            Vocabulary vocabulary = new Vocabulary(ids, List.copyOf(added.values()));
            OutputVocabulary output = new OutputVocabulary(source, vocabulary, removed);
            if (source.format() != ModelTokenizer.Format.JSON && !output.isUnchanged()) {
                throw new MergeException(
                        Problem.input(
                                        source.label(),
                                        "the merged vocabulary differs from its own, and its"
                                                + " tokenizer.model cannot be changed")
                                .hint(ModelTokenizer.SAVE_FAST));
            }
            return output;
        }
    }
}
