package jmergekit.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.torchfile.TorchHeader;
import jmergekit.weights.FolderState;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightHeader;

/// A low-rank adapter on disk, in the PEFT format. No tensor data is read.
///
/// @param where the name of the adapter in messages
/// @param state the state of the folder's files before any of them was read
/// @param header the header of its weight file
/// @param factors the factors of the products that are added to weights
/// @param whole tensors that replace the model's, by the names of the model's tensors
public record Adapter(
        String where,
        Path folder,
        FolderState state,
        WeightHeader header,
        AdapterSettings settings,
        List<Factors> factors,
        Map<String, TensorLocation> whole) {
    /// The file that makes a folder an adapter.
    public static final String CONFIG = "adapter_config.json";

    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String TORCH_WEIGHTS = "adapter_model.bin";

    /// The factors of one module's product.
    ///
    /// @param module as in `model.layers.0.mlp.up_proj`
    /// @param lookup whether the module is an embedding table, whose product is transposed
    /// @param bias the tensor that is added to the module's bias, if any
    public record Factors(
            String module,
            TensorLocation a,
            TensorLocation b,
            boolean lookup,
            Optional<TensorLocation> bias) {}

    /// Opens an adapter's folder. All errors are added to `problems`; the result is empty if the
    /// adapter cannot be used.
    public static Optional<Adapter> open(WeightFolder folder, String where, Problems problems) {
        Problems own = new Problems();
        Optional<Adapter> adapter = Optional.empty();
        try {
            adapter = Optional.of(read(folder, where, own));
        } catch (MergeException e) {
            own.add(e);
        }
        problems.addAll(own);
        return own.hasErrors() ? Optional.empty() : adapter;
    }

    private static Adapter read(WeightFolder folder, String where, Problems problems) {
        if (!folder.holds(CONFIG)) {
            throw new MergeException(
                    Problem.input(where, "not an adapter: the folder has no " + CONFIG));
        }
        String file = where + "/" + CONFIG;
        AdapterSettings settings =
                AdapterSettings.of(
                        ConfigJson.readObject(folder.path().resolve(CONFIG), file), file, problems);
        WeightHeader header = header(folder, where);
        AdapterTensors tensors = new AdapterTensors();
        for (TensorEntry entry : header.entries()) {
            tensors.add(new TensorLocation(header, entry));
        }
        List<Factors> factors = tensors.factors();
        tensors.report(where, problems);
        return new Adapter(
                where, folder.path(), folder.state(), header, settings, factors, tensors.whole());
    }

    private static WeightHeader header(WeightFolder folder, String where) {
        if (folder.holds(WEIGHTS)) {
            return folder.header(SafetensorsHeader.FORMAT, WEIGHTS);
        }
        if (folder.holds(TORCH_WEIGHTS)) {
            return folder.header(TorchHeader.FORMAT, TORCH_WEIGHTS);
        }
        throw new MergeException(Problem.input(where, "the adapter has no " + WEIGHTS));
    }
}
