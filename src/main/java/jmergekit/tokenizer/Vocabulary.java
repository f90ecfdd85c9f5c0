package jmergekit.tokenizer;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The ids of tokens, including added tokens. Immutable.
public final class Vocabulary {
    /// Larger than any known vocabulary, and small enough for several to fit in memory.
    public static final int MAX_ID = (1 << 20) - 1;

    private final Map<String, Integer> ids;
    private final List<AddedToken> added;
    private final Map<String, AddedToken> addedByContent;
    private final @Nullable String[] tokens;

    /// @param ids from 0 to [#MAX_ID], of all tokens; must not be changed afterwards
    /// @param added the added tokens among them, with the same ids
    public Vocabulary(Map<String, Integer> ids, List<AddedToken> added) {
        this.ids = Collections.unmodifiableMap(ids);
        this.added = added.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
        this.addedByContent =
                added.stream().collect(Collectors.toMap(AddedToken::content, Function.identity()));
        this.tokens = tokensById(this.ids, this.added);
    }

    // If several tokens have the same id, an added one counts, otherwise the alphabetically first.
    private static @Nullable String[] tokensById(Map<String, Integer> ids, List<AddedToken> added) {
        int size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        @Nullable String[] tokens = new String[size];
        ids.forEach((token, id) -> {
            String other = tokens[id];
            if (other == null || token.compareTo(other) < 0) {
                tokens[id] = token;
            }
        });
        added.forEach(a -> tokens[a.id()] = a.content());
        return tokens;
    }

    /// One more than the largest id; 0 without any token.
    public int size() {
        return tokens.length;
    }

    /// The number of tokens, which is less than [#size] if some ids have no token.
    public int count() {
        return ids.size();
    }

    public OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /// The token with this id; empty for a gap and beyond [#size].
    public Optional<String> token(int id) {
        return id < 0 || id >= tokens.length ? Optional.empty() : Optional.ofNullable(tokens[id]);
    }

    /// The added tokens by id.
    public List<AddedToken> added() {
        return added;
    }

    public Optional<AddedToken> added(String token) {
        return Optional.ofNullable(addedByContent.get(token));
    }

    /// Whether all tokens and flags are the same.
    public boolean isSame(Vocabulary other) {
        return ids.equals(other.ids) && added.equals(other.added);
    }

    /// All tokens with their ids, in no particular order.
    public Map<String, Integer> ids() {
        return ids;
    }
}
