package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A tensor of all experts of a layer, recognised by its name.
///
/// @param prefix up to `experts.`
/// @param gateUp whether it holds gates and ups, not downs
/// @param bias whether it holds biases, not matrices
record ExpertTensor(String prefix, boolean gateUp, boolean bias) {
    private static final Pattern NAME =
            Pattern.compile("(.*\\bexperts\\.)(gate_up_proj|down_proj)(_bias)?");

    static Optional<ExpertTensor> of(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(
                        new ExpertTensor(
                                matcher.group(1),
                                matcher.group(2).equals("gate_up_proj"),
                                matcher.group(3) != null))
                : Optional.empty();
    }

    String name() {
        return prefix + (gateUp ? "gate_up_proj" : "down_proj") + (bias ? "_bias" : "");
    }

    /// The tensor of biases that belongs to these matrices.
    ExpertTensor ofBias() {
        return new ExpertTensor(prefix, gateUp, true);
    }

    /// The matrices in it.
    List<ExpertPart> parts() {
        return gateUp ? ExpertPart.GATE_UP : List.of(ExpertPart.DOWN);
    }

    /// The name of one expert's part in the split layout.
    String nameOf(int expert, ExpertPart part, ExpertLayout.Split words) {
        return prefix + expert + "." + words.word(part) + (bias ? ".bias" : ".weight");
    }
}
