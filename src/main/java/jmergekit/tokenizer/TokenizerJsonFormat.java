package jmergekit.tokenizer;

import java.io.InputStream;
import java.io.OutputStream;
import jmergekit.model.ConfigJson;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// JSON in tokenizer files: large and shallow, read and written as a stream.
final class TokenizerJsonFormat {
    /// Chains of normalisers and decoders nest a few levels deep.
    private static final int DEEPEST = 64;

    // Every token has a different name, so a symbol table would only grow.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .build();

    // A part of a file is followed by the rest of it.
    private static final ObjectMapper MAPPER =
            JsonMapper.builder(FACTORY)
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private TokenizerJsonFormat() {}

    static JsonParser parser(InputStream in) {
        return StrictJson.usable(MAPPER.createParser(StrictJson.reader(in)));
    }

    /// The parser's current value, if it is small.
    static JsonNode tree(JsonParser json) {
        return MAPPER.readTree(json);
    }

    static JsonGenerator generator(OutputStream out) {
        return MAPPER.writer().with(ConfigJson.PRETTY).createGenerator(out, JsonEncoding.UTF8);
    }
}
