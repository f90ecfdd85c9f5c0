package jmergekit.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import jmergekit.manual.Shell;
import jmergekit.method.MergeMethods;
import jmergekit.planner.WantedExperts;
import jmergekit.schema.SchemaKind;
import jmergekit.search.Searchers;
import jmergekit.transplant.ApproximationMethod;
import jmergekit.transplant.MatchScope;
import jmergekit.transplant.SubwordMethod;
import jmergekit.transplant.WeightScheme;

/// Possible values of options and arguments, for shell completion.
abstract class Candidates implements Iterable<String> {
    private final List<String> words;

    private Candidates(List<String> words) {
        this.words = words;
    }

    @Override
    public Iterator<String> iterator() {
        return words.iterator();
    }

    private static <E extends Enum<E>> List<String> words(Class<E> names) {
        return Arrays.stream(names.getEnumConstants())
                .map(e -> e.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    static final class Algorithms extends Candidates {
        Algorithms() {
            super(Searchers.NAMES);
        }
    }

    static final class Approximations extends Candidates {
        Approximations() {
            super(words(ApproximationMethod.class));
        }
    }

    static final class Devices extends Candidates {
        Devices() {
            super(List.of("cpu", "cuda", "auto"));
        }
    }

    static final class Formats extends Candidates {
        Formats() {
            super(words(PlanFormat.class));
        }
    }

    static final class Kinds extends Candidates {
        Kinds() {
            super(SchemaKind.words());
        }
    }

    static final class Layouts extends Candidates {
        Layouts() {
            super(words(WantedExperts.class));
        }
    }

    static final class Matches extends Candidates {
        Matches() {
            super(words(MatchScope.class));
        }
    }

    static final class Methods extends Candidates {
        Methods() {
            super(MergeMethods.builtIn().names());
        }
    }

    static final class Schemes extends Candidates {
        Schemes() {
            super(words(WeightScheme.class));
        }
    }

    static final class Shells extends Candidates {
        Shells() {
            super(Shell.words());
        }
    }

    static final class Strategies extends Candidates {
        Strategies() {
            super(EvolveOptions.STRATEGIES);
        }
    }

    static final class Subwords extends Candidates {
        Subwords() {
            super(words(SubwordMethod.class));
        }
    }
}
