package jmergekit.lora;

import java.util.Optional;
import jmergekit.plan.Source;
import jmergekit.tensor.TensorSpec;

/// A tensor of the fine-tune and the tensor of the base model that it is compared with.
///
/// @param name as loaders of the base model name it
/// @param stored its name in the base model's files; for a tied tensor that files do not contain,
///     the name of the tensor it is tied to
/// @param base empty if the base model has no such tensor
record TensorPair(String name, String stored, Source model, Optional<Source> base) {
    TensorSpec spec() {
        return new TensorSpec(stored, model.dtype(), model.shape());
    }

    /// The same values under the name of a tensor that is tied to this one.
    TensorPair tiedAs(String name) {
        return new TensorPair(name, stored, model, base);
    }

    boolean sameShape() {
        return base.isPresent() && base.get().shape().equals(model.shape());
    }

    /// The name without the parameter part.
    String module() {
        return moduleOf(name);
    }

    String storedModule() {
        return moduleOf(stored);
    }

    static String moduleOf(String tensor) {
        return tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
    }

    /// The last part of the name: usually `weight` or `bias`.
    String parameter() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
