package jmergekit.tokenizer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.tokenizer.TokenText.Kind;

/// Which tokens of one vocabulary, the donor's, are equal or similar to tokens of another one, the
/// model's.
public final class TokenMatches {
    /// No token.
    public static final int NONE = -1;

    private final TokenTexts model;
    private final TokenTexts donor;
    private final int[] shared;
    private final BitSet withRole = new BitSet();

    public TokenMatches(TokenTexts model, TokenTexts donor) {
        this.model = model;
        this.donor = donor;
        this.shared = new int[donor.rows()];
        Arrays.fill(shared, NONE);
        for (int id = 0; id < shared.length; id++) {
            boolean role = !donor.rolesOf(id).isEmpty();
            withRole.set(id, role);
            int own = id;
            OptionalInt byRole = role ? inSameRole(id) : OptionalInt.empty();
            shared[id] =
                    byRole.orElseGet(() -> donor.of(own).map(text -> same(own, text)).orElse(NONE));
        }
    }

    private OptionalInt inSameRole(int id) {
        return donor.rolesOf(id).stream()
                .map(model::inRole)
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    // An added token in one vocabulary may be an ordinary token in another. A control character is
    // text in some vocabularies and a byte token in others, which have no other way to write it.
    private int same(int id, TokenText text) {
        OptionalInt own = model.id(text);
        if (own.isEmpty() && !donor.isSpecial(id) && text.isControl()) {
            Optional<TokenText> other = text.inOtherBytes().filter(t -> donor.id(t).isEmpty());
            own = other.map(model::id).orElse(OptionalInt.empty());
        }
        if (own.isPresent() || text.kind() == Kind.BYTES || donor.isSpecial(id)) {
            return own.orElse(NONE);
        }
        Kind other = text.kind() == Kind.TEXT ? Kind.ADDED : Kind.TEXT;
        OptionalInt found = model.id(new TokenText(other, text.text()));
        return found.isPresent() && !model.isSpecial(found.getAsInt()) ? found.getAsInt() : NONE;
    }

    /// The model's token that is equal to a token of the donor: one with the same role, if it has a
    /// role, or with the same text; [#NONE] without one.
    public int shared(int id) {
        return shared[id];
    }

    /// The number of shared tokens of the donor.
    public int count() {
        return (int) Arrays.stream(shared).filter(s -> s != NONE).count();
    }

    /// The model's token with the same bytes as a donor's token that is not shared: a byte token
    /// for a character, or the reverse.
    public int byBytes(int id) {
        return donor.of(id)
                .flatMap(TokenText::inOtherBytes)
                .map(model::id)
                .orElse(OptionalInt.empty())
                .orElse(NONE);
    }

    /// The model's longest token that is a prefix of a donor's text token. Blanks alone do not
    /// count, unless the whole token is blank.
    public int byPrefix(int id) {
        Optional<String> text =
                donor.of(id)
                        .filter(t -> t.kind() == Kind.TEXT && !withRole.get(id))
                        .map(t -> t.text());
        if (text.isEmpty()) {
            return NONE;
        }
        String whole = text.get();
        for (int end = whole.length(); end > 1; ) {
            end = whole.offsetByCodePoints(end, -1);
            String prefix = whole.substring(0, end);
            if (prefix.isEmpty() || isSpaces(prefix) && !isSpaces(whole)) {
                return NONE;
            }
            OptionalInt found = model.id(TokenText.ofText(prefix));
            if (found.isPresent()) {
                return found.getAsInt();
            }
        }
        return NONE;
    }

    private static boolean isSpaces(String text) {
        return text.chars().allMatch(c -> c == ' ');
    }

    /// The text from which the model's vocabulary spells a donor's token. A token with a role is
    /// spelt by the role's name, such as `pad_token`; bytes that are not text have no spelling.
    public Optional<String> spelling(int id) {
        if (withRole.get(id)) {
            return Optional.of(donor.rolesOf(id).getFirst());
        }
        return donor.of(id)
                .flatMap(t -> t.kind() == Kind.BYTES ? t.inOtherBytes() : Optional.of(t))
                .map(TokenText::text);
    }

    /// The model's byte tokens that make up a token; empty if it lacks one of them.
    public int[] inBytes(int id) {
        byte[] bytes = donor.of(id).map(TokenText::bytes).orElseGet(() -> new byte[0]);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            OptionalInt token = model.id(TokenText.ofBytes(new byte[] {bytes[i]}));
            if (token.isEmpty()) {
                return new int[0];
            }
            ids[i] = token.getAsInt();
        }
        return ids;
    }

    public TokenTexts model() {
        return model;
    }

    public TokenTexts donor() {
        return donor;
    }
}
