package jmergekit.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Spectrum;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.page.Numbers;
import jmergekit.problem.Printable;
import jmergekit.problem.ShortList;

/// Notable findings of a comparison, as sentences, with their consequences for a merge.
final class Findings {
    /// Above this share, rounding removes so much of a change that users should know before
    /// merging.
    private static final double MUCH_VANISHES = 0.2;

    /// From here on, two changes disagree nearly as often as unrelated ones, which disagree in half
    /// of the elements.
    private static final double MUCH_CONFLICT = 0.4;

    private static final double ALIKE = 0.6;
    private static final double UNRELATED = 0.1;

    /// Cosines that differ by more than this lead to different conclusions.
    private static final double FAR = 0.2;

    /// A change counts as low-rank if a few directions hold at least this share of its squared
    /// norm.
    private static final double LOW_RANK = 0.99;

    /// The name of the vocabulary among the files.
    private static final String TOKENIZER = "tokenizer";

    private static final int NAMES = 3;
    private static final int NAME = 60;

    /// @param warns whether it is a warning
    record Finding(boolean warns, String text) {}

    private final DiffModels models;
    private final ModelDifference difference;
    private final Sums total;
    private final Sums layers;
    private final List<Finding> all = new ArrayList<>();

    private Findings(DiffModels models) {
        this.models = models;
        this.difference = models.difference();
        this.total = difference.total();
        this.layers =
                difference.tensors().stream()
                        .filter(t -> t.layer().isPresent())
                        .map(TensorDifference::sums)
                        .reduce(Sums.none(models.names().size()), Sums::plus);
    }

    /// Warnings first.
    static List<Finding> of(DiffModels models) {
        Findings findings = new Findings(models);
        for (int i = 0; i < models.names().size(); i++) {
            findings.notFinite(i);
        }
        findings.skipped();
        for (int model : models.versions()) {
            findings.changes(model);
        }
        if (models.hasPairs()) {
            models.pairs().forEach(findings::pair);
        }
        findings.files();
        return findings.all.stream()
                .sorted(Comparator.comparing(Finding::warns).reversed())
                .toList();
    }

    private void say(boolean warns, String form, Object... values) {
        all.add(new Finding(warns, form.formatted(values)));
    }

    private void notFinite(int model) {
        if (total.nan(model) + total.infinite(model) == 0) {
            return;
        }
        List<TensorDifference> bad =
                difference.tensors().stream()
                        .filter(t -> t.sums().nan(model) + t.sums().infinite(model) > 0)
                        .toList();
        say(
                true,
                "%s has %s NaN and %s infinite values in %s: %s. They are excluded from all "
                        + "figures.",
                models.name(model),
                Numbers.text(total.nan(model)),
                Numbers.text(total.infinite(model)),
                count(bad.size(), "tensor"),
                names(bad.stream().map(TensorDifference::name).toList()));
    }

    private void skipped() {
        List<ModelDifference.Skipped> skipped = difference.skipped();
        if (!skipped.isEmpty()) {
            say(
                    true,
                    "%s could not be compared: %s.",
                    count(skipped.size(), "tensor"),
                    names(skipped.stream().map(s -> s.name() + " (" + s.reason() + ")").toList()));
        }
    }

    private void changes(int model) {
        String name = models.name(model);
        int tensors = difference.tensors().size();
        long identical = models.identical(model);
        if (tensors == 0) {
            return;
        }
        if (identical == tensors) {
            say(false, "%s and %s have byte-identical weights.", name, models.name(0));
            return;
        }
        if (total.change(model) == 0) {
            unchanged(model, name, identical, tensors);
            return;
        }
        say(
                false,
                "%s changed by %s of the norm of %s; %s of %s tensors are byte-identical. Of the "
                        + "squared change, %s.",
                name,
                size(total.relativeChange(model)),
                models.name(0),
                identical == 0 ? "none" : Numbers.text(identical),
                Numbers.text(tensors),
                shares(model));
        double vanishing = total.sample(model).vanishingShare();
        if (vanishing > MUCH_VANISHES) {
            say(
                    false,
                    "Of the elements changed in %s, %s changed by less than half a rounding step "
                            + "of the reference's dtype. A merge in that dtype with a small "
                            + "weight loses these changes; 'dtype: float32' keeps them until the "
                            + "result is written.",
                    name,
                    Share.text(vanishing));
        }
        lowRank(model);
    }

    private void unchanged(int model, String name, long identical, int tensors) {
        boolean finite =
                total.nan(0) + total.infinite(0) + total.nan(model) + total.infinite(model) == 0;
        if (finite) {
            say(
                    false,
                    "%s has the same values as %s, but different bytes: dtypes, shapes or signs "
                            + "of zeros differ.",
                    name,
                    models.name(0));
        } else {
            say(
                    false,
                    "All finite values of %s equal those of %s; %s of %s tensors are "
                            + "byte-identical.",
                    name,
                    models.name(0),
                    identical == 0 ? "none" : Numbers.text(identical),
                    Numbers.text(tensors));
        }
    }

