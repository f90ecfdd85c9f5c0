package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.DType;
import jmergekit.tensor.NameRanges;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Experts in MXFP4, the format of gpt-oss: 4-bit floats with a power of two for each 32 values in
/// a row of the matrices `[out, in]`.
///
/// Source: `Mxfp4Config` of transformers 5.18 and the checkpoints of gpt-oss.
///
/// @param at the place of the setting in the recipe
record Float4Output(Location at, ModelFolder donor, Problems problems) {
    static final String METHOD = "mxfp4";
    private static final String TYPE = "gpt_oss";

    /// As in config.json of gpt-oss.
    private static final List<String> OTHERS =
            List.of(
                    "model.layers.*.self_attn",
                    "model.layers.*.mlp.router",
                    "model.embed_tokens",
                    "lm_head");

    private static final int SHOWN = 4;

    QuantisedOutput of(List<TensorTask> tasks) {
        if (!donor.config().modelType().equals(Optional.of(TYPE))) {
            problems.add(
                    Problem.recipe(
                                    at,
                                    "'out_dtype: mxfp4' works only for mixtures of experts like gpt-oss")
                            .expected("a first model of type " + TYPE)
                            .found(donor.config().modelType().orElse("a model without a type"))
                            .hint(
                                    "no loader supports MXFP4 experts in other models;"
                                            + " 'out_dtype: %s' quantises all linear layers"
                                                    .formatted(OutputForm.FLOAT8.word())));
            return QuantisedOutput.plain(tasks);
        }
        List<TensorTask> all = new ArrayList<>();
        List<String> unfit = new ArrayList<>();
        int copied = 0;
        int quantised = 0;
        for (TensorTask task : tasks) {
            TensorSpec spec = task.output();
            Optional<ExpertTensor> experts = ExpertTensor.of(spec.name()).filter(e -> !e.bias());
            if (experts.isPresent() && fits(task)) {
                all.addAll(QuantisedTask.microscaled(spec, DType.U8).of(task));
                quantised++;
            } else {
                all.add(task);
                experts.ifPresent(_ -> unfit.add(spec.name()));
                copied += isPacked(spec) ? 1 : 0;
            }
        }
        if (!unfit.isEmpty() || quantised + copied == 0) {
            refuse(unfit);
        }
        return new QuantisedOutput(
                all,
                Optional.of(settings()),
                List.of(
                        "%d expert tensors are quantised as MXFP4%s"
                                .formatted(
                                        quantised,
                                        copied == 0 ? "" : ", %d are copied".formatted(copied))));
    }

    // Experts that are merged separately, or unpacked, are known to be [out, in].
    private static boolean fits(TensorTask task) {
        TensorSpec spec = task.output();
        boolean known =
                task.work() instanceof Work.Parts
                        || StoredFormat.of(task.sources().getFirst()).isPresent();
        return known
                && spec.dtype().isFloat()
                && spec.shape().rank() == 3
                && spec.shape().elements() > 0
                && spec.shape().rowLength() % TileOps.MX_BLOCK == 0
                && !QuantisedNames.isFloat8(spec.dtype());
    }

    private static boolean isPacked(TensorSpec spec) {
        String ending = StoredFormat.BLOCKS;
        return spec.dtype() == DType.U8
                && spec.name().endsWith(ending)
                && ExpertTensor.of(spec.name().substring(0, spec.name().length() - ending.length()))
                        .isPresent();
    }

    private void refuse(List<String> unfit) {
        problems.add(
                Problem.recipe(at, "the experts cannot be quantised as MXFP4")
                        .expected(
                                "one tensor per layer for all experts, with an input size that is"
                                        + " a multiple of "
                                        + TileOps.MX_BLOCK)
                        .found(
                                unfit.isEmpty()
                                        ? "no such tensors"
                                        : ShortList.of(NameRanges.of(unfit), SHOWN))
                        .hint("choose 'out_dtype: bfloat16'"));
    }

    private ObjectNode settings() {
        if (donor.config().quantisation() instanceof ObjectNode before
                && before.path("quant_method").asString("").equals(METHOD)) {
            return before.deepCopy();
        }
        ObjectNode settings = JsonTree.MAPPER.createObjectNode();
        ArrayNode others = settings.putArray("modules_to_not_convert");
        OTHERS.forEach(others::add);
        return settings.put("quant_method", METHOD);
    }
}
