package jmergekit.report;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import jmergekit.compare.ChangeSample;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Spectrum;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.compare.TokenRows;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Compared models as JSON, for programs. Undefined and non-finite values are `null`. Field names
/// do not change; new fields may be added.
public final class DiffJson {
    private static final int VERSION = 1;

    private DiffJson() {}

    /// The file's text.
    public static String text(ModelDifference difference) {
        return JsonTree.MAPPER
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(tree(difference, true))
                + "\n";
    }

    /// @param withTensors whether to include each tensor, not only layers
    static ObjectNode tree(ModelDifference difference, boolean withTensors) {
        ObjectNode root = JsonTree.MAPPER.createObjectNode();
        root.put("format", "jmergekit-diff").put("version", VERSION);
        ArrayNode models = root.putArray("models");
        difference.models().forEach(models::add);
        root.put("has_base", difference.hasBase());
        root.put("tensor_count", difference.tensors().size());
        total(root.putObject("total"), difference.total());
        ArrayNode layers = root.putArray("layers");
        for (String module : Layers.modules(difference)) {
            difference
                    .byLayer(module)
                    .forEach((layer, sums) -> {
                        ObjectNode entry = layers.addObject();
                        sums(entry.put("module", module).put("layer", layer), sums);
                    });
        }
        if (withTensors) {
            ArrayNode tensors = root.putArray("tensors");
            difference.tensors().forEach(t -> tensor(tensors.addObject(), t));
        }
        skipped(root.putArray("skipped"), difference.skipped());
        files(root.putArray("files"), difference.files());
        return root;
    }

    private static void tensor(ObjectNode node, TensorDifference tensor) {
        node.put("name", tensor.name()).put("module", tensor.module());
        OptionalInt layer = tensor.layer();
        if (layer.isPresent()) {
            node.put("layer", layer.getAsInt());
        } else {
            node.putNull("layer");
        }
        node.put("part", tensor.part());
        sums(node, tensor.sums());
        for (int i = 0; i < tensor.dtypes().size(); i++) {
            ObjectNode model = (ObjectNode) node.get("models").get(i);
            model.put("dtype", tensor.dtypes().get(i));
            ArrayNode shape = model.putArray("shape");
            tensor.shapes().get(i).forEach(shape::add);
            if (i > 0) {
                model.put("identical", tensor.isIdentical().get(i));
                tensor.spectra().get(i).ifPresent(s -> spectrum(model.putObject("spectrum"), s));
                tensor.rows().get(i).ifPresent(r -> rows(model.putObject("token_rows"), r));
            }
        }
    }

    private static void spectrum(ObjectNode node, Spectrum spectrum) {
        node.put("sampled_rows", spectrum.rows());
        put(node, "stable_rank", spectrum.stableRank());
        ArrayNode energy = node.putArray("energy");
        for (double share : spectrum.energy()) {
            if (Double.isFinite(share)) {
                energy.add(share);
            } else {
                energy.addNull();
            }
        }
    }

    private static void rows(ObjectNode node, TokenRows rows) {
        node.put("compared", rows.rows()).put("changed", rows.changed());
        ArrayNode most = node.putArray("most_changed");
        for (TokenRows.Row row : rows.most()) {
            ObjectNode entry = most.addObject().put("row", row.row());
            row.token().ifPresentOrElse(t -> entry.put("token", t), () -> entry.putNull("token"));
            put(entry, ModelFigure.RELATIVE_CHANGE.field(), row.relativeChange());
        }
    }

    /// Includes the sizes of changes, which would be too much for each tensor.
    private static void total(ObjectNode node, Sums total) {
        sums(node, total);
        for (int i = 1; i < total.versions(); i++) {
            ChangeSample sample = total.sample(i);
            ObjectNode sizes = ((ObjectNode) node.get("models").get(i)).putObject("change_sizes");
            sizes.put("sampled", sample.elements()).put("changed", sample.changed());
            sizes.put("least_exponent", ChangeSample.LEAST_EXPONENT);
            ArrayNode counts = sizes.putArray("counts");
            LongStream.of(sample.magnitudes()).forEach(counts::add);
        }
    }

    private static void sums(ObjectNode node, Sums sums) {
        node.put("elements", sums.elements());
        ArrayNode models = node.putArray("models");
        for (int i = 0; i < sums.versions(); i++) {
            ObjectNode model = models.addObject().put("model", i);
            put(model, "norm", sums.norm(i));
            put(model, "largest", sums.largest(i));
            model.put("nan", sums.nan(i)).put("infinite", sums.infinite(i));
            if (i > 0) {
                put(model, "change", sums.change(i));
                put(model, "largest_change", sums.largestChange(i));
                model.put("unchanged", sums.unchanged(i));
                for (ModelFigure figure : ModelFigure.values()) {
                    put(model, figure.field(), figure.of(sums, i));
                }
            }
        }
        ArrayNode pairs = node.putArray("pairs");
        for (int i = 1; i < sums.versions(); i++) {
            for (int j = i + 1; j < sums.versions(); j++) {
                ObjectNode pair = pairs.addObject();
                pair.putArray("models").add(i).add(j);
                for (PairFigure figure : PairFigure.values()) {
                    put(pair, figure.field(), figure.of(sums, i, j));
                }
            }
        }
    }

    private static void skipped(ArrayNode array, Collection<ModelDifference.Skipped> skipped) {
        for (ModelDifference.Skipped tensor : skipped) {
            ObjectNode node = array.addObject().put("name", tensor.name());
            ArrayNode models = node.putArray("models");
            tensor.models().forEach(models::add);
            node.put("reason", tensor.reason());
        }
    }

    private static void files(ArrayNode array, List<ModelDifference.FileDifference> files) {
        for (ModelDifference.FileDifference file : files) {
            ObjectNode node = array.addObject().put("model", file.model());
            node.put("file", file.file()).put("count", file.count());
            ArrayNode changes = node.putArray("changes");
            for (ModelDifference.Change change : file.changes()) {
                changes.addObject()
                        .put("what", change.what())
                        .put("before", change.before())
                        .put("after", change.after());
            }
        }
    }

    private static void put(ObjectNode node, String field, double value) {
        if (Double.isFinite(value)) {
            node.put(field, value);
        } else {
            node.putNull(field);
        }
    }
}
