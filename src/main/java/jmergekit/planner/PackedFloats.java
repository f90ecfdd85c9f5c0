package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorLocation;

/// 4-bit weights as the values they stand for: E2M1, two in each byte, multiplied by the scales of
/// their blocks.
///
/// | layout | weights | scales of a row's blocks |
/// |---|---|---|
/// | MXFP4 of gpt-oss | `X_blocks` U8 `[…, blocks, 16]` | `X_scales` U8 `[…, blocks]` |
/// | MXFP4 of DeepSeek V4 | `X.weight` I8 | `X.scale` or `X.weight_scale_inv`, of E8M0, of 32 |
/// | `mxfp4-pack-quantized` | `X.weight_packed` U8 | `X.weight_scale` U8, of 32 |
/// | NVFP4 of ModelOpt | `X.weight` U8 | `X.weight_scale` F8_E4M3, of 16; `X.weight_scale_2` |
/// | `nvfp4-pack-quantized` | `X.weight_packed` U8 | the same; divided by `X.weight_global_scale` |
///
/// Source: *OCP Microscaling Formats (MX) Specification*, version 1.0; checkpoints of these layouts
/// and the documentation of compressed-tensors and ModelOpt.
final class PackedFloats {
    private static final String BLOCKS = "_blocks";
    private static final String PACKED = ".weight_packed";
    private static final String WEIGHT = ".weight";

    private static final String ZERO_POINTS = "_zero_point";

    /// Weights of a block, by the layout of its scale.
    private static final long MX_BLOCK = TileOps.MX_BLOCK;

    private static final long NV_BLOCK = 16;

    private final SourceModel model;
    private final boolean declared;
    private final DType dtype;
    private final Findings misfits = new Findings();

    private PackedFloats(SourceModel model) {
        this.model = model;
        this.declared =
                QuantisationSettings.of(model.folder().config())
                        .filter(s -> !s.integers())
                        .isPresent();
        this.dtype = QuantisedTensors.dtype(model.folder());
    }

    /// The values that the packed tensors of a model stand for.
    ///
    /// @param problems receives scales that do not fit
    static List<ViewedTensor> views(SourceModel model, Problems problems) {
        PackedFloats floats = new PackedFloats(model);
        List<ViewedTensor> views = new ArrayList<>();
        model.tensors()
                .forEach((name, location) -> {
                    if (isPacked(location)) {
                        floats.view(name, location.entry().spec()).ifPresent(views::add);
                    }
                });
        floats.misfits.report(problems, "the file is damaged or its layout is unknown");
        return views;
    }

    private static boolean isPacked(TensorLocation location) {
        TensorSpec spec = location.entry().spec();
        boolean bytes =
                switch (spec.dtype()) {
                    case F4, I8, U8 -> true;
                    default -> false;
                };
        return bytes
                && spec.shape().rank() > 1
                && spec.shape().elements() > 0
                && location.entry().strides().isEmpty()
                && !(location.header() instanceof SourceHeader);
    }

    private Optional<ViewedTensor> view(String name, TensorSpec spec) {
        if (spec.dtype() == DType.U8 && name.endsWith(BLOCKS)) {
            return blocks(name, spec);
        }
        if (spec.dtype() == DType.U8 && name.endsWith(PACKED)) {
            String base = without(name, PACKED) + WEIGHT;
            String inputs = without(name, PACKED) + ActivationScales.GLOBAL;
            return scale(base, Stream.of(base + "_scale"))
                    .flatMap(s -> view(base, name, s, base + "_global_scale", true, inputs));
        }
        String inputs = without(name, WEIGHT) + ActivationScales.PLAIN;
        return scale(name, scaleNames(name))
                .flatMap(s -> view(name, name, s, name + "_scale_2", false, inputs));
    }

    private static Stream<String> scaleNames(String name) {
        Stream<String> names = Stream.of(name + "_scale_inv", name + "_scale");
        return name.endsWith(WEIGHT)
                ? Stream.concat(names, Stream.of(without(name, WEIGHT) + ".scale"))
                : names;
    }

    private static String without(String name, String ending) {
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
    }

    private Optional<ViewedTensor> blocks(String name, TensorSpec spec) {
        String base = without(name, BLOCKS);
        String scales = base + "_scales";
        Optional<TensorSpec> scale = spec(scales).filter(s -> isPower(s.dtype()));
        if (scale.isEmpty()) {
            return Optional.empty();
        }
        List<Long> sizes = spec.shape().dimensions();
        int rank = sizes.size();
        List<Long> outer = sizes.subList(0, rank - 1);
        if (rank < 3
                || 2 * sizes.getLast() != MX_BLOCK
                || !scale.get().shape().dimensions().equals(outer)) {
            return misfit(spec, scale.get());
        }
        List<Long> shape = new ArrayList<>(outer);
        shape.set(rank - 2, Math.multiplyExact(outer.getLast(), MX_BLOCK));
        Source codes = new Rearranged.Viewed(stored(name), DType.F4, new Shape(shape));
        Source unpacked = scaled(codes, powers(scales), MX_BLOCK);
        return Optional.of(new ViewedTensor(base, unpacked, List.of(name, scales)));
    }

