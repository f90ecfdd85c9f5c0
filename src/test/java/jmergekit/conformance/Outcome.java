package jmergekit.conformance;

import java.util.List;

/// How a case went, and why.
record Outcome(ConformanceCase theCase, Verdict verdict, List<String> reasons) {
    enum Verdict {
        PASSED,
        FAILED,
        /// Needs a feature that is not built yet, and is refused properly; the reason is the
        /// feature.
        LATER,
        NOT_RUN
    }

    Outcome {
        reasons = List.copyOf(reasons);
    }
}
