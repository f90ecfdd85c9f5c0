package jmergekit.config;

import java.util.List;

/// The keys of model references and tokenizers, and keys shared by several kinds of recipe.
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
                "The dtype of the output. Without it, each tensor keeps the dtype of its inputs.");
    }

    static Key source(String name) {
        return Key.of(
                name,
                Form.anyOf(new Form.Words(VOCABULARIES), new Form.Model()),
                "The vocabulary of the output: `union` of all models, `base` for the base "
                        + "model's, or a model to take it from.");
    }

    static List<Key> reference() {
        return List.of(
                Key.of(
                        "model",
                        new Form.Model(),
                        "A folder, or a model on the hub or in an " + "object store."),
                Key.of("path", Form.text(), "The same as `model`."),
                Key.of("revision", Form.text(), "A branch, tag or commit of a model on the hub."),
                Key.of(
                        "lora",
                        Form.anyOf(new Form.In(Section.ADAPTER), new Form.Model()),
                        "An adapter to apply to the model while it is read."),
                Key.of(
                        "override_architecture",
                        Form.text(),
                        "The architecture to assume instead of the one in the model's "
                                + "`config.json`."));
    }

    static List<Key> adapter() {
        return List.of(
                Key.required("path", Form.text(), "A folder, or an adapter on the hub."),
                Key.of(
                        "revision",
                        Form.text(),
                        "A branch, tag or commit of an adapter on the hub."));
    }

    static List<Key> tokenizer() {
        return List.of(
                source("source"),
                Key.of(
                        "tokens",
                        new Form.MapOf(new Form.In(Section.TOKEN)),
                        "Rules for individual tokens. Tokens missing from the vocabulary are "
                                + "added."),
                Key.of(
                        "pad_to_multiple_of",
                        Form.count(1),
                        "Rounds the number of embedding rows up to a multiple of this."));
    }

    static List<Key> token() {
        return List.of(
                Key.of(
                        "source",
                        Form.anyOf(new Form.In(Section.TOKEN_SOURCE), new Form.Model()),
                        "The source of the token's row: a model that has the token, another "
                                + "token of a model, or zeros."),
                Key.of(
                        "force",
                        new Form.Flag(),
                        "Whether to use the row even for models that have the token. Default: "
                                + "false."));
    }

    static List<Key> tokenSource() {
        return List.of(
                Key.required(
                        "kind",
                        new Form.Words(KINDS),
                        "`model_token` for the row of a model's token, `zero` for zeros."),
                Key.of("model", new Form.Model(), "The model that provides the row."),
                Key.of("token", Form.text(), "The token to take the row of."),
                Key.of("token_id", Form.count(0), "The same, by token id."));
    }
}
