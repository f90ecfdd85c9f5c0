package jmergekit.arch;

/// A tensor name split after the classes around the network: `model.language_model.` and
/// `layers.0.mlp.up_proj.weight`.
///
/// @param prefix with its dots; empty if there is none
/// @param core the rest
record WrappedName(String prefix, String core) {
    static WrappedName of(String name) {
        int end = 0;
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', end)) {
            if (!ArchitectureFacts.WRAPPERS.contains(name.substring(end, dot))) {
                break;
            }
            end = dot + 1;
        }
        return new WrappedName(name.substring(0, end), name.substring(end));
    }
}
