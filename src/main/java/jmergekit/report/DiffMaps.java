package jmergekit.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import jmergekit.compare.Spectrum;
import jmergekit.compare.TensorDifference;
import jmergekit.page.Choice;
import jmergekit.page.ColourScale;
import jmergekit.page.HeatMap;
import jmergekit.page.Scale;

/// The maps of parts and layers of a comparison.
record DiffMaps(DiffModels models) {
    /// The maximum number of models or pairs with their own maps.
    private static final int MAPS = 6;

    /// Maps of parts and layers of a module: figures of each model, then of each pair.
    List<Choice> of(String module) {
        LayerCells cells = LayerCells.of(models.difference(), module);
        List<Choice> maps = new ArrayList<>();
        for (int model : models.versions().stream().limit(MAPS).toList()) {
            for (ModelFigure figure : ModelFigure.values()) {
                HeatMap map =
                        cells.ofSums(
                                title(figure.title(), model),
                                description(figure.title()),
                                s -> figure.of(s, model));
                add(maps, map, figure.meaning(), v -> figure.form().colours(figure.title(), v));
            }
            add(
                    maps,
                    cells.ofTensors(
                            title("stable rank of the change", model),
                            description("stable rank"),
                            t -> stableRank(t, model)),
                    "The effective number of directions of a change: the squared norm divided by "
                            + "the square of the largest singular value, estimated from a sample "
                            + "of rows. Small for an adapter, large for full fine-tuning.",
                    v -> ColourScale.powers("stable rank", 6, v));
        }
        if (models.hasPairs()) {
            for (Pair pair : models.pairs().stream().limit(MAPS).toList()) {
                pairMap(maps, cells, pair, PairFigure.CHANGE_COSINE, -1);
                pairMap(maps, cells, pair, PairFigure.SIGN_CONFLICT, 0);
            }
        }
        return maps;
    }

    private void pairMap(
            List<Choice> maps, LayerCells cells, Pair pair, PairFigure figure, double low) {
        HeatMap map =
                cells.ofSums(
                        pair.name() + ": " + figure.title(),
                        description(figure.title()),
                        s -> figure.of(s, pair.first(), pair.second()));
        Scale scale = Scale.of(low, 1);
        ColourScale colours =
                low < 0
                        ? ColourScale.diverging(scale, figure.title())
                        : ColourScale.sequential(scale, figure.title());
        add(maps, map, figure.meaning(), _ -> colours);
    }

    private static double stableRank(TensorDifference tensor, int model) {
        return tensor.spectra().get(model).map(Spectrum::stableRank).orElse(Double.NaN);
    }

    private static String description(String figure) {
        return "A heat map with one row per part of a layer and one column per layer; colours show the %s. The table below has the values."
                .formatted(figure);
    }

    private String title(String figure, int model) {
        return models.name(model) + ": " + figure;
    }

    private interface Colouring {
        ColourScale of(double... values);
    }

    /// Skips maps without any value.
    private static void add(List<Choice> maps, HeatMap map, String note, Colouring colouring) {
        double[] values = map.values().stream().flatMapToDouble(Arrays::stream).toArray();
        if (DoubleStream.of(values).anyMatch(v -> !Double.isNaN(v))) {
            maps.add(Choice.of(map.coloured(colouring.of(values)), note));
        }
    }
}
