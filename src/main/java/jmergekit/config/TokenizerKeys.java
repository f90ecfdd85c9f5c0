package jmergekit.config;

import java.util.List;

/// The keys of references to models and of tokenizers, and those that several kinds of recipe have.
final class TokenizerKeys {
    static final List<String> VOCABULARIES = List.of("union", "base");
    static final List<String> KINDS = List.of("zero", "model_token");

    private TokenizerKeys() {}

    static Key baseModel(String summary) {
        return Key.of("base_model", new Form.Model(), summary);
    }

    static Key dtype() {
        return Key.of(
                "dtype",
                new Form.Named(Naming.DTYPE),
                "The output's number type. Without it a tensor keeps the type of its inputs.");
    }

    static Key source(String name) {
        return Key.of(
                name,
                Form.anyOf(new Form.Words(VOCABULARIES), new Form.Model()),
                "Whose vocabulary the output has: `union` of all models, `base` for the base model's,"
                        + " or a model's.");
    }

    static List<Key> reference() {
        return List.of(
                Key.of("model", new Form.Model(), "A folder, or a model of the hub or of a store."),
                Key.of("path", Form.text(), "The same as `model`."),
                Key.of("revision", Form.text(), "A branch, tag or commit of a model of the hub."),
                Key.of(
                        "lora",
                        Form.anyOf(new Form.In(Section.ADAPTER), new Form.Model()),
                        "An adapter that is applied to the model while it is read."),
                Key.of(
                        "override_architecture",
                        Form.text(),
                        "The architecture to take the model for instead of what its `config.json`"
                                + " says."));
    }

    static List<Key> adapter() {
        return List.of(
                Key.required("path", Form.text(), "A folder, or an adapter of the hub."),
                Key.of(
                        "revision",
                        Form.text(),
                        "A branch, tag or commit of an adapter of the hub."));
    }

    static List<Key> tokenizer() {
        return List.of(
                source("source"),
                Key.of(
                        "tokens",
                        new Form.MapOf(new Form.In(Section.TOKEN)),
                        "Rules for single tokens. One that is not in the vocabulary is added."),
                Key.of(
                        "pad_to_multiple_of",
                        Form.count(1),
                        "The output has as many rows as tokens, rounded up to a multiple of this."));
    }

    static List<Key> token() {
        return List.of(
                Key.of(
                        "source",
                        Form.anyOf(new Form.In(Section.TOKEN_SOURCE), new Form.Model()),
                        "Where the token's row comes from: a model that has the token, another token"
                                + " of a model, or zeros."),
                Key.of(
                        "force",
                        new Form.Flag(),
                        "Whether the row is for models that have the token, too. Default: false."));
    }

    static List<Key> tokenSource() {
        return List.of(
                Key.required(
                        "kind",
                        new Form.Words(KINDS),
                        "`model_token` for the row of a token of a model, `zero` for zeros."),
                Key.of("model", new Form.Model(), "The model that has the row."),
                Key.of("token", Form.text(), "The token whose row it is."),
                Key.of("token_id", Form.count(0), "The same by its number."));
    }
}
