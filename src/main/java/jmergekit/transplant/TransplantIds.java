package jmergekit.transplant;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.model.ConfigEntries;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.OutputVocabulary;
import jmergekit.tokenizer.TokenIds;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The model's configuration with the donor's vocabulary: it takes the donor's special tokens, and
/// other token ids follow their tokens.
final class TransplantIds {
    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final Pattern SPECIAL =
            Pattern.compile("(bos|eos|pad|unk|sep|cls|mask|decoder_start|forced_[be]os)_token_id");

    private final ModelFolder model;
    private final ModelFolder donor;
    private final Problems problems;

    TransplantIds(ModelFolder model, ModelFolder donor, Problems problems) {
        this.model = model;
        this.donor = donor;
        this.problems = problems;
    }

    /// The output's config.json.
    ObjectNode config(ModelTokenizer from, ModelTokenizer to, int rows) {
        ObjectNode config =
                carriedOver(model.config().json(), "config.json", from, to, donor.config().json());
        ConfigEntries.setVocabularySize(config, rows);
        return config;
    }

    /// The output's generation_config.json, if the model has one.
    Optional<ObjectNode> generationConfig(ModelTokenizer from, ModelTokenizer to) {
        Path file = model.folder().resolve(GENERATION_CONFIG);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        ObjectNode own = ConfigJson.readObject(file, model.reference() + "/" + GENERATION_CONFIG);
        Path other = donor.folder().resolve(GENERATION_CONFIG);
        ObjectNode donors =
                Files.isRegularFile(other)
                        ? ConfigJson.readObject(other, donor.reference() + "/" + GENERATION_CONFIG)
                        : donor.config().json();
        return Optional.of(carriedOver(own, GENERATION_CONFIG, from, to, donors));
    }

    private ObjectNode carriedOver(
            ObjectNode own,
            String name,
            ModelTokenizer from,
            ModelTokenizer to,
            ObjectNode donors) {
        OutputVocabulary vocabulary = OutputVocabulary.of(to, Long.MAX_VALUE, List.of());
        TokenIds.CarriedOver carried = new TokenIds(from.vocabulary(), vocabulary).carriedOver(own);
        ObjectNode file = carried.file();
        Set<String> lost = new LinkedHashSet<>(carried.lost());
        for (String key : special(donors)) {
            JsonNode value = setting(donors, key);
            level(file, key).set(key, value);
            lost.remove(key);
        }
        if (!lost.isEmpty()) {
            problems.add(
                    Problem.input(
                                    model.reference() + "/" + name,
                                    "the donor has no tokens for %s, which become null"
                                            .formatted(String.join(", ", lost)))
                            .asWarning());
        }
        return file;
    }

    private static Set<String> special(ObjectNode config) {
        Set<String> keys = new LinkedHashSet<>();
        levels(config)
                .forEach(level ->
                        level.propertyNames().stream()
                                .filter(key -> SPECIAL.matcher(key).matches())
                                .filter(key -> !level.path(key).isNull())
                                .forEach(keys::add));
        return keys;
    }

    private static JsonNode setting(ObjectNode config, String key) {
        return levels(config).stream()
                .map(level -> level.path(key))
                .filter(value -> !value.isMissingNode() && !value.isNull())
                .findFirst()
                .orElseThrow();
    }

    // The level that has the setting, otherwise the top level.
    private static ObjectNode level(ObjectNode file, String key) {
        return levels(file).stream().filter(l -> l.has(key)).findFirst().orElse(file);
    }

    private static List<ObjectNode> levels(ObjectNode config) {
        return Stream.concat(Stream.of(config), ConfigEntries.textLevels(config).stream()).toList();
    }
}