    // The scale of a weight, if it has the form used with 4-bit weights.
    private Optional<String> scale(String name, Stream<String> candidates) {
        Optional<String> found = candidates.filter(n -> spec(n).isPresent()).findFirst();
        boolean sure =
                model.find(name).filter(l -> l.entry().spec().dtype() == DType.F4).isPresent();
        return found.filter(n -> {
            DType scale = spec(n).orElseThrow().dtype();
            return isPower(scale)
                    || scale == DType.F8_E4M3
                    || scale.isFloat() && (sure || declared);
        });
    }

    private Optional<ViewedTensor> view(
            String name,
            String packed,
            String scales,
            String global,
            boolean divided,
            String inputs) {
        TensorSpec spec = spec(packed).orElseThrow();
        TensorSpec scale = spec(scales).orElseThrow();
        Shape shape = unpacked(spec);
        long block = shape.rowLength() / Math.max(1, scale.shape().rowLength());
        boolean known =
                switch (scale.dtype()) {
                    case U8, F8_E8M0 -> block == MX_BLOCK;
                    case F8_E4M3 -> block == NV_BLOCK;
                    default -> block == MX_BLOCK || block == NV_BLOCK;
                };
        boolean fits =
                known
                        && shape.withRowLength(shape.rowLength() / block).equals(scale.shape())
                        && shape.rowLength() % block == 0;
        if (!fits) {
            // 8-bit integers have scales too, one for a row or for all.
            return isPower(scale.dtype()) || spec.dtype() == DType.F4
                    ? misfit(spec, scale)
                    : Optional.empty();
        }
        Optional<TensorSpec> zeros = spec(name + ZERO_POINTS);
        if (zeros.isPresent()) {
            misfits.add(
                    model.label(),
                    "tensor '%s' has zero points '%s', which 4-bit floats cannot have"
                            .formatted(spec.name(), zeros.get().name()));
            return Optional.empty();
        }
        Source codes =
                spec.dtype() == DType.F4
                        ? stored(packed)
                        : new Rearranged.Viewed(stored(packed), DType.F4, shape);
        Source powers = isPower(scale.dtype()) ? powers(scales) : stored(scales);
        Source unpacked = scaled(codes, powers, block);
        List<String> replaced = new ArrayList<>(List.of(packed, scales));
        spec(inputs).ifPresent(_ -> replaced.add(inputs));
        Optional<TensorSpec> whole = spec(global);
        if (whole.isEmpty()) {
            return Optional.of(new ViewedTensor(name, unpacked, replaced));
        }
        replaced.add(global);
        Optional<ScaleGrid> grid =
                ScaleGrid.of(shape, whole.get().shape(), model.folder().config())
                        .filter(_ -> whole.get().dtype() == DType.F32);
        return grid.isEmpty()
                ? misfit(spec, whole.get())
                : Optional.of(
                        new ViewedTensor(
                                name,
                                grid.get().scaled(unpacked, stored(global), divided, dtype),
                                replaced));
    }

    private static Shape unpacked(TensorSpec spec) {
        long columns = spec.shape().rowLength();
        return spec.dtype() == DType.F4
                ? spec.shape()
                : spec.shape().withRowLength(Math.multiplyExact(2, columns));
    }

    private Source scaled(Source codes, Source scales, long block) {
        Shape shape = codes.shape();
        long columns = shape.rowLength();
        return new ScaleGrid(shape.elements() / columns, columns, 1, block)
                .scaled(codes, scales, false, dtype);
    }

    private static boolean isPower(DType dtype) {
        return dtype == DType.U8 || dtype == DType.F8_E8M0;
    }

    private Source powers(String name) {
        return QuantisedTensors.scales(stored(name));
    }

    private Source stored(String name) {
        return SourceModel.stored(
                model.find(name).orElseThrow(),
                header -> model.files().computeIfAbsent(header, model.folder()::inputFile));
    }

    private Optional<TensorSpec> spec(String name) {
        return model.find(name).map(l -> l.entry().spec());
    }

    private Optional<ViewedTensor> misfit(TensorSpec weight, TensorSpec scale) {
        misfits.add(
                model.label(),
                "tensor '%s' %s has scales '%s' %s, which do not fit"
                        .formatted(weight.name(), weight.shape(), scale.name(), scale.shape()));
        return Optional.empty();
    }
}
