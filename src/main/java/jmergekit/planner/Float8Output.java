package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.source.BlockFormat;
import jmergekit.tensor.DType;
import jmergekit.tensor.NameRanges;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.node.ObjectNode;

/// Linear layers in FP8 with a scale for each block of 128 × 128, the format of DeepSeek-V3.
///
/// Only matrices that divide into whole blocks are quantised, because loaders disagree about
/// others. Matrices that loaders combine are quantised together or not at all.
///
/// Source: `FineGrainedFP8Config` of transformers 5.18.
///
/// @param at the place of the setting in the recipe
record Float8Output(Location at, ModelFolder donor, LinearWeights linear, Problems problems) {
    static final long BLOCK = 128;
    private static final String SCALES = "_scale_inv";
    private static final int SHOWN = 4;

    QuantisedOutput of(List<TensorTask> tasks) {
        Set<String> chosen = chosen(tasks);
        List<TensorTask> all = new ArrayList<>();
        Set<String> others = new LinkedHashSet<>();
        List<String> left = new ArrayList<>();
        for (TensorTask task : tasks) {
            TensorSpec spec = task.output();
            if (QuantisedNames.isFloat8(spec.dtype())) {
                checkStored(task);
                all.add(task);
            } else if (chosen.contains(spec.name())) {
                all.addAll(quantised(task));
            } else {
                all.add(task);
                if (LinearWeights.isMatrix(spec)) {
                    others.add(LinearWeights.module(spec));
                }
                if (linear.isLinear(spec)) {
                    left.add(spec.name());
                }
            }
        }
        if (chosen.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    at,
                                    "no tensor can be quantised: FP8 is only used for linear layers"
                                            + " of the text model")
                            .expected("rows and columns that are multiples of " + BLOCK)
                            .hint("choose 'out_dtype: bfloat16'"));
        }
        return new QuantisedOutput(all, Optional.of(settings(others)), notes(chosen, left));
    }

    private static List<TensorTask> quantised(TensorTask task) {
        Shape shape = task.output().shape();
        BlockFormat format =
                new BlockFormat(
                        DType.F8_E4M3,
                        DType.F32,
                        shape.size(shape.rank() - 2),
                        shape.rowLength(),
                        BLOCK,
                        BLOCK);
        return QuantisedTask.of(
                        task.output(),
                        format,
                        task.output().name() + SCALES,
                        QuantisedTask.shape(shape, format))
                .of(task);
    }

    private Set<String> chosen(List<TensorTask> tasks) {
        ModuleList ignored = ModuleList.of(donor.config().quantisation());
        Map<String, List<TensorSpec>> groups = new HashMap<>();
        Set<String> unfit = new HashSet<>();
        Set<String> others = new HashSet<>();
        for (TensorTask task : tasks) {
            TensorSpec spec = task.output();
            if (QuantisedNames.isFloat8(spec.dtype())) {
                continue;
            }
            if (linear.isLinear(spec) && spec.dtype().isFloat()) {
                String group = LinearWeights.group(spec);
                groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(spec);
                if (!fits(spec) || ignored.has(LinearWeights.module(spec))) {
                    unfit.add(group);
                }
            } else if (LinearWeights.isMatrix(spec)) {
                others.add(LinearWeights.module(spec));
            }
        }
        for (int before = -1; before != unfit.size(); ) {
            before = unfit.size();
            unfit.forEach(g ->
                    groups.getOrDefault(g, List.of())
                            .forEach(s -> others.add(LinearWeights.module(s))));
            groups.forEach((group, specs) -> {
                if (specs.stream().anyMatch(s -> isTakenFor(LinearWeights.module(s), others))) {
                    unfit.add(group);
                }
            });
        }
        groups.keySet().removeAll(unfit);
        Set<String> names = new HashSet<>();
        groups.values().forEach(specs -> specs.forEach(s -> names.add(s.name())));
        return names;
    }

    // Loaders match an entry with the beginning or the end of a name.
    private static boolean isTakenFor(String module, Set<String> others) {
        for (int i = 1; i <= module.length(); i++) {
            if (others.contains(module.substring(0, i))
                    || others.contains(module.substring(module.length() - i))) {
                return true;
            }
        }
        return false;
    }

    private boolean fits(TensorSpec spec) {
        Shape shape = spec.shape();
        long rows = shape.size(shape.rank() - 2);
        long columns = shape.rowLength();
        return rows % BLOCK == 0
                && columns % BLOCK == 0
                && (shape.rank() == 2 || isOutputFirst(spec.name(), rows, columns));
    }

    // Loaders support experts that are separate matrices [out, in].
    private boolean isOutputFirst(String name, long rows, long columns) {
        long hidden = donor.config().size("hidden_size").orElse(-1);
        long input = name.endsWith("down_proj") ? rows : columns;
        return input == hidden && !linear.hasTransposedExperts();
    }

    private void checkStored(TensorTask task) {
        String name = task.output().name();
        boolean likeOurs =
                task.output().dtype() == DType.F8_E4M3
                        && donor.config()
                                .quantisation()
                                .path("quant_method")
                                .asString("")
                                .equals("fp8")
                        && donor.checkpoint().find(name + SCALES).isPresent();
        if (!likeOurs) {
            problems.add(
                    Problem.recipe(
                                    at,
                                    "tensor '%s' is copied as stored, in another FP8 layout"
                                            .formatted(name))
                            .hint("choose 'out_dtype: %s'".formatted(OutputForm.KEEP.word())));
        }
    }

    private static ObjectNode settings(Set<String> others) {
        ObjectNode settings = JsonTree.MAPPER.createObjectNode();
        settings.put("activation_scheme", "dynamic").put("fmt", "e4m3").put("quant_method", "fp8");
        settings.putArray("weight_block_size").add(BLOCK).add(BLOCK);
        new ModuleList(List.copyOf(new TreeSet<>(others))).put(settings);
        return settings;
    }

    private static List<String> notes(Set<String> chosen, List<String> left) {
        List<String> notes = new ArrayList<>();
        notes.add(
                "%d tensors are quantised as F8_E4M3 with a scale for each block of %d x %d"
                        .formatted(chosen.size(), BLOCK, BLOCK));
        if (!left.isEmpty()) {
            notes.add(
                    "not quantised, because it or a matrix combined with it does not divide into such blocks"
                            + " or config.json says so: "
                            + ShortList.of(NameRanges.of(left), SHOWN));
        }
        return notes;
    }
}
