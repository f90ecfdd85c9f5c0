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

/// The vocabulary of the merged model. It is the vocabulary of one model, with its ids, without the
/// tokens that have no row there, and with new tokens at the end.
///
/// @param source the tokenizer whose files it is based on
/// @param removed tokens that must disappear from its files; some may return as new ones
public record OutputVocabulary(ModelTokenizer source, Vocabulary vocabulary, Set<String> removed) {
    public OutputVocabulary {
        removed = Set.copyOf(removed);
    }

    /// Whether the source's files describe it without changes.
    public boolean isUnchanged() {
        return vocabulary.isSame(source.vocabulary());
    }

    /// Whether a token of the source is missing.
    boolean lacks(String token) {
        return removed.contains(token) && vocabulary.id(token).isEmpty();
    }

    /// One model's vocabulary, with the tokens of `more` that it lacks at the end.
    ///
    /// @param rows ids from this number on are omitted
    /// @throws MergeException if tokens cannot be added to that model's tokenizer
    public static OutputVocabulary of(ModelTokenizer source, long rows, Collection<String> more) {
        Builder builder = new Builder(source, rows);
        builder.addMissing(more);
        return builder.build();
    }

    /// The first model's vocabulary, then the tokens that it lacks: the ordinary tokens of the
    /// others in order of the models and, within one model, by id; then the added tokens of all in
    /// the same order; then `more`. An added token of any model is one here, with the settings of
    /// the first model that has it.
    ///
    /// @param rows for each model, the number of its rows: a token with a larger id is omitted
    ///     unless it is in another model or in `more`
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

        // Existing tokens do not change; see docs/divergences.md#rules-leave-tokens-as-they-are.
        void addMissing(Collection<String> tokens) {
            tokens.stream().filter(t -> !t.isEmpty() && !has(t)).forEach(this::addOrdinary);
        }

        // Readers skip an added token without text.
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
                                "token '%s' cannot be added to its tokenizer, because id %d is in use"
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
