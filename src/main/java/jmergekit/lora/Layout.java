package jmergekit.lora;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// How the factors of a module's weight are stored. A weight is treated as a matrix: its first
/// dimension by the product of the others. Its difference is `left` times `right`.
///
/// Source: the state dictionaries of adapters made with PEFT,
/// <https://huggingface.co/docs/peft/developer_guides/checkpoint>.
enum Layout {
    /// `[out, in]`: A is `right`, B is `left`.
    LINEAR,
    /// `[in, out]`, as in GPT-2: A is `left` and B is `right`, both transposed.
    TRANSPOSED,
    /// `[tokens, hidden]`: A is `left` and B is `right`, both transposed, under other names.
    EMBEDDING,
    /// `[out, in, kernel…]`: like LINEAR, with the kernel's dimensions in A, and as many of size 1
    /// in B.
    CONVOLUTION;

    private static final String PREFIX = "base_model.model.";

    static String lastPart(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    /// The name in the adapter of a tensor that is kept whole.
    static String wholeName(String tensor) {
        return PREFIX + tensor;
    }

    /// The name of a module inside the wrappers that adapter loaders put around it.
    ///
    /// @param depth number of wrappers
    static String wrapped(String module, int depth) {
        return module + ".base_layer".repeat(depth);
    }

    /// The name of a bias that is stored in full, of a module with factors.
    static String keptBiasName(String module) {
        return wholeName(wrapped(module, 1) + ".bias");
    }

    static boolean isKeptBias(String name) {
        return name.contains(".base_layer.") && name.endsWith("bias");
    }

    /// The name of a module's bias difference.
    static String biasName(String module) {
        return PREFIX + module + ".lora_B.bias";
    }

    /// Whether A is the left factor, and both are stored transposed.
    boolean isTransposed() {
        return this == TRANSPOSED || this == EMBEDDING;
    }

    /// Factor A for a weight of a shape.
    TensorSpec a(String module, DType dtype, Shape weight, int rank) {
        String name = this == EMBEDDING ? ".lora_embedding_A" : ".lora_A.weight";
        Shape shape = isTransposed() ? Shape.of(rank, weight.size(0)) : weight.withRows(rank);
        return new TensorSpec(PREFIX + module + name, dtype, shape);
    }

    /// Factor B for a weight of a shape.
    TensorSpec b(String module, DType dtype, Shape weight, int rank) {
        String name = this == EMBEDDING ? ".lora_embedding_B" : ".lora_B.weight";
        List<Long> sizes = new ArrayList<>();
        sizes.add(weight.size(isTransposed() ? 1 : 0));
        sizes.add((long) rank);
        sizes.addAll(Collections.nCopies(weight.rank() - 2, 1L));
        return new TensorSpec(PREFIX + module + name, dtype, new Shape(sizes));
    }
}
