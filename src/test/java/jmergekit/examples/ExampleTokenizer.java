package jmergekit.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.ByteLetters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The tokenizer of the example models: byte-level BPE with a token for each byte, two merges, and
/// the special tokens of a chat.
///
/// Source: the files that the Hugging Face `tokenizers` and `transformers` libraries read.
final class ExampleTokenizer {
    private static final JsonMapper JSON = new JsonMapper();

    /// Pairs that become one token; `Ġ` is how the alphabet writes a space.
    private static final List<List<String>> MERGES = List.of(List.of("Ġ", "t"), List.of("h", "e"));

    private static final List<String> ORDINARY = ordinary();

    /// That of the base model and most others.
    static final ExampleTokenizer PLAIN =
            new ExampleTokenizer(
                    List.of("<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
                    "</s>",
                    "{{ bos_token }}{% for message in messages %}"
                            + "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
                            + "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}");

    /// The same with two more tokens, for ChatML.
    static final ExampleTokenizer CHATML =
            new ExampleTokenizer(
                    Stream.concat(PLAIN.special.stream(), Stream.of("<|im_start|>", "<|im_end|>"))
                            .toList(),
                    "<|im_end|>",
                    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n'"
                            + " + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
                            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}");

    private final List<String> special;
    private final String end;
    private final String chatTemplate;

    private ExampleTokenizer(List<String> special, String end, String chatTemplate) {
        this.special = special;
        this.end = end;
        this.chatTemplate = chatTemplate;
    }

    int size() {
        return ORDINARY.size() + special.size();
    }

    int id(String token) {
        return ORDINARY.size() + special.indexOf(token);
    }

    /// The token that ends what the model says.
    String end() {
        return end;
    }

    /// Writes the tokenizer's files and the generation config, which names two of its tokens.
    void write(Path model) throws IOException {
        ExampleModels.writeJson(model.resolve("tokenizer.json"), tokenizer());
        ExampleModels.writeJson(model.resolve("tokenizer_config.json"), tokenizerConfig());
        ExampleModels.writeJson(model.resolve("special_tokens_map.json"), specialTokens());
        ExampleModels.writeJson(model.resolve("generation_config.json"), generationConfig());
    }

    private static List<String> ordinary() {
        List<String> tokens = new ArrayList<>(ByteLetters.all());
        MERGES.forEach(pair -> tokens.add(pair.getFirst() + pair.getLast()));
        return List.copyOf(tokens);
    }

    private ObjectNode tokenizer() {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.put("version", "1.0");
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        ArrayNode added = tokenizer.putArray("added_tokens");
        for (String token : special) {
            ObjectNode entry = added.addObject();
            entry.put("id", id(token));
            describe(entry, token);
        }
        tokenizer.putNull("normalizer");
        tokenizer.set("pre_tokenizer", byteLevel(false));
        tokenizer.putNull("post_processor");
        tokenizer.set("decoder", byteLevel(true));
        tokenizer.set("model", model());
        return tokenizer;
    }

    private static void describe(ObjectNode entry, String token) {
        entry.put("content", token);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            entry.put(flag, false);
        }
        entry.put("special", true);
    }

    private static ObjectNode byteLevel(boolean trimOffsets) {
        ObjectNode step = JSON.createObjectNode();
        step.put("type", "ByteLevel");
        step.put("add_prefix_space", false);
        step.put("trim_offsets", trimOffsets);
        step.put("use_regex", true);
        return step;
    }

    private static ObjectNode model() {
        ObjectNode model = JSON.createObjectNode();
        model.put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int i = 0; i < ORDINARY.size(); i++) {
            vocabulary.put(ORDINARY.get(i), i);
        }
        ArrayNode merges = model.putArray("merges");
        MERGES.forEach(pair -> pair.forEach(merges.addArray()::add));
        return model;
    }

    private ObjectNode tokenizerConfig() {
        ObjectNode config = JSON.createObjectNode();
        ObjectNode added = config.putObject("added_tokens_decoder");
        special.forEach(token -> describe(added.putObject(String.valueOf(id(token))), token));
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("model_max_length", 512);
        config.put("clean_up_tokenization_spaces", false);
        config.setAll(specialTokens());
        config.put("chat_template", chatTemplate);
        return config;
    }

    private ObjectNode specialTokens() {
        ObjectNode tokens = JSON.createObjectNode();
        tokens.put("bos_token", "<s>");
        tokens.put("eos_token", end);
        return tokens;
    }

    private ObjectNode generationConfig() {
        ObjectNode config = JSON.createObjectNode();
        config.put("bos_token_id", id("<s>"));
        config.put("eos_token_id", id(end));
        config.put("do_sample", true);
        config.put("temperature", 0.7);
        return config;
    }
}
