package jmergekit.transplant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// The tensors of a model that have a row for each token.
///
/// @param rows the number of rows
/// @param all in the order of the files
record TokenTables(ModelFolder model, long rows, List<TensorSpec> all) {
    /// Empty if the model has no readable embeddings; the reasons are in `problems`.
    static Optional<TokenTables> of(ModelFolder model, Problems problems) {
        String label = model.reference().toString();
        List<TensorSpec> byToken =
                model.checkpoint().tensors().stream()
                        .filter(t -> Structure.isByToken(t.name()))
                        .toList();
        Optional<TensorSpec> embeddings =
                byToken.stream()
                        .filter(t -> Structure.isInputEmbedding(t.name()))
                        .filter(t -> t.shape().rank() == 2)
                        .findFirst();
        if (embeddings.isEmpty()) {
            boolean quantised = model.config().quantisation().isObject();
            problems.add(
                    Problem.input(label, "no input embeddings in this model")
                            .expected("a matrix such as 'model.embed_tokens.weight'")
                            .hint(
                                    quantised
                                            ? "its weights are quantised: use the model in 16 or 32 bits"
                                            : "is it a language model?"));
            return Optional.empty();
        }
        TokenTables tables = new TokenTables(model, embeddings.get().shape().size(0), byToken);
        return tables.check(problems) ? Optional.of(tables) : Optional.empty();
    }

    private boolean check(Problems problems) {
        boolean usable = true;
        String label = model.reference().toString();
        for (TensorSpec tensor : all) {
            DType dtype = tensor.dtype();
            if (!dtype.isFloat() || dtype.bytes() == 1) {
                usable = false;
                problems.add(
                        Problem.input(label, "tensor '%s' is quantised".formatted(tensor.name()))
                                .expected("float32, bfloat16, float16 or float64")
                                .found(dtype.torchName())
                                .hint("use the model in 16 or 32 bits"));
            } else if (length(tensor.shape()) != rows) {
                usable = false;
                problems.add(
                        Problem.input(
                                        label,
                                        "tensor '%s' has a different number of rows than the embeddings, so its"
                                                        .formatted(tensor.name())
                                                + " tokens are unknown")
                                .expected(String.valueOf(rows))
                                .found(tensor.shape().toString()));
            } else if (tensor.shape().elements() == 0) {
                usable = false;
                problems.add(
                        Problem.input(label, "tensor '%s' is empty".formatted(tensor.name()))
                                .found(tensor.shape().toString()));
            }
        }
        return usable;
    }

    // A bias may be stored as a matrix of one row.
    private static boolean isLine(Shape shape) {
        return shape.rank() == 2 && shape.size(0) == 1;
    }

    private static long length(Shape shape) {
        return shape.rank() == 0 ? 0 : isLine(shape) ? shape.size(1) : shape.size(0);
    }

    private Source.Stored source(TensorSpec tensor) {
        TensorLocation location = model.checkpoint().find(tensor.name()).orElseThrow();
        return new Source.Stored(model.inputFile(location.header()), location.entry());
    }

    /// The tables with another number of rows. A tied head that is stored separately follows the
    /// embeddings.
    List<TokenTable> withRows(int count) {
        List<TokenTable> tables = new ArrayList<>();
        for (TensorSpec tensor : all) {
            Shape shape = tensor.shape();
            Shape changed = isLine(shape) ? Shape.of(1, count) : shape.withRows(count);
            tables.add(
                    new TokenTable(
                            new TensorSpec(tensor.name(), tensor.dtype(), changed),
                            source(tensor),
                            side(tensor),
                            Math.toIntExact(shape.elements() / rows)));
        }
        return tables;
    }

    private Side side(TensorSpec tensor) {
        boolean tied = model.config().tieWordEmbeddings().orElse(false);
        boolean embeddings =
                Structure.isInputEmbedding(tensor.name())
                        || tensor.name().contains("embed_tokens")
                        || Structure.isHead(tensor.name()) && tied;
        return embeddings ? Side.EMBEDDINGS : Side.HEAD;
    }

    /// The matrix that defines the geometry of a side's tokens; the embeddings if there is no head.
    Source geometry(Side side) {
        Optional<TensorSpec> head =
                all.stream()
                        .filter(t -> Structure.isHead(t.name()) && t.shape().rank() == 2)
                        .filter(t -> side(t) == Side.HEAD)
                        .findFirst();
        TensorSpec embeddings =
                all.stream()
                        .filter(t -> Structure.isInputEmbedding(t.name()))
                        .filter(t -> t.shape().rank() == 2)
                        .findFirst()
                        .orElseThrow();
        return source(side == Side.HEAD ? head.orElse(embeddings) : embeddings);
    }
}
