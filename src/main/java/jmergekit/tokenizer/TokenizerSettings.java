package jmergekit.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.model.ConfigJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The files with the settings of a vocabulary.
///
/// @param config tokenizer_config.json
/// @param specialTokens special_tokens_map.json
/// @param addedTokens added_tokens.json, which older tokenizers have
record TokenizerSettings(
        Optional<ObjectNode> config,
        Optional<ObjectNode> specialTokens,
        Optional<ObjectNode> addedTokens) {
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL_TOKENS = "special_tokens_map.json";
    static final String ADDED_TOKENS = "added_tokens.json";
    static final String DECODER = "added_tokens_decoder";

    private static final String ROLE = "_token";
    private static final Pattern USUAL_ROLE =
            Pattern.compile("(bos|eos|pad|unk|sep|cls|mask)_token");

    static TokenizerSettings read(String label, Path folder) {
        return new TokenizerSettings(
                object(label, folder, CONFIG),
                object(label, folder, SPECIAL_TOKENS),
                object(label, folder, ADDED_TOKENS));
    }

    static Optional<ObjectNode> object(String label, Path folder, String name) {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file)
                ? Optional.of(ConfigJson.readObject(file, label + "/" + name))
                : Optional.empty();
    }

    Optional<String> tokenizerClass() {
        return config.map(c -> c.path("tokenizer_class"))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue);
    }

    /// The tokens by role, as `eos_token`. tokenizer_config.json takes precedence over
    /// special_tokens_map.json.
    Map<String, String> roles() {
        Map<String, String> roles = new LinkedHashMap<>();
        Stream.of(config, specialTokens)
                .flatMap(Optional::stream)
                .flatMap(file -> file.properties().stream())
                .filter(e -> e.getKey().endsWith(ROLE))
                .forEach(e ->
                        content(e.getValue()).ifPresent(t -> roles.putIfAbsent(e.getKey(), t)));
        return roles;
    }

    /// The usual roles whose setting is neither text nor an object with text.
    Set<String> unreadableRoles() {
        Set<String> roles = new TreeSet<>();
        Stream.of(config, specialTokens)
                .flatMap(Optional::stream)
                .flatMap(file -> file.properties().stream())
                .filter(e -> USUAL_ROLE.matcher(e.getKey()).matches())
                .filter(e -> !e.getValue().isNull() && content(e.getValue()).isEmpty())
                .forEach(e -> roles.add(e.getKey()));
        return roles;
    }

    /// The token of a setting, which is text or an object with flags.
    static Optional<String> content(JsonNode token) {
        JsonNode content = token.isObject() ? token.path("content") : token;
        return content.isString() ? Optional.of(content.stringValue()) : Optional.empty();
    }

    /// The added tokens in these files.
    List<AddedToken> added() {
        List<AddedToken> added = new ArrayList<>();
        config.stream()
                .flatMap(c -> c.path(DECODER).properties().stream())
                .filter(e -> isId(e.getKey()))
                .forEach(e ->
                        content(e.getValue())
                                .ifPresent(t ->
                                        added.add(
                                                AddedToken.of(
                                                        e.getValue(),
                                                        t,
                                                        Integer.parseInt(e.getKey())))));
        addedTokens.stream()
                .flatMap(file -> file.properties().stream())
                .filter(e -> isId(e.getValue().toString()))
                .forEach(e ->
                        added.add(
                                AddedToken.verbatim(
                                        e.getKey(),
                                        e.getValue().intValue(),
                                        roles().containsValue(e.getKey()))));
        return added;
    }

    private static boolean isId(String text) {
        return text.matches("[0-9]{1,7}") && Integer.parseInt(text) <= Vocabulary.MAX_ID;
    }
}
