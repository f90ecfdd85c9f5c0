package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.search.Variable;

/// A recipe with search marks.
public final class MarkedConfig implements SearchSubject {
    private final MarkedText text;
    private final List<SearchMark> marks;
    private final MarkedModels models;
    private final MarkedOptions.Read options;
    private final String dtype;
    private final String vocabulary;

    MarkedConfig(
            MarkedText text,
            List<SearchMark> marks,
            MarkedModels models,
            MarkedOptions.Read options,
            String dtype,
            String vocabulary) {
        this.text = text;
        this.marks = List.copyOf(marks);
        this.models = models;
        this.options = options;
        this.dtype = dtype;
        this.vocabulary = vocabulary;
    }

    /// The variables that are searched, at least one.
    public List<Variable> variables() {
        return marks.stream().flatMap(m -> m.variables().stream()).toList();
    }

    /// The recipe as the user wrote it, with a value in place of each mark and without the search
    /// settings.
    ///
    /// @param values the values of the variables, in order
    public String recipe(List<Double> values) {
        List<String> texts = new ArrayList<>();
        int next = 0;
        for (SearchMark mark : marks) {
            int width = mark.variables().size();
            texts.add(mark.text(values.subList(next, next + width)));
            next += width;
        }
        return text.clean(texts);
    }

    /// The models that go into the merge, for any choice of options.
    public List<ModelReference> parents() {
        return models.parents();
    }

    /// The models that are only options of a mark, each with the place of its mark.
    public List<Located<ModelReference>> options() {
        return options.models();
    }

    /// The options of marks for dtypes, each with the place of its mark.
    public List<Located<String>> dtypes() {
        return options.dtypes();
    }

    /// The base model, if the recipe names one.
    public Optional<ModelReference> base() {
        return models.base();
    }

    /// The models whose mean serves as a baseline merge.
    public List<ModelReference> equal() {
        return models.equal();
    }

    /// The lines of the recipe that set the dtype; may be empty.
    public String dtype() {
        return dtype;
    }

    /// The lines of the recipe that set the tokenizer, for a recipe without a base; may be empty.
    public String vocabulary() {
        return vocabulary;
    }
}
