package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// A merge recipe as the user wrote it. `source` is the file's name as given and `text` its content
/// verbatim; whether the method, models and layers exist is not known yet.
///
/// @param defaultBase where the recipe says that the base model's tensors stay where no filter
///     matches; empty if it does not
/// @param inputModelParameters parameters that models have wherever they are used, keyed by the
///     name in the recipe
/// @param adapter keys of recipes that name only adapters
public record MergeConfig(
        String source,
        String text,
        Optional<Located<String>> name,
        Located<String> mergeMethod,
        Optional<Located<ModelReference>> baseModel,
        Optional<Location> defaultBase,
        Composition composition,
        ParameterSet parameters,
        List<InputModel> inputModelParameters,
        Optional<Located<String>> dtype,
        Optional<Located<String>> outDtype,
        Optional<TokenizerConfig> tokenizer,
        Optional<Located<String>> chatTemplate,
        AdapterKeys adapter) {
    public MergeConfig {
        inputModelParameters = List.copyOf(inputModelParameters);
    }

    /// The same with the text of the whole file.
    public MergeConfig withText(String whole) {
        return new MergeConfig(
                source,
                whole,
                name,
                mergeMethod,
                baseModel,
                defaultBase,
                composition,
                parameters,
                inputModelParameters,
                dtype,
                outDtype,
                tokenizer,
                chatTemplate,
                adapter);
    }
}
