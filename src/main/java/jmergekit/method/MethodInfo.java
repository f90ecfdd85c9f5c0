package jmergekit.method;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is known about a merge method without running it.
///
/// @param name as written in `merge_method`
/// @param title as written in model cards
/// @param summary what it computes, in one sentence
/// @param formula the result for one element or tensor, in plain text
/// @param reference the page of the paper or definition
/// @param base what the method does with `base_model`
/// @param baseIsPartner whether the base is an endpoint of the interpolation: it is merged, rather
///     than used as the reference for differences
/// @param least fewest models, not counting the base unless it is an ordinary input
/// @param most most models, counted the same way
/// @param single what to do with a tensor that only one model has, if that model is not the base
/// @param mismatch what to do if embeddings have different numbers of rows
/// @param random whether the result depends on the seed
/// @param elementwise whether an element of the result depends only on the parameters and on the
///     same element of the sources
/// @param statistics what it needs to know about each model from a file
/// @param plugin the name and version of the plugin that the method comes from; empty if it is
///     built in
public record MethodInfo(
        String name,
        String title,
        String summary,
        String formula,
        Optional<String> reference,
        Base base,
        boolean baseIsPartner,
        int least,
        int most,
        Single single,
        Mismatch mismatch,
        boolean random,
        boolean elementwise,
        Optional<StatisticsKind> statistics,
        List<Param> params,
        Optional<String> plugin) {

    /// What a method does with the base model.
    public enum Base {
        /// It is an input like the others, and needs the same parameters.
        ORDINARY,
        /// It may be given; the method treats it separately.
        OPTIONAL,
        /// It must be given; the method treats it separately.
        REQUIRED
    }

    /// What happens to a tensor that the base model lacks and only one other model has.
    public enum Single {
        /// It is taken as it is.
        KEEP,
        /// It is refused: there is nothing to take a difference from.
        REFUSE
    }

    /// Which rows of embeddings are merged if models have different numbers of them.
    public enum Mismatch {
        /// The leading rows that all models have.
        COMMON_ROWS,
        /// The base's rows; a model with fewer is refused.
        BASE_ROWS
    }

    /// Builds the info of a method that takes any number of models and treats the base as an
    /// ordinary one.
    public static Builder named(String name, String title) {
        return new Builder(name, title);
    }

    /// The same for a method that comes from a plugin.
    ///
    /// @param source its name and version
    public MethodInfo ofPlugin(String source) {
        return new MethodInfo(
                name,
                title,
                summary,
                formula,
                reference,
                base,
                baseIsPartner,
                least,
                most,
                single,
                mismatch,
                random,
                elementwise,
                statistics,
                params,
                Optional.of(source));
    }

    public Optional<Param> param(String paramName) {
        return params.stream().filter(p -> p.name().equals(paramName)).findFirst();
    }

    /// The parameters that the method does not share with all others.
    public List<Param> ownParams() {
        return params.stream().filter(p -> !p.common()).toList();
    }

    /// The parameters that several methods have in addition to their own.
    public List<Param> commonParams() {
        return params.stream().filter(Param::common).toList();
    }

    /// Whether the method works on differences from the base, and its tensors have the base's shapes.
    public boolean hasTaskVectors() {
        return mismatch == Mismatch.BASE_ROWS;
    }

    /// The same with further parameters.
    MethodInfo with(List<Param> more) {
        List<Param> all = Stream.concat(params.stream(), more.stream()).toList();
        return new MethodInfo(
                name,
                title,
                summary,
                formula,
                reference,
                base,
                baseIsPartner,
                least,
                most,
                single,
                mismatch,
                random,
                elementwise,
                statistics,
                all,
                plugin);
    }

    /// Whether a slice with one source is copied unchanged: there is nothing to interpolate with,
    /// and no difference to take. A method that has no base works on a single model anyway.
    ///
    /// @param isBase whether the source is the base model
    public boolean keepsLone(boolean isBase) {
        return base != Base.ORDINARY && (isBase || single == Single.KEEP);
    }

    /// The number of models for tables, not counting the base unless it is an ordinary input.
    public String modelsText() {
        if (least == most) {
            return String.valueOf(least);
        }
        return most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
    }

    /// What the method does with `base_model`, for tables.
    public String baseText() {
        return switch (base) {
            case ORDINARY -> "no";
            case OPTIONAL -> "optional";
            case REQUIRED -> "needed";
        };
    }

    /// Collects the parts.
    public static final class Builder {
        private final String name;
        private final String title;
        private String summary = "";
        private String formula = "";
        private Optional<String> reference = Optional.empty();
        private Base base = Base.ORDINARY;
        private boolean baseIsPartner;
        private int least = 1;
        private int most = Integer.MAX_VALUE;
        private Single single = Single.KEEP;
        private Mismatch mismatch = Mismatch.COMMON_ROWS;
        private boolean random;
        private boolean elementwise;
        private Optional<StatisticsKind> statistics = Optional.empty();
        private List<Param> params = List.of();

        private Builder(String name, String title) {
            this.name = name;
            this.title = title;
        }

        public Builder summary(String sentence) {
            summary = sentence;
            return this;
        }

        public Builder formula(String text) {
            formula = text;
            return this;
        }

        public Builder reference(String url) {
            reference = Optional.of(url);
            return this;
        }

        public Builder base(Base what) {
            base = what;
            return this;
        }

        /// The result is between the base and the other model.
        public Builder fromBaseToOther() {
            base = Base.REQUIRED;
            baseIsPartner = true;
            return models(1, 1);
        }

        public Builder models(int fewest, int largest) {
            least = fewest;
            most = largest;
            return this;
        }

        /// The method works on differences from the base, and its tensors have the base's shapes.
        public Builder taskVectors() {
            base = Base.REQUIRED;
            single = Single.REFUSE;
            mismatch = Mismatch.BASE_ROWS;
            return this;
        }

        public Builder random() {
            random = true;
            return this;
        }

        /// An element of the result depends only on the same element of the sources.
        public Builder elementwise() {
            elementwise = true;
            return this;
        }

        /// The method needs a statistics file of each model.
        public Builder statistics(StatisticsKind kind) {
            statistics = Optional.of(kind);
            return this;
        }

        public Builder params(Param... all) {
            params = List.of(all);
            return this;
        }

        public MethodInfo build() {
            return new MethodInfo(
                    name,
                    title,
                    summary,
                    formula,
                    reference,
                    base,
                    baseIsPartner,
                    least,
                    most,
                    single,
                    mismatch,
                    random,
                    elementwise,
                    statistics,
                    params,
                    Optional.empty());
        }
    }
}
