package jmergekit.planner;

import java.util.List;
import jmergekit.tensor.NameRanges;

/// Tensors of an input that nothing of the output is made from, because the recipe says so.
///
/// @param model index into [PlannedMerge#models]
/// @param names as they are stored, in file order
/// @param forms the same in few words: `model.layers.[4-7].*`
public record LeftOut(int model, Reason reason, List<String> names, List<String> forms) {
    /// Why they are not used.
    public enum Reason {
        LAYERS("outside the layer ranges of the slices"),
        AROUND_LAYERS("around the layers, where the first and the last slice decide"),
        MODULES("of modules that the recipe does not list"),
        OTHER_MODELS("of modules that the recipe takes from other models"),
        AUXILIARY("of modules that stay as they are in another model"),
        BESIDE_LAYERS("of modules that the model of the output's config.json lacks"),
        CONFIGURATION("of a model that is named for its configuration only"),
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
