package jmergekit.planner;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.model.ModelFolder;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;

/// The weights that a quantised checkpoint stores as integers, and the other tensors needed to
/// unpack them: scales, zero points, code books, whatever the layout calls them.
///
/// A tensor belongs to a packed weight if its name is an extension of the weight's name
/// (`up_proj.weight.absmax`), or if it is in the same module (`up_proj.scales` next to
/// `up_proj.qweight`) and is not a weight or bias itself.
///
/// Source: checkpoints of bitsandbytes, GPTQ, AWQ, HQQ, AQLM, EETQ, compressed-tensors and ModelOpt.
final class PackedWeights {
    /// Integers used for look-ups, such as the experts of each token, and masks.
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

    // Buffers are almost always 8-byte integers, packed weights hardly ever.
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
