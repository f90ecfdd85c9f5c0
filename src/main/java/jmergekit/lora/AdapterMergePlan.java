package jmergekit.lora;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.safetensors.ShardLayout;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.FolderState;
import tools.jackson.databind.node.ObjectNode;

/// Everything a merge of adapters will do, decided before a tensor is read. Immutable.
///
/// @param inputs in order of appearance
/// @param tensors of the output in output order
/// @param settings its adapter_config.json
public record AdapterMergePlan(
        MergeConfig config,
        MergeMethod method,
        List<AdapterInput> inputs,
        List<MergedTensor> tensors,
        ObjectNode settings) {
    static final String WEIGHTS = "adapter_model.safetensors";

    public AdapterMergePlan {
        inputs = List.copyOf(inputs);
        tensors = List.copyOf(tensors);
    }

    /// Where the tensors go.
    ShardLayout layout() {
        List<TensorSpec> specs = tensors.stream().map(MergedTensor::spec).toList();
        return ShardLayout.single(WEIGHTS, specs);
    }

    /// The files that tensors will be read from.
    public Set<Path> inputFiles() {
        return tensors.stream()
                .flatMap(t -> t.parts().stream())
                .map(p -> p.tensor().header().file())
                .collect(Collectors.toSet());
    }

    /// The states of the adapters' files before any of them was read.
    List<FolderState> states() {
        return inputs.stream().map(i -> i.adapter().state()).toList();
    }

    /// Bytes of tensor data that will be written.
    public long outputBytes() {
        return tensors.stream().mapToLong(t -> t.spec().bytes()).sum();
    }

    /// The highest rank of a module.
    public int rank() {
        return settings.path("r").asInt(0);
    }
}
