package jmergekit.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parsed name of an adapter's tensor, as in
/// `base_model.model.model.layers.0.mlp.up_proj.lora_A.weight`.
///
/// @param role of the tensor
/// @param target the module that it changes; for [Role#WHOLE], the tensor that it replaces
record AdapterTensorName(Role role, String target) {
    enum Role {
        A,
        B,
        BIAS,
        LOOKUP_A,
        LOOKUP_B,
        /// Replaces a tensor of the model.
        WHOLE,
        /// Part of an unsupported type of adapter.
        OTHER
    }

    private static final String PREFIX = "base_model.model.";

    /// If several adapters were saved together, the adapter's name follows that of the factor.
    private static final Pattern FACTOR =
            Pattern.compile("(.+)\\.lora_([AB])(\\.[\\w-]+)?\\.(weight|bias)");

    private static final Pattern LOOKUP =
            Pattern.compile("(.+)\\.lora_embedding_([AB])(\\.[\\w-]+)?");
    private static final Pattern OTHER = Pattern.compile(".+\\.(lora|vera|ia3|hada|lokr|oft)_.+");
    private static final Pattern SAVED =
            Pattern.compile("(.+)\\.modules_to_save(\\.[\\w-]+)?\\.([\\w-]+)");

    static AdapterTensorName of(String name) {
        String plain = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        Matcher factor = FACTOR.matcher(plain);
        if (factor.matches()) {
            boolean isA = factor.group(2).equals("A");
            if (factor.group(4).equals("bias")) {
                return new AdapterTensorName(isA ? Role.OTHER : Role.BIAS, factor.group(1));
            }
            return new AdapterTensorName(isA ? Role.A : Role.B, factor.group(1));
        }
        Matcher lookup = LOOKUP.matcher(plain);
        if (lookup.matches()) {
            Role role = lookup.group(2).equals("A") ? Role.LOOKUP_A : Role.LOOKUP_B;
            return new AdapterTensorName(role, lookup.group(1));
        }
        if (OTHER.matcher(plain).matches()) {
            return new AdapterTensorName(Role.OTHER, plain);
        }
        Matcher saved = SAVED.matcher(plain);
        if (saved.matches()) {
            return new AdapterTensorName(Role.WHOLE, saved.group(1) + "." + saved.group(3));
        }
        return new AdapterTensorName(Role.WHOLE, plain.replace(".base_layer.", "."));
    }
}
