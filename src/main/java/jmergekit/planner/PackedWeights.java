package jmergekit.planner;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.model.ModelFolder;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;

/// The weights that a quantised checkpoint keeps as whole numbers, and which of its other tensors are
/// needed to unpack them: scales, zero points, code books, whatever their layout calls them.
///
/// A tensor belongs to a packed weight if its name continues that one's (`up_proj.weight.absmax`), or
/// if it lies in the same module (`up_proj.scales` beside `up_proj.qweight`) and is no weight or bias
/// itself.
///
/// Source: checkpoints of bitsandbytes, GPTQ, AWQ, HQQ, AQLM, EETQ, compressed-tensors and ModelOpt.
final class PackedWeights {
    /// Whole numbers that look things up, such as the experts of each token, and masks.
    private static final Pattern BUFFERS = Pattern.compile("(_ids|_index|bias|mask|tid2eid)$");

    private static final Pattern PARAMETERS = Pattern.compile("((^|\\.)weight|bias)$");

    private final Set<String> names = new HashSet<>();
    private final Set<String> modules = new HashSet<>();

    private PackedWeights() {}

    static PackedWeights of(ModelFolder model) {
        PackedWeights packed = new PackedWeights();
        boolean declared = QuantisedTensors.isDeclared(model.config());
        for (TensorSpec spec : model.checkpoint().tensors()) {
            boolean scales = QuantisedNames.scales(model.checkpoint(), spec.name());
            if (!scales && isPacked(spec, declared)) {
                packed.names.add(spec.name());
                packed.modules.add(parent(spec.name()));
            }
        }
        return packed;
    }

    // Buffers are almost always of eight bytes, packed weights hardly ever.
    static boolean isPacked(TensorSpec spec, boolean declared) {
        DType dtype = spec.dtype();
        boolean small = dtype.bits() < Long.SIZE;
        return dtype.isInteger()
                && spec.shape().rank() > 1
                && (small || declared)
                && !BUFFERS.matcher(spec.name()).find();
    }

    /// Whether a tensor is needed to unpack another one.
    boolean owns(String name) {
        String parent = parent(name);
        return names.contains(parent)
                || modules.contains(parent) && !PARAMETERS.matcher(name).find();
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }
}
