package jmergekit.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// A recipe of `mergekit moe` as the user wrote it. `source` is the file's name as given and `text`
/// its content verbatim; whether the models fit together is not known yet.
///
/// @param expertsPerToken the number of experts per token, located at the value or at the recipe
/// @param sharedExperts experts used for every token
/// @param architecture the family of the output, if the recipe names it
public record MixtureConfig(
        String source,
        String text,
        Located<ModelReference> baseModel,
        GateMode gateMode,
        Optional<Located<String>> dtype,
        Located<Integer> expertsPerToken,
        List<ExpertConfig> experts,
        List<ExpertConfig> sharedExperts,
        Optional<Located<String>> architecture,
        Location at) {
    public MixtureConfig {
        experts = List.copyOf(experts);
        sharedExperts = List.copyOf(sharedExperts);
    }

    /// The same with the text of the whole file.
    public MixtureConfig withText(String whole) {
        return new MixtureConfig(
                source,
                whole,
                baseModel,
                gateMode,
                dtype,
                expertsPerToken,
                experts,
                sharedExperts,
                architecture,
                at);
    }

    /// The experts, then the shared ones.
    public Stream<ExpertConfig> allExperts() {
        return Stream.concat(experts.stream(), sharedExperts.stream());
    }
}
