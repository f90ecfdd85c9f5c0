package jmergekit.planner;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.arch.LoaderNames;
import jmergekit.arch.Structure;
import jmergekit.model.ModelConfig;

/// Which of a model's tensors an adapter refers to. An adapter uses the names that modules have
/// after loading. These can differ from the names in the files, and several can refer to one
/// tensor, which the files store once.
///
/// @param own names in the files, by the loaders' names
/// @param groups names of the same tensor
record TiedNames(Map<String, String> own, List<List<String>> groups) {
    static TiedNames of(ModelConfig config, Set<String> tensors) {
        LoaderNames loaders = LoaderNames.of(config);
        Map<String, String> own = new HashMap<>();
        tensors.forEach(name -> own.put(loaders.of(name), name));
        boolean tied = config.tieWordEmbeddings().orElse(true);
        return new TiedNames(own, loaders.tied(tensors, tied));
    }

    /// The name of a tensor in the files. The head of tied embeddings is excluded: an adapter that
    /// changes only the head unties it.
    Optional<String> own(String name, Collection<String> changed) {
        Optional<String> renamed = Optional.ofNullable(own.get(name));
        return renamed.isPresent() || Structure.isHead(name)
                ? renamed
                : others(name).filter(other -> !changed.contains(other)).map(own::get).findFirst();
    }

    /// Whether the files do not contain a tensor because it is tied to another one that the adapter
    /// also changes.
    boolean isCopy(String name, Collection<String> changed) {
        return !own.containsKey(name)
                && !own.containsValue(name)
                && others(name).anyMatch(changed::contains);
    }

    private Stream<String> others(String name) {
        return groups.stream()
                .filter(g -> g.contains(name))
                .flatMap(List::stream)
                .filter(other -> !other.equals(name) && own.containsKey(other));
    }
}
