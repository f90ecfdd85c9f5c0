package jmergekit.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/// Strict JSON for the headers and indexes of weight files: valid UTF-8, no duplicate keys in an
/// object, shallow.
public final class StrictJson {
    /// Far more than a header or an index needs (three).
    private static final int DEEPEST = 16;

    // Names rarely repeat, so a symbol table would only grow.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .build();

    private StrictJson() {}

    public static JsonParser parser(InputStream in) {
        return usable(FACTORY.createParser(ObjectReadContext.empty(), reader(in)));
    }

    /// The same parser, which rejects unusable values.
    public static JsonParser usable(JsonParser parser) {
        return new UsableJson(parser, Long.MAX_VALUE);
    }

    /// A reader that fails at bytes that are not UTF-8.
    public static Reader reader(InputStream in) {
        return new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    /// The exception for a failure; `part` is what was parsed, as in `the header`.
    public static MergeException refusal(Path file, String part, JacksonException e) {
        return new MergeException(Problem.input(file.toString(), part + " is " + reason(e)), e);
    }

    /// Why a text cannot be used, phrased to follow its name.
    public static String reason(JacksonException e) {
        if (e.getCause() instanceof CharacterCodingException) {
            return "not valid UTF-8";
        }
        if (e.getCause() instanceof IOException failure) {
            return "not readable: " + IoReason.of(failure);
        }
        if (e instanceof UsableJson.UnusableValueException) {
            return "not usable: " + e.getOriginalMessage();
        }
        long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
        String place = at < 0 ? "" : " at character " + at;
        return "not valid JSON%s: %s".formatted(place, JsonFault.text(e));
    }

    /// Whether the name can be encoded in UTF-8: false for half of a surrogate pair, which a JSON
    /// escape can contain.
    public static boolean isUnicode(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            i++;
            if (i == name.length() || !Character.isSurrogatePair(c, name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// Appends `text` in double quotes, escaped.
    public static void quote(String text, StringBuilder json) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        json.append('"');
    }
}
