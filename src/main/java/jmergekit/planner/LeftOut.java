package jmergekit.planner;

import java.util.List;
import jmergekit.tensor.NameRanges;

/// Tensors of an input that are not used in the output because the recipe leaves them out.
///
/// @param model index into [PlannedMerge#models]
/// @param names as stored, in file order
/// @param forms the names as short patterns: `model.layers.[4-7].*`
public record LeftOut(int model, Reason reason, List<String> names, List<String> forms) {
    /// Why they are not used.
    public enum Reason {
        LAYERS("outside the layer ranges of the slices"),
        AROUND_LAYERS("outside the layers, taken from the first and the last slice"),
        MODULES("of modules that the recipe does not list"),
        OTHER_MODELS("of modules that the recipe takes from other models"),
        AUXILIARY("of modules that are copied from another model"),
        BESIDE_LAYERS("of modules missing in the model that config.json comes from"),
        CONFIGURATION("of a model used only for its configuration"),
        FILTERS("that no filter matches"),
        NOT_COMMON("that not all models have");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public LeftOut {
        names = List.copyOf(names);
        forms = List.copyOf(forms);
    }

    /// @param all names of the model's tensors
    public static LeftOut of(int model, Reason reason, List<String> names, List<String> all) {
        return new LeftOut(model, reason, names, NameRanges.ofGroups(names, all));
    }
}
