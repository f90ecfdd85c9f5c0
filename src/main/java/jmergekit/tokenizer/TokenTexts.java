package jmergekit.tokenizer;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tokens of a vocabulary as texts that can be compared with those of other vocabularies.
///
/// Byte-level vocabularies (GPT-2's alphabet), SentencePiece's word boundary marker and byte
/// tokens, and WordPiece's continuation prefix all become the same text.
public final class TokenTexts {
    private static final String WORD_START = "▁";
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");

    /// The share of all ordinary tokens; vocabularies have a few tokens that break their own rules.
    private static final double MOST = 0.99;

    private final ModelTokenizer tokenizer;
    private final boolean byteLevel;
    private final int rows;
    private final Map<TokenText, Integer> ids = new HashMap<>();
    private final Map<String, Integer> roles = new LinkedHashMap<>();

    /// @param rows ids from this number on do not count
    public TokenTexts(ModelTokenizer tokenizer, long rows) {
        this.tokenizer = tokenizer;
        this.rows = (int) Math.min(rows, tokenizer.vocabulary().size());
        this.byteLevel = usesByteAlphabet();
        for (int id = 0; id < this.rows; id++) {
            int own = id;
            of(id).ifPresent(text -> ids.putIfAbsent(text, own));
        }
        tokenizer
                .roles()
                .forEach((role, token) -> {
                    OptionalInt id = tokenizer.vocabulary().id(token);
                    if (id.isPresent() && id.getAsInt() < this.rows) {
                        roles.put(role, id.getAsInt());
                    }
                });
    }

    /// Whether the vocabulary is written in the byte-level alphabet.
    public boolean isByteLevel() {
        return byteLevel;
    }

    private boolean usesByteAlphabet() {
        Vocabulary vocabulary = tokenizer.vocabulary();
        int ordinary = 0;
        int spelt = 0;
        boolean marked = false;
        for (int id = 0; id < vocabulary.size(); id++) {
            Optional<String> token = vocabulary.token(id);
            if (token.isPresent() && vocabulary.added(token.get()).isEmpty()) {
                ordinary++;
                spelt += ByteAlphabet.spells(token.get()) ? 1 : 0;
                marked |= token.get().indexOf(ByteAlphabet.SPACE) >= 0;
            }
        }
        return marked && spelt >= MOST * ordinary;
    }

    /// The number of ids that count.
    public int rows() {
        return rows;
    }

    /// The meaning of a token; empty for an id without a token.
    public Optional<TokenText> of(int id) {
        return id >= rows ? Optional.empty() : tokenizer.vocabulary().token(id).map(this::text);
    }

    private TokenText text(String token) {
        if (tokenizer.vocabulary().added(token).isPresent()) {
            return new TokenText(TokenText.Kind.ADDED, token);
        }
        Matcher named = BYTE.matcher(token);
        if (named.matches()) {
            return TokenText.ofBytes(new byte[] {(byte) Integer.parseInt(named.group(1), 16)});
        }
        if (byteLevel) {
            return ByteAlphabet.spells(token)
                    ? TokenText.decoded(ByteAlphabet.bytes(token))
                    : TokenText.ofText(token);
        }
        String prefix = tokenizer.continuingPrefix();
        if (!prefix.isEmpty()) {
            return TokenText.ofText(
                    token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token);
        }
        return TokenText.ofText(token.replace(WORD_START, " "));
    }

    /// Whether a token is added and special, so that no ordinary token matches it.
    boolean isSpecial(int id) {
        return tokenizer
                .vocabulary()
                .token(id)
                .flatMap(tokenizer.vocabulary()::added)
                .filter(AddedToken::special)
                .isPresent();
    }

    /// The token with the lowest id for a text.
    public OptionalInt id(TokenText text) {
        Integer id = ids.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /// The roles of a token, as `eos_token`, in the order of the tokenizer's settings.
    List<String> rolesOf(int id) {
        return roles.entrySet().stream()
                .filter(e -> e.getValue() == id)
                .map(Map.Entry::getKey)
                .toList();
    }

    OptionalInt inRole(String role) {
        Integer id = roles.get(role);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
