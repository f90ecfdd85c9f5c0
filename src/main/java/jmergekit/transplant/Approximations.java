package jmergekit.transplant;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.linalg.RowProducts;
import jmergekit.linalg.RowSource;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;

/// Creates the approximation that the options select.
///
/// @param side the side of the tables
/// @param names the names of the tables, which are keys of random draws
/// @param tables the model's rows
/// @param finite the rows without NaN and infinity in any of the tables
/// @param means the means of these rows, by table
/// @param donor the donor's rows; anything if the method does not use them
/// @param pieces the pieces of tokens, if the method splits tokens
record Approximations(
        PlannedTransplant plan,
        Side side,
        List<String> names,
        List<Rows> tables,
        BitSet finite,
        List<double[]> means,
        Rows donor,
        Pieces pieces,
        Workers workers) {
    /// The most bytes of a matrix that are kept in memory for products.
    private static final long BUDGET = 384L << 20;

    /// The most elements of the products of a batch.
    private static final int PRODUCTS = 4 << 20;

    /// @param atoms the shared tokens from which others are approximated
    Approximation of(Atoms atoms) {
        TransplantOptions options = plan.options();
        return switch (options.method()) {
            case OMP -> weighted(pursuit(atoms, true, _ -> {}));
            case MP_ROPE ->
                    weighted(
                            pursuit(
                                    atoms,
                                    false,
                                    RotaryWindow.of(plan.donor().config(), donor.columns())));
            case COMMON_INTERPOLATION ->
                    weighted(
                            new NearestSolver(
                                    donor, atoms, products(atoms), options, batchSize(atoms)));
            case SUBWORD -> weighted(pieces.solver(options.subword(), side, finite));
            case MEAN, ZERO, RANDN -> simple();
            case JOHN_HEWITT -> new DrawnRows(names, tables, finite, means, plan.seed(), BUDGET);
            case LANDMARK_PCA -> new LandmarkMap(donor, atoms, tables, plan.seed(), BUDGET);
            case STB -> basis(atoms, options.k());
        };
    }

    private Approximation weighted(SparseSolver solver) {
        return new WeightedRows(
                solver, tables, means.stream().map(WeightedRows::narrow).toList(), TileOps.best());
    }

    private Approximation simple() {
        List<SimpleRows.Table> simple =
                IntStream.range(0, tables.size())
                        .mapToObj(t ->
                                SimpleRows.Table.of(
                                        names.get(t), tables.get(t), finite, means.get(t)))
                        .toList();
        return new SimpleRows(plan.options().method(), simple, plan.seed());
    }

    private Approximation basis(Atoms atoms, int k) {
        try (RowProducts products = products(atoms)) {
            return new TokenBasis(donor, atoms, tables, k, products);
        }
    }

    private RowProducts products(Atoms atoms) {
        return new RowProducts(donor.at(atoms.donorIds()), BUDGET);
    }

    private SparseSolver pursuit(Atoms atoms, boolean orthogonal, Rows.Change change) {
        RowSource rows = donor.at(atoms.donorIds(), change);
        RowProducts products = new RowProducts(rows, BUDGET);
        TileOps ops = TileOps.best();
        Gram gram =
                new StoredGram(
                        (atom, into) -> {
                            donor.read(atoms.donorIds()[atom], into);
                            change.apply(into);
                        },
                        products,
                        StoredGram.dtype(atoms.count()),
                        workers,
                        ops);
        Pursuit pursuit =
                new Pursuit(gram, atoms.count(), orthogonal, plan.options().k(), rest(), ops);
        return new PursuitSolver(donor, atoms, change, products, gram, pursuit, batchSize(atoms));
    }

    // The effect of rounding on a row: of bfloat16 in the donor, and of sums in float32.
    private double rest() {
        Source rows = plan.donorRows().get(side);
        return rows != null && rows.spec().dtype() == DType.BF16 ? 0x1p-9 : 0x1p-12;
    }

    // Independent of the number of threads, because the bits of products depend on it.
    private int batchSize(Atoms atoms) {
        int fitting = Math.clamp(PRODUCTS / atoms.count(), 16, 256);
        int asked = plan.options().batchSize();
        return asked > 0 ? Math.min(asked, fitting) : fitting;
    }
}
