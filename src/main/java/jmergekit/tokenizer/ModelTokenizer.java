package jmergekit.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.FolderFile;

/// The tokenizer in a model's folder.
///
/// @param label the name of the model in messages
/// @param format the file from which the vocabulary comes
/// @param modelIds ids of the tokens in the tokenizer's model, without those that are only in its
///     list of added tokens
/// @param continuingPrefix the prefix of a token that continues a word; often empty
/// @param settings the files with the settings of the vocabulary
public record ModelTokenizer(
        String label,
        Path folder,
        Format format,
        Vocabulary vocabulary,
        BitSet modelIds,
        String continuingPrefix,
        TokenizerSettings settings) {
    /// The files from which a vocabulary can be read.
    public enum Format {
        /// `tokenizer.json`, with any type of model.
        JSON("tokenizer.json"),
        /// A SentencePiece `tokenizer.model`, without tokenizer.json.
        SENTENCEPIECE("tokenizer.model");

        private final String fileName;

        Format(String fileName) {
            this.fileName = fileName;
        }

        String fileName() {
            return fileName;
        }
    }

    static final String SAVE_FAST =
            "save the tokenizer as tokenizer.json: with transformers, load it with"
                    + " AutoTokenizer.from_pretrained and save it with save_pretrained";

    /// Tokenizer classes that use the ids of the SentencePiece file. Others shift them.
    private static final Set<String> UNSHIFTED =
            Set.of(
                    "LlamaTokenizer",
                    "LlamaTokenizerFast",
                    "CodeLlamaTokenizer",
                    "CodeLlamaTokenizerFast",
                    "GemmaTokenizer",
                    "GemmaTokenizerFast");

    private static final Pattern OTHER_KINDS =
            Pattern.compile(
                    "vocab\\.(json|txt)|tekken\\.json|tokenization_.*\\.py|.+\\.(tiktoken|spm|model)");

    /// Whether a folder has a file that [#read] accepts, valid or not.
    public static boolean isIn(Path folder) {
        return Stream.of(Format.values())
                .anyMatch(format -> Files.isRegularFile(folder.resolve(format.fileName())));
    }

    /// Reads the tokenizer in a model's folder.
    ///
    /// @throws MergeException if it has none that can be read
    public static ModelTokenizer read(String label, Path folder) {
        for (Format format : Format.values()) {
            Path file = folder.resolve(format.fileName());
            if (Files.isRegularFile(file)) {
                FolderFile.check(folder, file, label + "/" + format.fileName());
                TokenizerSettings settings = TokenizerSettings.read(label, folder);
                return switch (format) {
                    case JSON -> ofJson(label, folder, settings);
                    case SENTENCEPIECE -> ofSentencePiece(label, folder, settings);
                };
            }
        }
        throw new MergeException(
                Problem.input(label, "no tokenizer that can be read")
                        .expected("tokenizer.json or tokenizer.model")
                        .found(others(folder))
                        .hint(SAVE_FAST));
    }

    private static ModelTokenizer ofJson(String label, Path folder, TokenizerSettings settings) {
        String name = Format.JSON.fileName();
        TokenizerJson json = TokenizerJson.read(folder.resolve(name), label + "/" + name);
        BitSet modelIds = idSet(json.ids());
        return new ModelTokenizer(
                label,
                folder,
                Format.JSON,
                vocabulary(json.ids(), json.added(), settings.added()),
                modelIds,
                json.continuingPrefix(),
                settings);
    }

    private static ModelTokenizer ofSentencePiece(
            String label, Path folder, TokenizerSettings settings) {
        String name = Format.SENTENCEPIECE.fileName();
        String where = label + "/" + name;
        settings.tokenizerClass()
                .filter(kind -> !UNSHIFTED.contains(kind))
                .ifPresent(kind -> {
                    throw new MergeException(
                            Problem.input(
                                            where,
                                            "the numbering of pieces in a '%s' is unknown"
                                                    .formatted(kind))
                                    .hint(SAVE_FAST));
                });
        SentencePieceModel model = SentencePieceModel.read(folder.resolve(name), where);
        BitSet modelIds = idSet(model.ids());
        return new ModelTokenizer(
                label,
                folder,
                Format.SENTENCEPIECE,
                vocabulary(model.ids(), model.added(), settings.added()),
                modelIds,
                "",
                settings);
    }

    private static BitSet idSet(Map<String, Integer> ids) {
        BitSet set = new BitSet();
        ids.values().forEach(set::set);
        return set;
    }

    private static String others(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(f -> f.getFileName().toString())
                            .filter(n -> OTHER_KINDS.matcher(n).matches())
                            .sorted()
                            .toList();
            return names.isEmpty() ? "neither" : String.join(", ", names);
        } catch (IOException e) {
            return "a folder that cannot be listed";
        }
    }

    // A token of the model keeps the model's id, whatever the lists of added tokens contain; the
    // tokenizers library reads them in the same way. The map is as large as the vocabulary, so it
    // is not copied.
    private static Vocabulary vocabulary(
            Map<String, Integer> ids, List<AddedToken> listed, List<AddedToken> beside) {
        Map<String, AddedToken> added = new LinkedHashMap<>();
        for (AddedToken token : listed) {
            ids.putIfAbsent(token.content(), token.id());
            added.putIfAbsent(token.content(), token.withId(ids.get(token.content())));
        }
        BitSet taken = idSet(ids);
        for (AddedToken token : beside) {
            if (ids.containsKey(token.content()) || !taken.get(token.id())) {
                taken.set(token.id());
                ids.putIfAbsent(token.content(), token.id());
                added.putIfAbsent(token.content(), token.withId(ids.get(token.content())));
            }
        }
        return new Vocabulary(ids, List.copyOf(added.values()));
    }

    /// The tokens by role, as `eos_token`, for each role that has one.
    public Map<String, String> roles() {
        return settings.roles();
    }

    /// The usual roles whose setting is neither text nor an object with text.
    public Set<String> unreadableRoles() {
        return settings.unreadableRoles();
    }
}
