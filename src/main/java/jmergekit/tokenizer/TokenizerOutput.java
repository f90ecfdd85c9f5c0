package jmergekit.tokenizer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import jmergekit.model.ConfigJson;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The tokenizer's files of the merged model: which of the source's files are rewritten, and which
/// are outdated. The rest are copied.
public final class TokenizerOutput {
    /// These also describe the vocabulary, but cannot be written here.
    private static final Pattern OTHER_VOCABULARIES =
            Pattern.compile(
                    "vocab\\.(json|txt)|merges\\.txt|added_tokens\\.json|tekken\\.json"
                            + "|.+\\.(model|tiktoken|spm|vocab|bpe)");

    private static final List<String> FOR_OTHER_TOOLS =
            List.of("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "tekken.json");

    /// A model without any of these has no tokenizer.
    private static final List<String> NEEDED =
            List.of("tokenizer_config.json", "tokenizer.json", "tokenizer.model");

    private static final List<String> LISTS =
            List.of("additional_special_tokens", "extra_special_tokens");

    private final String label;
    private final Path folder;
    private final TokenizerSettings settings;
    private final Optional<OutputVocabulary> changed;
    private final Optional<String> chatTemplate;

    /// The content of a rewritten file.
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private TokenizerOutput(
            String label,
            Path folder,
            Optional<OutputVocabulary> changed,
            Optional<String> chatTemplate) {
        this.label = label;
        this.folder = folder;
        this.settings = TokenizerSettings.read(label, folder);
        this.changed = changed;
        this.chatTemplate = chatTemplate;
    }

    /// The files for a merged vocabulary.
    ///
    /// @param chatTemplate replaces the source's
    public static TokenizerOutput of(OutputVocabulary vocabulary, Optional<String> chatTemplate) {
        return new TokenizerOutput(
                vocabulary.source().label(),
                vocabulary.source().folder(),
                Optional.of(vocabulary).filter(v -> !v.isUnchanged()),
                chatTemplate);
    }

    /// A model's files with another chat template.
    ///
    /// @throws MergeException if that model has no tokenizer
    public static TokenizerOutput of(String label, Path folder, String chatTemplate) {
        if (NEEDED.stream().noneMatch(name -> Files.isRegularFile(folder.resolve(name)))) {
            throw new MergeException(
                    Problem.input(label, "no tokenizer for the chat template")
                            .expected("one of " + String.join(", ", NEEDED)));
        }
        return new TokenizerOutput(label, folder, Optional.empty(), Optional.of(chatTemplate));
    }

    /// The name of the source model in messages.
    public String label() {
        return label;
    }

    /// The folder of the source model.
    public Path folder() {
        return folder;
    }

    public Optional<String> chatTemplate() {
        return chatTemplate;
    }

    /// Whether a file in the source's folder describes the source's vocabulary.
    public boolean isOutdated(String name) {
        return changed.isPresent() && OTHER_VOCABULARIES.matcher(name).matches();
    }

    /// Files in the source's folder from which other tools read the vocabulary, and that are
    /// omitted.
    public List<String> leftOut() {
        return changed.isEmpty()
                ? List.of()
                : FOR_OTHER_TOOLS.stream()
                        .filter(name -> Files.isRegularFile(folder.resolve(name)))
                        .toList();
    }

    /// The rewritten files, by name.
    public Map<String, Content> written() {
        Map<String, Content> files = new TreeMap<>();
        changed.ifPresent(vocabulary -> {
            files.put("tokenizer.json", out -> TokenizerJsonEdit.write(vocabulary, out));
            settings.specialTokens()
                    .map(ObjectNode::deepCopy)
                    .ifPresent(file -> {
                        removeTokens(file, vocabulary);
                        files.put(TokenizerSettings.SPECIAL_TOKENS, json(file));
                    });
        });
        if (changed.isPresent() && settings.config().isPresent() || chatTemplate.isPresent()) {
            files.put(TokenizerSettings.CONFIG, json(config()));
        }
        chatTemplate.ifPresent(template -> putTemplate(template, files));
        return files;
    }

    private ObjectNode config() {
        ObjectNode config =
                settings.config()
                        .map(ObjectNode::deepCopy)
                        .orElseGet(JsonNodeFactory.instance::objectNode);
        changed.ifPresent(vocabulary -> {
            removeTokens(config, vocabulary);
            if (config.has(TokenizerSettings.DECODER)) {
                ObjectNode decoder = config.putObject(TokenizerSettings.DECODER);
                for (AddedToken token : vocabulary.vocabulary().added()) {
                    token.describe(decoder.putObject(String.valueOf(token.id())));
                }
            }
        });
        chatTemplate.ifPresent(template -> config.put(ChatTemplates.KEY, template));
        return config;
    }

    // If a token had a role but no id, a loader would give it a new id beyond the last row.
    private void removeTokens(ObjectNode file, OutputVocabulary vocabulary) {
        for (String role : settings.roles().keySet()) {
            TokenizerSettings.content(file.path(role))
                    .filter(vocabulary::lacks)
                    .ifPresent(_ -> file.remove(role));
        }
        for (String key : LISTS) {
            if (file.path(key) instanceof ArrayNode list) {
                ArrayNode kept = file.putArray(key);
                for (JsonNode token : list.values()) {
                    if (TokenizerSettings.content(token).filter(vocabulary::lacks).isEmpty()) {
                        kept.add(token);
                    }
                }
            }
        }
    }

    // Older loaders read only tokenizer_config.json, newer ones the other files first.
    private void putTemplate(String template, Map<String, Content> files) {
        if (Files.exists(folder.resolve(ChatTemplates.FILE))) {
            files.put(ChatTemplates.FILE, out -> out.write(bytes(template)));
        }
        if (Files.exists(folder.resolve(ChatTemplates.PROCESSOR_FILE))) {
            ObjectNode file = JsonNodeFactory.instance.objectNode();
            file.put(ChatTemplates.KEY, template);
            files.put(ChatTemplates.PROCESSOR_FILE, json(file));
        }
    }

    private static Content json(ObjectNode node) {
        return out -> out.write(bytes(ConfigJson.write(node)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
