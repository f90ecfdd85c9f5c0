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

/// Which token has which id, added tokens included. Immutable.
public final class Vocabulary {
    /// Larger than any vocabulary known, and small enough for several to fit into memory.
    public static final int MAX_ID = (1 << 20) - 1;

    private final Map<String, Integer> ids;
    private final List<AddedToken> added;
    private final Map<String, AddedToken> addedByContent;
    private final @Nullable String[] tokens;

    /// @param ids from 0 to [#MAX_ID], of all tokens; not to be changed afterwards
    /// @param added those of them that are added tokens, with the same ids
    public Vocabulary(Map<String, Integer> ids, List<AddedToken> added) {
        this.ids = Collections.unmodifiableMap(ids);
        this.added = added.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
        this.addedByContent =
                added.stream().collect(Collectors.toMap(AddedToken::content, Function.identity()));
        this.tokens = tokensById(this.ids, this.added);
    }

    // Of several tokens with one id, an added one counts, else the first by letters.
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

    /// How many tokens there are, which is less than [#size] if some ids have no token.
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

    /// All tokens with their ids, in no order.
    public Map<String, Integer> ids() {
        return ids;
    }
}
