package jmergekit.lora;

import java.util.Optional;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// A tensor of the fine-tune and the one of the base model that it is compared with.
///
/// @param name as the base model has it
/// @param base empty if the base model has none
record TensorPair(String name, TensorLocation model, Optional<TensorLocation> base) {
    TensorSpec spec() {
        return model.entry().spec();
    }

    boolean sameShape() {
        return base.isPresent() && base.get().entry().spec().shape().equals(spec().shape());
    }

    /// The name without the parameter's.
    String module() {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(0, dot);
    }

    /// The last part of the name: `weight`, `bias` or something rarer.
    String parameter() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