    private static String size(double change) {
        return change < 0.001 ? Numbers.significant(change) : Share.text(change);
    }

    /// The distribution of the change, by the first segment of parts and by tensors outside the
    /// layers.
    private String shares(int model) {
        Map<String, Double> squares = new HashMap<>();
        for (TensorDifference tensor : difference.tensors()) {
            String part = DiffModels.part(tensor.part());
            String group = tensor.layer().isPresent() ? part.replaceFirst("\\..*", "") : part;
            squares.merge(group, Math.pow(tensor.sums().change(model), 2), Double::sum);
        }
        double all = Math.pow(total.change(model), 2);
        return squares.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .filter(e -> e.getValue() > 0)
                .limit(NAMES)
                .map(e ->
                        Share.text(Math.min(1, e.getValue() / all))
                                + " is in "
                                + Printable.within(e.getKey(), NAME))
                .collect(Collectors.joining(", "));
    }

    private void lowRank(int model) {
        List<Spectrum> spectra =
                difference.tensors().stream()
                        .map(t -> t.spectra().get(model))
                        .flatMap(Optional::stream)
                        .filter(s -> !s.energy().isEmpty())
                        .toList();
        long low = spectra.stream().filter(s -> s.energy().getLast() >= LOW_RANK).count();
        int rank = spectra.stream().mapToInt(s -> s.energy().size()).max().orElse(0);
        boolean tells = spectra.stream().allMatch(s -> s.rows() > 2L * s.energy().size());
        if (tells && spectra.size() >= 4 && low * 5 >= spectra.size() * 4L) {
            say(
                    false,
                    "In %s of %s matrices, %s directions hold 99 %% of the change in %s: it may "
                            + "come from an adapter, and 'mergekit extract-lora' can extract one.",
                    Numbers.text(low),
                    Numbers.text(spectra.size()),
                    Numbers.text(rank),
                    models.name(model));
        }
    }

    private void pair(Pair pair) {
        int i = pair.first();
        int j = pair.second();
        double cosine = total.changeCosine(i, j);
        double inLayers = layers.changeCosine(i, j);
        double conflict = total.signConflict(i, j);
        String both = pair.name();
        if (Math.abs(cosine) < UNRELATED) {
            say(
                    false,
                    "%s changed in nearly unrelated directions (cosine %s): a sum preserves both "
                            + "changes.",
                    both,
                    Numbers.fixed(cosine, 3));
        } else if (cosine > ALIKE) {
            say(
                    false,
                    "%s changed in similar directions (cosine %s): a sum of both changes "
                            + "overshoots, an average does not.",
                    both,
                    Numbers.fixed(cosine, 3));
        } else if (cosine < -UNRELATED) {
            say(
                    false,
                    "%s changed in opposite directions (cosine %s): a sum of both changes partly "
                            + "cancels them.",
                    both,
                    Numbers.fixed(cosine, 3));
        }
        if (Math.abs(cosine - inLayers) > FAR) {
            say(
                    false,
                    "The cosine of the changes in %s is %s for the layers alone, and %s "
                            + "including the tensors outside them.",
                    both,
                    Numbers.fixed(inLayers, 3),
                    Numbers.fixed(cosine, 3));
        }
        if (conflict > MUCH_CONFLICT) {
            say(
                    false,
                    "Of the elements changed in both %s, %s changed in opposite directions "
                            + "(unrelated changes: 50 %%); 'ties' and methods derived from it "
                            + "resolve each conflict by a vote.",
                    both,
                    Share.text(conflict));
        }
    }

    private void files() {
        for (ModelDifference.FileDifference file : difference.files()) {
            boolean haveBoth =
                    file.changes().stream()
                            .noneMatch(c ->
                                    c.what().equals(ModelDifference.FileDifference.VOCABULARY));
            String rows =
                    file.file().equals(TOKENIZER) && haveBoth
                            ? " To keep all tokens, merge them with 'tokenizer: {source: union}'."
                            : "";
            say(
                    false,
                    "%s: %s in %s: %s.%s",
                    models.name(file.model()),
                    count(file.count(), "difference"),
                    Printable.within(file.file(), NAME),
                    names(file.changes().stream().map(ModelDifference.Change::what).toList()),
                    rows);
        }
    }

    private static String names(List<String> names) {
        return ShortList.of(names.stream().map(n -> Printable.within(n, NAME)).toList(), NAMES);
    }

    static String count(long count, String what) {
        return Numbers.text(count) + " " + what + (count == 1 ? "" : "s");
    }
}
