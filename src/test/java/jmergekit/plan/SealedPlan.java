package jmergekit.plan;

import java.io.ByteArrayOutputStream;

/// A plan that was changed, with the hash of what it is now.
public final class SealedPlan {
    private SealedPlan() {}

    /// The plan in a text whose hash need not fit.
    ///
    /// @throws jmergekit.problem.MergeException if it is none
    public static Plan read(byte[] json) {
        return PlanJson.unverified(json, "plan");
    }

    /// As JSON with its own hash.
    public static byte[] json(Plan plan) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlanJson.write(plan, out);
        return out.toByteArray();
    }
}
