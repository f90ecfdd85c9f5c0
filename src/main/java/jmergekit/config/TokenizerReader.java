package jmergekit.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Reads `tokenizer` or its older form `tokenizer_source`; a recipe has at most one of them.
record TokenizerReader(ReferenceReader references, Problems problems) {
    Optional<TokenizerConfig> read(Fields recipe) {
        Optional<YamlNode> section = recipe.value("tokenizer");
        Optional<YamlNode> legacy = recipe.value("tokenizer_source");
        if (section.isPresent() && legacy.isPresent()) {
            problems.add(
                    Problem.recipe(
                                    recipe.mapping().entry("tokenizer_source").orElseThrow().at(),
                                    "both 'tokenizer' and 'tokenizer_source' are given")
                            .hint("keep 'tokenizer' and set its 'source'"));
        }
        if (section.isPresent()) {
            return section(section.get());
        }
        return legacy.flatMap(node -> vocabulary(node, "tokenizer_source"))
                .map(source ->
                        new TokenizerConfig(source, Map.of(), Optional.empty(), source.at()));
    }

    private Optional<TokenizerConfig> section(YamlNode node) {
        if (node instanceof YamlNode.Scalar) {
            problems.add(
                    Fields.wrongForm("'tokenizer'", "a mapping", node)
                            .hint("write 'tokenizer: {source: ...}'"));
            return Optional.empty();
        }
        return Fields.of(node, Section.TOKENIZER, "'tokenizer'", problems).map(this::section);
    }

    private TokenizerConfig section(Fields fields) {
        Located<VocabularySource> union = new Located<>(new VocabularySource.Union(), fields.at());
        return new TokenizerConfig(
                fields.value("source").flatMap(s -> vocabulary(s, "source")).orElse(union),
                tokens(fields),
                padding(fields),
                fields.at());
    }

    private Optional<Located<VocabularySource>> vocabulary(YamlNode node, String key) {
        if (node instanceof YamlNode.Scalar scalar && scalar.text().equals("union")) {
            return Optional.of(new Located<>(new VocabularySource.Union(), node.at()));
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.text().equals("base")) {
            return Optional.of(new Located<>(new VocabularySource.Base(), node.at()));
        }
        if (node instanceof YamlNode.Scalar scalar && isMisspelt(scalar.text())) {
            problems.add(
                    Problem.recipe(
                                    scalar.at(),
                                    "unknown %s %s%s"
                                            .formatted(
                                                    key,
                                                    scalar.description(),
                                                    Suggestion.didYouMean(
                                                            scalar.text(),
                                                            TokenizerKeys.VOCABULARIES)))
                            .expected("'union', 'base' or a model")
                            .hint("for a folder of this name, write './" + scalar.text() + "'"));
            return Optional.empty();
        }
        return references
                .located(node, key)
                .map(r -> new Located<>(new VocabularySource.OfModel(r.value()), r.at()));
    }

    // Models on the hub have an organisation before their name, except for a few old ones.
    private boolean isMisspelt(String text) {
        return Suggestion.closest(text, TokenizerKeys.VOCABULARIES).isPresent()
                && !references.exists().test(text);
    }

    private Optional<Located<Integer>> padding(Fields fields) {
        Optional<YamlNode> node = fields.value("pad_to_multiple_of");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt number =
                node.get() instanceof YamlNode.Scalar scalar
                        ? ScalarRules.integer(scalar)
                        : OptionalInt.empty();
        if (number.isPresent() && number.getAsInt() > 0) {
            return Optional.of(new Located<>(number.getAsInt(), node.get().at()));
        }
        problems.add(
                Fields.wrongForm("'pad_to_multiple_of'", "a whole number above 0", node.get()));
        return Optional.empty();
    }

    private Map<String, TokenRule> tokens(Fields fields) {
        Map<String, TokenRule> rules = new LinkedHashMap<>();
        Optional<YamlNode> node = fields.value("tokens");
        if (node.isEmpty()) {
            return rules;
        }
        if (!(node.get() instanceof YamlNode.Mapping mapping)) {
            problems.add(Fields.wrongForm("'tokens'", "a mapping of tokens", node.get()));
            return rules;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            String token = entry.key().text();
            Fields.of(entry.value(), Section.TOKEN, "token '" + token + "'", problems)
                    .ifPresent(rule -> rules.put(token, rule(token, rule)));
        }
        return rules;
    }

    private TokenRule rule(String token, Fields fields) {
        Optional<Located<TokenSource>> source =
                fields.value("source")
                        .flatMap(node -> source(token, node))
                        .map(s -> new Located<>(s, fields.value("source").orElseThrow().at()));
        Optional<YamlNode> force = fields.value("force");
        Optional<Boolean> forced =
                force.flatMap(f ->
                        f instanceof YamlNode.Scalar scalar
                                ? ScalarRules.boolText(scalar.text())
                                : Optional.empty());
        if (force.isPresent() && forced.isEmpty()) {
            problems.add(Fields.wrongForm("'force'", "true or false", force.get()));
        }
        return new TokenRule(source, forced.orElse(false), fields.at());
    }

    private Optional<TokenSource> source(String token, YamlNode node) {
        if (!(node instanceof YamlNode.Mapping mapping) || !namesARow(mapping)) {
            return references
                    .located(node, "source")
                    .map(r -> new TokenSource.SameToken(r.value()));
        }
        String subject = "the source of token '" + token + "'";
        Fields fields = Fields.of(mapping, Section.TOKEN_SOURCE, subject, problems).orElseThrow();
        fields.required("kind", subject);
        Optional<Located<String>> kind = fields.text("kind");
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        return switch (kind.get().value()) {
            case "zero" -> Optional.of(new TokenSource.Zero());
            case "model_token" ->
                    fields.required("model", subject)
                            .flatMap(m -> references.located(m, "model"))
                            .flatMap(model -> modelToken(fields, model.value(), subject));
            default -> {
                problems.add(
                        Problem.recipe(
                                        kind.get().at(),
                                        subject
                                                + " is of an unknown kind"
                                                + Suggestion.didYouMean(
                                                        kind.get().value(), TokenizerKeys.KINDS))
                                .expected("'zero' or 'model_token'")
                                .found("'" + kind.get().value() + "'"));
                yield Optional.empty();
            }
        };
    }

    // Without any of these keys, the mapping is a model reference.
    private static boolean namesARow(YamlNode.Mapping mapping) {
        return Stream.of("kind", "token", "token_id").anyMatch(mapping.byKey()::containsKey);
    }

    private Optional<TokenSource> modelToken(Fields fields, ModelReference model, String subject) {
        Optional<YamlNode> token = fields.value("token");
        Optional<YamlNode> id = fields.value("token_id");
        if (token.isPresent() == id.isPresent()) {
            problems.add(
                    Problem.recipe(fields.at(), subject + " does not name a single token")
                            .expected("exactly one of the keys 'token' and 'token_id'")
                            .found(token.isPresent() ? "both" : "neither"));
            return Optional.empty();
        }
        if (token.isPresent()) {
            return fields.text("token")
                    .map(text -> new TokenSource.NamedToken(model, text.value()));
        }
        OptionalInt number =
                id.get() instanceof YamlNode.Scalar scalar
                        ? ScalarRules.integer(scalar)
                        : OptionalInt.empty();
        if (number.isPresent() && number.getAsInt() >= 0) {
            return Optional.of(new TokenSource.TokenId(model, number.getAsInt()));
        }
        problems.add(Fields.wrongForm("'token_id'", "a whole number, 0 or more", id.get()));
        return Optional.empty();
    }
}
