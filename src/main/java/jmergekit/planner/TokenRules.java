package jmergekit.planner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.config.Located;
import jmergekit.config.TokenRule;
import jmergekit.config.TokenSource;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tokenizer.EmbeddingRows.Row;
import jmergekit.tokenizer.EmbeddingRows.Rule;
import jmergekit.tokenizer.ModelTokenizer;

/// Looks up the rows that the recipe's `tokens` name.
///
/// @param models all models of the recipe, in order
/// @param tokenizers of the models
/// @param stored the number of rows in the embeddings of each model
record TokenRules(
        List<SourceModel> models,
        List<ModelTokenizer> tokenizers,
        long[] stored,
        Problems problems) {

    Map<String, Rule> of(Map<String, TokenRule> tokens) {
        Map<String, Rule> rules = new HashMap<>();
        tokens.forEach((token, rule) ->
                rules.put(
                        token, new Rule(rule.source().flatMap(s -> row(token, s)), rule.force())));
        return rules;
    }

    private Optional<Row> row(String token, Located<TokenSource> source) {
        return switch (source.value()) {
            case TokenSource.Zero() -> Optional.of(Row.ZEROS);
            case TokenSource.SameToken(ModelReference model) ->
                    rowOfToken(token, model, token, source.at());
            case TokenSource.NamedToken(ModelReference model, String other) ->
                    rowOfToken(token, model, other, source.at());
            case TokenSource.TokenId(ModelReference model, int id) ->
                    model(token, model, source.at()).flatMap(m -> rowOfId(m, id, source.at()));
        };
    }

    private Optional<Integer> model(String token, ModelReference reference, Location at) {
        for (SourceModel model : models) {
            if (model.folder().reference().equals(reference)) {
                return Optional.of(model.index());
            }
        }
        List<String> names = models.stream().map(SourceModel::label).toList();
        problems.add(
                Problem.recipe(
                                at,
                                "the row of token '%s' is requested from '%s', which is not part of"
                                                .formatted(token, reference)
                                        + " the merge")
                        .expected("one of " + String.join(", ", names)));
        return Optional.empty();
    }

    private Optional<Row> rowOfToken(
            String token, ModelReference reference, String other, Location at) {
        Optional<Integer> model = model(token, reference, at);
        if (model.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt id = tokenizers.get(model.get()).vocabulary().id(other);
        if (id.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    at,
                                    "the row of token '%s' is requested from '%s', which lacks the token '%s'"
                                            .formatted(token, reference, other))
                            .hint("write tokens as in the tokenizer's vocabulary"));
            return Optional.empty();
        }
        return rowOfId(model.get(), id.getAsInt(), at);
    }

    private Optional<Row> rowOfId(int model, int id, Location at) {
        if (id < stored[model]) {
            return Optional.of(new Row(model, id));
        }
        problems.add(
                Problem.recipe(
                                at,
                                "token id %d is out of range for '%s'"
                                        .formatted(id, models.get(model).label()))
                        .expected("0 to " + (stored[model] - 1)));
        return Optional.empty();
    }
}
