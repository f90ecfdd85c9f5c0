package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import jmergekit.model.ModelFolder;
import jmergekit.model.OriginalModel;
import jmergekit.problem.Problem;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.TensorLocation;

/// How a checkpoint stores its weights as packed integers. They can be copied, but not merged.
///
/// @param method the usual name: GPTQ, bitsandbytes
/// @param bits per weight, if known
/// @param first the name of the first packed tensor
/// @param count the number of packed tensors
public record IntegerQuantisation(String method, OptionalInt bits, String first, int count) {
    /// 4-bit floats are packed into bytes too.
    private static final Pattern FLOAT_BLOCKS = Pattern.compile("_(blocks|scales)$");

    /// Zero points of GPTQ and AWQ are stored packed next to the weights.
    private static final String ZEROS = ".qzeros";

    private static final int WORD = 32;

    /// A layout's name and its number of bits.
    private record Layout(String method, OptionalInt bits) {
        private Layout(String method, int bits) {
            this(method, OptionalInt.of(bits));
        }
    }

    /// Empty if no weights are packed, or if neither config.json nor the names show the method. A
    /// configuration that names a method for plain weights tells loaders to quantise them.
    public static Optional<IntegerQuantisation> of(ModelFolder model) {
        Optional<QuantisationSettings> settings = QuantisationSettings.of(model.config());
        if (model.isMade() || settings.filter(s -> !s.integers()).isPresent()) {
            return Optional.empty();
        }
        boolean declared = settings.isPresent();
        List<TensorSpec> packed =
                model.checkpoint().tensors().stream()
                        .filter(t -> PackedWeights.isPacked(t, declared))
                        .filter(t -> declared || !FLOAT_BLOCKS.matcher(t.name()).find())
                        .filter(t -> !t.name().endsWith(ZEROS))
                        .toList();
        if (packed.isEmpty()) {
            return Optional.empty();
        }
        Optional<Layout> layout = layout(model.checkpoint(), packed);
        OptionalInt bits = settings.map(QuantisationSettings::bits).orElse(OptionalInt.empty());
        OptionalInt known =
                bits.isPresent() ? bits : layout.map(Layout::bits).orElse(OptionalInt.empty());
        return settings.map(QuantisationSettings::method)
                .or(() -> layout.map(Layout::method))
                .map(m ->
                        new IntegerQuantisation(m, known, packed.getFirst().name(), packed.size()));
    }

    private static Optional<Layout> layout(Checkpoint checkpoint, List<TensorSpec> packed) {
        return packed.stream().flatMap(t -> layout(checkpoint, t).stream()).findFirst();
    }

    private static Optional<Layout> layout(Checkpoint checkpoint, TensorSpec tensor) {
        String name = tensor.name();
        String module = name.substring(0, name.lastIndexOf('.') + 1);
        String last = name.substring(module.length());
        return switch (last) {
            case "qweight" -> Optional.of(columns(checkpoint, tensor, module));
            case "W_q" -> Optional.of(new Layout("HQQ", OptionalInt.empty()));
            case "codes" ->
                    checkpoint
                            .find(module + "codebooks")
                            .map(_ -> new Layout("AQLM", OptionalInt.empty()));
            case "weight_packed" ->
                    tensor.dtype() == DType.I32
                            ? Optional.of(new Layout("compressed-tensors", OptionalInt.empty()))
                            : Optional.empty();
            case "weight_qdata" -> Optional.of(new Layout("torchao", OptionalInt.empty()));
            case "weight" -> ofWeight(checkpoint, name, module);
            default -> Optional.empty();
        };
    }

    private static Optional<Layout> ofWeight(Checkpoint checkpoint, String name, String module) {
        if (checkpoint.find(name + ".absmax").isPresent()) {
            return Optional.of(new Layout("bitsandbytes", 4));
        }
        if (checkpoint.find(module + "SCB").isPresent()) {
            return Optional.of(new Layout("bitsandbytes", 8));
        }
        return checkpoint.find(module + "weight_scales").map(_ -> new Layout("EETQ", 8));
    }

    // GPTQ packs the inputs of a matrix, (inputs · bits / 32, outputs), AWQ its outputs.
    private static Layout columns(Checkpoint checkpoint, TensorSpec tensor, String module) {
        Optional<Long> outputs =
                checkpoint
                        .find(module + "scales")
                        .map(TensorLocation::entry)
                        .map(e -> e.spec().shape())
                        .filter(s -> s.rank() == 2)
                        .map(Shape::rowLength);
        long columns = tensor.shape().rowLength();
        if (outputs.isEmpty() || outputs.get() == columns) {
            return new Layout("GPTQ", OptionalInt.empty());
        }
        long bits = outputs.get() == 0 ? 0 : WORD * columns / outputs.get();
        return new Layout("AWQ", bits > 0 ? OptionalInt.of((int) bits) : OptionalInt.empty());
    }

    /// `GPTQ, 4 bits`
    public String text() {
        return bits.isPresent() ? "%s, %d bits".formatted(method, bits.getAsInt()) : method;
    }

    /// Whether the weights of another checkpoint are packed in the same way, so that one
    /// config.json can describe both.
    boolean isLike(IntegerQuantisation other) {
        return method.equals(other.method) && bits.equals(other.bits);
    }

    /// An error saying that the weights cannot be computed with, and which checkpoint to use
    /// instead.
    ///
    /// @param computing what would compute with them: `merge method 'ties'`
    public Problem refusal(ModelFolder model, String computing) {
        return Problem.input(
                        model.reference().toString(),
                        "its weights are quantised by %s: packed integers, which %s cannot compute with"
                                .formatted(text(), computing))
                .found(
                        count == 1
                                ? "'" + first + "'"
                                : "'%s' and %d more".formatted(first, count - 1))
                .hint(advice(model));
    }

    private static String advice(ModelFolder model) {
        String take =
                OriginalModel.of(model)
                        .map("use '%s', which it was made from"::formatted)
                        .orElse("use the unquantised checkpoint it was made from");
        return model.adapter().isPresent()
                ? take + ", with the same adapter"
                : take + "; passthrough copies whole layers as they are";
    }
}
