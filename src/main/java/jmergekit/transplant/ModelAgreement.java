package jmergekit.transplant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.model.ConfigEntries;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.TensorSpec;
import jmergekit.tokenizer.ModelTokenizer;

/// Whether a model's files agree about its tokens: `config.json`, tensors, tokenizer.
record ModelAgreement(
        ModelFolder model, TokenTables tables, ModelTokenizer tokenizer, Problems problems) {
    private static final int SHOWN = 3;

    /// Adds a problem for each contradiction.
    void check() {
        checkSize(ConfigEntries.VOCABULARY, tables.rows());
        checkHiddenSize();
        checkIds();
        checkRoles();
    }

    private String config() {
        return model.reference() + "/config.json";
    }

    private void checkSize(String setting, long found) {
        OptionalLong said = model.config().size(setting);
        if (said.isPresent() && said.getAsLong() != found) {
            problems.add(
                    Problem.input(
                                    config(),
                                    "'%s' contradicts the embeddings, which take precedence"
                                            .formatted(setting))
                            .expected(String.valueOf(found))
                            .found(String.valueOf(said.getAsLong()))
                            .asWarning());
        }
    }

    // Some models have narrower embeddings, and a setting for that.
    private void checkHiddenSize() {
        Optional<TensorSpec> embeddings =
                tables.withRows(1).stream()
                        .filter(t -> t.side() == Side.EMBEDDINGS && t.output().shape().rank() == 2)
                        .map(TokenTable::output)
                        .findFirst();
        boolean separate =
                model.config().size("embedding_size").isPresent()
                        || model.config().size("word_embed_proj_dim").isPresent();
        if (embeddings.isPresent() && !separate) {
            checkSize("hidden_size", embeddings.get().shape().size(1));
        }
    }

    private void checkIds() {
        Map<Integer, String> names = new HashMap<>();
        List<String> twice = new ArrayList<>();
        tokenizer
                .vocabulary()
                .ids()
                .forEach((token, id) -> {
                    String other = names.putIfAbsent(id, token);
                    if (other != null) {
                        twice.add("'%s' and '%s' (%d)".formatted(other, token, id));
                    }
                });
        if (!twice.isEmpty()) {
            problems.add(
                    Problem.input(
                                    model.reference().toString(),
                                    "its tokenizer gives the same id to several tokens")
                            .expected("a different id for each token")
                            .found(ShortList.of(twice.stream().sorted().toList(), SHOWN))
                            .hint(
                                    "only one token per id counts: an added one, or the"
                                            + " alphabetically first")
                            .asWarning());
        }
    }

    private void checkRoles() {
        for (String role : tokenizer.unreadableRoles()) {
            problems.add(
                    Problem.input(
                                    model.reference().toString(),
                                    "'%s' in the settings of its tokenizer is not text"
                                            .formatted(role))
                            .hint("no token is matched by this role")
                            .asWarning());
        }
        tokenizer
                .roles()
                .forEach((role, token) -> {
                    if (tokenizer.vocabulary().id(token).isEmpty()) {
                        problems.add(
                                Problem.input(
                                                model.reference().toString(),
                                                "its tokenizer has no token for '%s', so that role is not matched"
                                                        .formatted(role))
                                        .found("'%s'".formatted(token))
                                        .asWarning());
                    }
                });
    }
}
